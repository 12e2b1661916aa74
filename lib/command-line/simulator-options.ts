import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { OptionInvalid } from '../errors/option-invalid.ts'
import type { ListenOptions } from '../simulator/listening/listening.ts'

/** What `rxwa simulator` was asked for. */
export interface SimulatorCommandOptions {
  readonly listen: ListenOptions
  /** Everything that is printed is one JSON object a line. */
  readonly isJson: boolean
  /** How many simulated phones there are at the start, 1 to 1000. */
  readonly phones: number
  /** Their names, in order. */
  readonly names: readonly string[]
  readonly strict: 'report' | 'refuse'
  /** Breaks things by chance; nothing when absent. */
  readonly faultsSeed: number | undefined
  /** Prints all stanzas, addresses redacted. */
  readonly isVerbose: boolean
}

const wholeNumber = (name: string, text: string, least: number, most: number): number => {
  const value = /^\d+$/.test(text) ? Number(text) : NaN
  if (!(value >= least && value <= most)) throw new OptionInvalid(name, `a whole number from ${least} to ${most}`, `“${text}”`)
  return value
}

/**
 * Reads the options of `rxwa simulator`.
 *
 * @throws OptionInvalid naming the option and what it takes
 */
export const readSimulatorOptions = (words: readonly string[]): SimulatorCommandOptions => {
  const { values } = parsed(words)
  const phones = wholeNumber('--phones', values.phones, 1, 1_000)
  const names = values.name
  if (names.length > phones) throw new OptionInvalid('--name', `given at most once for each of ${phones} phones`, `${names.length} names`)
  return {
    listen: {
      port: wholeNumber('--port', values.port, 0, 65_535),
      ...(values.host !== undefined && { host: values.host }),
      ...(values['host-name'] !== undefined && { name: values['host-name'] }),
      ...tlsOf(values['tls-cert'], values['tls-key']),
    },
    isJson: values.json,
    phones,
    names,
    strict: values.strict ? 'refuse' : 'report',
    faultsSeed: values['faults-seed'] === undefined ? undefined : wholeNumber('--faults-seed', values['faults-seed'], 0, Number.MAX_SAFE_INTEGER),
    isVerbose: values.verbose,
  }
}

const tlsOf = (cert: string | undefined, key: string | undefined): Pick<ListenOptions, 'tls'> => {
  if (cert === undefined && key === undefined) return {}
  if (cert === undefined || key === undefined) throw new OptionInvalid(cert === undefined ? '--tls-cert' : '--tls-key', 'given together with the other one', 'nothing')
  return { tls: { cert: fileAt('--tls-cert', cert), key: fileAt('--tls-key', key) } }
}

const fileAt = (option: string, path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new OptionInvalid(option, 'a file in PEM that can be read', `“${path}”`)
  }
}

const parsed = (words: readonly string[]) => {
  try {
    return parseArgs({
      args: [...words],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string', default: '0' },
        host: { type: 'string' },
        'host-name': { type: 'string' },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
        json: { type: 'boolean', default: false },
        phones: { type: 'string', default: '2' },
        name: { type: 'string', multiple: true, default: [] },
        strict: { type: 'boolean', default: false },
        'faults-seed': { type: 'string' },
        verbose: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    // Node says what it does not know; it throws TypeErrors with a code.
    if (!(error instanceof TypeError)) throw error
    throw new OptionInvalid('simulator', 'used as --help says', error.message)
  }
}
