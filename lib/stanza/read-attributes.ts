import { Jid, parseJid } from './jid.ts'
import type { Attributes, Stanza } from './stanza.ts'

const NOBODY = new Jid('', '')
const NEVER = new Date(0)

/**
 * Reads attributes and collects what is wrong: a missing or unreadable required attribute adds a fault
 * naming tag and attribute and yields a harmless stand-in, so that all faults are known at once. Check
 * `faults` before using what was read. An optional attribute that is there but unreadable is a fault too.
 */
export class AttributeReader {
  readonly faults: string[] = []
  readonly #tag: string
  readonly #attrs: Attributes

  constructor({ tag, attrs }: Stanza) {
    this.#tag = tag
    this.#attrs = attrs
  }

  #wrong(name: string, expected: string): void {
    this.faults.push(`${this.#tag}: ${name} is ${this.#attrs[name] === undefined ? 'missing' : `not ${expected}`}`)
  }

  /** Text; an address counts as its text. */
  text(name: string): string {
    const value = this.#attrs[name]
    if (typeof value === 'string') return value
    if (value !== undefined) return value.toString()
    this.#wrong(name, 'text')
    return ''
  }

  /** Text that may be absent. */
  optionalText(name: string): string | undefined {
    const value = this.#attrs[name]
    return typeof value === 'string' || value === undefined ? value : value.toString()
  }

  /** A whole number in decimal, exact. */
  integer(name: string): number {
    const value = this.optionalInteger(name)
    if (value !== undefined) return value
    if (this.#attrs[name] === undefined) this.#wrong(name, 'a whole number')
    return 0
  }

  /** A whole number that may be absent. */
  optionalInteger(name: string): number | undefined {
    const value = this.#attrs[name]
    if (value === undefined) return undefined
    const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : NaN
    if (Number.isSafeInteger(number)) return number
    this.#wrong(name, 'a whole number')
    return undefined
  }

  /** An address, also one that travelled as text. */
  jid(name: string): Jid {
    const value = this.optionalJid(name)
    if (value !== undefined) return value
    if (this.#attrs[name] === undefined) this.#wrong(name, 'an address')
    return NOBODY
  }

  /** An address that may be absent. */
  optionalJid(name: string): Jid | undefined {
    const value = this.#attrs[name]
    if (value === undefined || value instanceof Jid) return value
    const parsed = parseJid(value)
    if (!parsed) this.#wrong(name, 'an address')
    return parsed
  }

  /** A point in time, written as seconds since 1970. */
  instant(name: string): Date {
    const value = this.optionalInstant(name)
    if (value !== undefined) return value
    if (this.#attrs[name] === undefined) this.#wrong(name, 'a time')
    return NEVER
  }

  /** A point in time that may be absent. */
  optionalInstant(name: string): Date | undefined {
    const seconds = this.optionalInteger(name)
    if (seconds === undefined) return undefined
    const instant = new Date(seconds * 1000)
    if (!Number.isNaN(instant.getTime())) return instant
    this.#wrong(name, 'a time')
    return undefined
  }
}

/** A reader of the attributes of one stanza. */
export const attributesOf = (stanza: Stanza): AttributeReader => new AttributeReader(stanza)
