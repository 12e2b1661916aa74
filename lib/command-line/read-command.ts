import { CommandInvalid } from '../errors/command-invalid.ts'

/** What can be typed while the simulator runs. */
export type SimulatorCommand =
  | { readonly command: 'scan'; readonly qr: string; readonly phone: string }
  | { readonly command: 'code'; readonly phone: string; readonly code: string }
  | { readonly command: 'send'; readonly from: string; readonly to: string; readonly text: string }
  | { readonly command: 'unlink'; readonly phone: string; readonly device: number }
  | { readonly command: 'add'; readonly name: string | undefined }
  | { readonly command: 'phones' | 'help' | 'quit' }

type Fields = Readonly<Record<string, unknown>>

/** Fields of each command in the order of its words; `?` may be left out, `…` takes the rest of the line. */
const FORMS: Readonly<Record<SimulatorCommand['command'], readonly string[]>> = {
  scan: ['qr', 'phone?'],
  code: ['phone', 'code'],
  send: ['from', 'to', 'text…'],
  unlink: ['phone', 'device'],
  add: ['name…?'],
  phones: [],
  help: [],
  quit: [],
}

const FIRST_PHONE = '1'

/**
 * Reads a line, as words or as JSON; undefined for an empty one.
 *
 * @throws CommandInvalid saying what was expected
 */
export const readCommand = (line: string): SimulatorCommand | undefined => {
  const text = line.trim()
  if (text === '') return undefined
  const { command, fields } = text.startsWith('{') ? fromJson(text) : fromWords(text)
  const field = (name: string): string => {
    const value = fields[name]
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    throw new CommandInvalid(`${command} needs ${name}: ${usage(command)}`)
  }
  switch (command) {
    case 'scan':
      return { command, qr: field('qr'), phone: fields['phone'] === undefined ? FIRST_PHONE : field('phone') }
    case 'code':
      return { command, phone: field('phone'), code: field('code') }
    case 'send':
      return { command, from: field('from'), to: field('to'), text: field('text') }
    case 'unlink': {
      const device = Number(field('device'))
      if (!Number.isInteger(device) || device < 1 || device > 255) throw new CommandInvalid('unlink needs a device from 1 to 255')
      return { command, phone: field('phone'), device }
    }
    case 'add':
      return { command, name: fields['name'] === undefined ? undefined : field('name') }
    case 'phones':
    case 'help':
    case 'quit':
      return { command }
  }
}

const usage = (command: SimulatorCommand['command']): string =>
  [command, ...FORMS[command].map((form) => (form.endsWith('?') ? `[${form.slice(0, -1)}]` : form))].join(' ').replaceAll('…', '')

const commandOf = (word: unknown): SimulatorCommand['command'] => {
  const known = Object.keys(FORMS) as SimulatorCommand['command'][]
  const command = known.find((name) => name === word)
  if (!command) throw new CommandInvalid(`there is no command “${String(word)}”; there are: ${known.join(', ')}`)
  return command
}

const fromWords = (text: string): { readonly command: SimulatorCommand['command']; readonly fields: Fields } => {
  const [first, ...words] = text.split(/\s+/)
  const command = commandOf(first)
  const fields: Record<string, string> = {}
  const forms = FORMS[command]
  forms.forEach((form, place) => {
    const isRest = form.includes('…')
    const name = form.replace(/[…?]+$/, '')
    // The rest of the line is taken as it was typed, spaces included.
    const value = isRest ? text.replace(new RegExp(`^\\S+\\s+${'\\S+\\s+'.repeat(place)}`), '') : words[place]
    if (value !== undefined && words.length > place) fields[name] = value
  })
  if (words.length > forms.length && !forms.some((form) => form.includes('…'))) throw new CommandInvalid(`${command} takes less: ${usage(command)}`)
  return { command, fields }
}

const fromJson = (text: string): { readonly command: SimulatorCommand['command']; readonly fields: Fields } => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new CommandInvalid('this line begins like JSON and is none', { cause })
  }
  const fields = value as Fields
  return { command: commandOf(fields['command']), fields }
}
