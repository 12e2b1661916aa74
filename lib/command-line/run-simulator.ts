import { createInterface } from 'node:readline'

import { toBase64, toHex } from '../bytes/bytes.ts'
import { CommandInvalid } from '../errors/command-invalid.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { seeded } from '../simulator/faults/seeded.ts'
import type { Phone } from '../simulator/phone.ts'
import { createSimulator } from '../simulator/simulator.ts'
import { readCommand, type SimulatorCommand } from './read-command.ts'
import { redactStanza } from './redact.ts'
import { HELP, type SimulatorCommandOptions } from './simulator-options.ts'
import { toLine, type SimulatorNews } from './simulator-news.ts'

/** Where commands come from and lines go to. */
export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly write: (line: string) => void
  /** Ends the simulator. */
  readonly signal: AbortSignal
}

interface NamedPhone {
  readonly name: string
  readonly phone: Phone
}

/**
 * Runs a simulator on a port until it is told to quit.
 *
 * @throws SimulatorFailed when the port cannot be had
 */
export const runSimulator = async (options: SimulatorCommandOptions, { input, write, signal }: Terminal): Promise<void> => {
  const { port, isJson, names, strict, faultsSeed, isVerbose } = options
  const tell = (news: SimulatorNews): void => write(toLine(news, isJson))
  const simulator = createSimulator({ strict })
  if (faultsSeed !== undefined) simulator.faults.add(seeded({ seed: faultsSeed, on: { after: 'success' } }))
  const phones: NamedPhone[] = []

  const add = (name = `Phone ${phones.length + 1}`): NamedPhone => {
    const phone = simulator.phone({ name })
    const number = phone.phoneNumber.user
    phone.messages$.subscribe(({ id, sender, chat, isFromMe, text }) =>
      tell({ event: 'message', phone: number, id, from: String(sender), chat: String(chat), isFromMe, ...(text !== undefined && { text }) }),
    )
    phone.receipts$.subscribe(({ ids, from, type }) => tell({ event: 'receipt', phone: number, ids, from: String(from), type }))
    phone.failures$.subscribe(({ message }) => tell({ event: 'undecryptable', phone: number, message }))
    const named = { name, phone }
    phones.push(named)
    return named
  }
  for (let turn = 0; turn < options.phones; turn += 1) add(names[turn])

  const listOf = (all: readonly NamedPhone[]) => all.map(({ name, phone }) => ({ name, number: phone.phoneNumber.user, lid: String(phone.lid) }))
  const find = (which: string): Phone => {
    const found = phones.find(({ name, phone }, place) => phone.phoneNumber.user === which.replace(/^\+/, '') || name === which || String(place + 1) === which)
    if (!found) throw new CommandInvalid(`there is no phone “${which}”; type phones for the list`)
    return found.phone
  }

  const follow = async (command: SimulatorCommand): Promise<void> => {
    switch (command.command) {
      case 'scan': {
        const device = await find(command.phone).scan(command.qr)
        tell({ event: 'linked', phone: find(command.phone).phoneNumber.user, device: String(device) })
        return
      }
      case 'code': {
        const device = await find(command.phone).enterCode(command.code)
        tell({ event: 'linked', phone: find(command.phone).phoneNumber.user, device: String(device) })
        return
      }
      case 'send':
        tell({ event: 'sent', id: find(command.from).send(find(command.to), command.text) })
        return
      case 'unlink':
        find(command.phone).unlink(command.device)
        tell({ event: 'unlinked', phone: find(command.phone).phoneNumber.user, device: command.device })
        return
      case 'add':
        tell({ event: 'phones', phones: listOf([add(command.name)]) })
        return
      case 'phones':
        tell({ event: 'phones', phones: listOf(phones) })
        return
      case 'help':
        tell({ event: 'help', text: HELP })
        return
      case 'quit':
        lines.close()
    }
  }

  const listening = await simulator.listen(port)
  const { publicKey } = simulator.trustedRoot
  tell({ event: 'ready', url: listening.url, rootKey: { base64: toBase64(publicKey), hex: toHex(publicKey) }, phones: listOf(phones) })
  const watching = simulator.presence$.subscribe(({ device, isOnline }) => tell({ event: isOnline ? 'online' : 'offline', device: String(device) }))
  watching.add(simulator.violations$.subscribe(({ device, rule, path, message }) => tell({ event: 'violation', ...(device && { device: String(device) }), rule, path, message })))
  if (isVerbose) watching.add(simulator.traffic$.subscribe(({ direction, stanza }) => tell({ event: 'stanza', direction, stanza: redactStanza(stanza) })))

  const lines = createInterface({ input, terminal: false })
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    let isQuit = false
    lines.on('line', (line) => {
      const work = async (): Promise<void> => {
        const command = readCommand(line)
        if (command?.command === 'quit') isQuit = true
        if (command) await follow(command)
      }
      work().catch((error: unknown) => {
        if (!(error instanceof RxwaError)) throw error
        tell({ event: 'error', code: error.code, message: error.message })
      })
    })
    // Nothing more to read is no reason to stop serving.
    lines.on('close', () => isQuit && resolve())
  })
  lines.close()
  watching.unsubscribe()
  simulator.close()
  await listening.close()
  tell({ event: 'ended' })
}
