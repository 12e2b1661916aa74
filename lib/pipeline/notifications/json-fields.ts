import { parseJid, type Jid } from '../../stanza/jid.ts'

/** An object of a parsed JSON text. */
export type JsonRecord = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields. */
export const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Deepest nesting of a payload; more would exhaust the stack of whoever walks it. */
const MOST_DEPTH = 64

/** Whether a value nests deeper than anybody should have to walk. */
export const isTooDeep = (value: unknown): boolean => {
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth < MOST_DEPTH; depth += 1) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
    if (level.length === 0) return false
  }
  return true
}

/** Text of a field; undefined when it is none. */
export const textIn = (record: JsonRecord, name: string): string | undefined => {
  const value = record[name]
  return typeof value === 'string' ? value : undefined
}

/** A number of a field, also one that travelled as text; undefined when it is none. */
export const numberIn = (record: JsonRecord, name: string): number | undefined => {
  const value = record[name]
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}

/** An instant in seconds since 1970; undefined when it is none. */
export const instantIn = (record: JsonRecord, name: string): Date | undefined => {
  const seconds = numberIn(record, name)
  const instant = seconds === undefined ? undefined : new Date(seconds * 1000)
  return instant && !Number.isNaN(instant.getTime()) ? instant : undefined
}

/** An address in a field; undefined when it is none. */
export const jidIn = (record: JsonRecord, name: string): Jid | undefined => {
  const value = textIn(record, name)
  return value === undefined ? undefined : parseJid(value)
}
