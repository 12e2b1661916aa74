import { CommandInvalid } from '../errors/command-invalid.ts'

/** How a command is written. */
export interface CommandForm {
  /** Its fields in the order of the words of a line; `?` may be left out, `…` takes the rest of the line. */
  readonly words: readonly string[]
  /** Further fields, that only JSON has. */
  readonly more?: readonly string[]
}

/** What was written in the fields of a command. Everything throws `CommandInvalid` saying what was expected. */
export interface CommandFields {
  readonly text: (name: string) => string
  readonly optionalText: (name: string) => string | undefined
  readonly whole: (name: string, least: number, most: number) => number
  /** Words between commas, or a list of texts. */
  readonly list: (name: string) => readonly string[]
  /** JSON, or what it stands for. */
  readonly json: (name: string) => unknown
}

/** One line that was read. */
export interface ReadLine<Name extends string> {
  readonly command: Name
  readonly fields: CommandFields
}

/**
 * Reads a line, as words or as JSON; undefined for an empty one.
 *
 * @throws CommandInvalid saying what was expected
 */
export const readLine = <Name extends string>(line: string, forms: Readonly<Record<Name, CommandForm>>): ReadLine<Name> | undefined => {
  const text = line.trim()
  if (text === '') return undefined
  const given = text.startsWith('{') ? fromJson(text, 'this line begins like JSON and is none') : undefined
  const word = given ? given['command'] : text.split(/\s+/, 1)[0]
  if (typeof word !== 'string' || !Object.hasOwn(forms, word)) throw new CommandInvalid(`there is no command “${String(word)}”; there are: ${Object.keys(forms).join(', ')}`)
  const command = word as Name
  const form = forms[command]
  return { command, fields: fieldsOf(`${command} needs`, usageOf(command, form), given ? inJson(command, given, form) : inWords(command, text, form)) }
}

/** How a command is written, in words. */
export const usageOf = (command: string, { words }: CommandForm): string =>
  [command, ...words.map((word) => (word.endsWith('?') ? `[${nameIn(word)}]` : nameIn(word)).toUpperCase())].join(' ')

const nameIn = (word: string): string => word.replace(/[…?]+$/, '')

const fieldsOf = (needs: string, usage: string, fields: Readonly<Record<string, unknown>>): CommandFields => {
  const optionalText = (name: string): string | undefined => {
    const value = fields[name]
    if (value === undefined) return undefined
    if (typeof value === 'string' && value !== '') return value
    if (typeof value === 'number') return String(value)
    throw new CommandInvalid(`${needs} ${name}, a text: ${usage}`)
  }
  const text = (name: string): string => {
    const value = optionalText(name)
    if (value === undefined) throw new CommandInvalid(`${needs} ${name}: ${usage}`)
    return value
  }
  return {
    text,
    optionalText,
    whole: (name, least, most) => {
      const value = Number(text(name))
      if (!Number.isInteger(value) || value < least || value > most) throw new CommandInvalid(`${needs} ${name}, a whole number from ${least} to ${most}`)
      return value
    },
    list: (name) => {
      const value = fields[name]
      const all: readonly unknown[] = Array.isArray(value) ? value : text(name).split(',')
      const texts = all.map((one) => (typeof one === 'number' ? String(one) : one)).filter((one): one is string => typeof one === 'string' && one !== '')
      if (texts.length === 0 || texts.length < all.length) throw new CommandInvalid(`${needs} ${name}, a list of texts: ${usage}`)
      return texts
    },
    json: (name) => (typeof fields[name] === 'object' ? fields[name] : fromJson(text(name), `${needs} ${name} as JSON`)),
  }
}

const inWords = (command: string, text: string, form: CommandForm): Readonly<Record<string, string>> => {
  const words = text.split(/\s+/).slice(1)
  const takesRest = form.words.some((word) => word.includes('…'))
  if (words.length > form.words.length && !takesRest) throw new CommandInvalid(`${command} takes less: ${usageOf(command, form)}`)
  return Object.fromEntries(
    form.words.slice(0, words.length).map((word, place) => {
      // The rest of the line is taken as it was typed, spaces included.
      const value = word.includes('…') ? text.replace(new RegExp(`^\\S+\\s+${'\\S+\\s+'.repeat(place)}`), '') : words[place]!
      return [nameIn(word), value]
    }),
  )
}

const inJson = (command: string, given: Readonly<Record<string, unknown>>, { words, more = [] }: CommandForm): Readonly<Record<string, unknown>> => {
  const { command: _, ...fields } = given
  const known = [...words.map(nameIn), ...more]
  const unknown = Object.keys(fields).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new CommandInvalid(`${command} has no ${unknown}; it has: ${known.join(', ') || 'nothing'}`)
  return fields
}

const fromJson = (text: string, wrong: string): Readonly<Record<string, unknown>> => {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw new CommandInvalid(wrong, { cause })
  }
}
