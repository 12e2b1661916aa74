import { Jid, parseJid } from '../stanza/jid.ts'
import { childrenOf, type Stanza } from '../stanza/stanza.ts'
import { tokenCodes } from '../stanza/tokens.ts'

/** Puts invented values in the place of what says something about people; the same for the same, so that what belongs together still does. */
export interface Redactor {
  readonly stanza: (stanza: Stanza) => Stanza
  readonly jid: (jid: Jid) => Jid
  /** The name of a message or stanza, also where it is quoted. */
  readonly text: (text: string) => string
  /** The content of a protobuf. */
  readonly content: (value: unknown) => unknown
}

/** Children whose bytes nobody can read without keys, or are keys. */
const SECRET: ReadonlySet<string> = new Set(['enc', 'plaintext', 'device-identity', 'tctoken', 'cstoken'])

/** Children whose text is a word of the protocol. */
const WORDS: ReadonlySet<string> = new Set(['member_add_mode', 'member_link_mode'])

/** Attributes that hold a word of the protocol or a number of the server, not listed in its dictionaries. */
const STRUCTURE: ReadonlySet<string> = new Set(['type', 'class', 'xmlns', 'op_name', 'mode', 'addressing_mode', 'reason', 'category', 'mediatype', 'edit', 'error', 'code', 'offline', 'count', 'v', 'server_id', 't', 'sts'])

/** Seconds and milliseconds between 2009 and 2096: when something happened, not somebody's number. */
const INSTANT = /^(1[2-9]|[23]\d)\d{8}(\d{3}(\d{3})?)?$/

/** Words of the query language, as `ACTIVE` and `ON_HOLD`. */
const CONSTANT = /^(ON|OFF|TRUE|FALSE|[A-Z]+(_[A-Z]+)+|ACTIVE|INACTIVE|SUBSCRIBER|GUEST|ADMIN|OWNER)$/

/** Numbers up to here are counts and versions. */
const LONGEST_COUNT = 6

/**
 * A redactor that has seen nobody yet.
 *
 * @param keep texts that may stay as they are, as the commands of a bot
 */
export const createRedactor = (keep: (text: string) => boolean = () => false): Redactor => {
  const people = new Map<string, string>()
  const texts = new Map<string, string>()
  const secrets = new Map<string, number>()

  const known = <Name>(names: Map<string, Name>, value: string, make: (index: number) => Name): Name => {
    const name = names.get(value) ?? make(names.size + 1)
    names.set(value, name)
    return name
  }

  const jid = (address: Jid): Jid => {
    const { user, server, device, agent } = address
    if (user === '' || user === '0' || server === 'broadcast') return address
    const prefix = server === 'g.us' || server === 'newsletter' ? '120363' : '99900'
    return new Jid(known(people, user, (index) => `${prefix}${String(index).padStart(7, '0')}`), server, device, agent)
  }

  const text = (value: string): string => {
    if (value === '' || keep(value) || tokenCodes.has(value) || INSTANT.test(value) || CONSTANT.test(value)) return value
    if (/^\d+$/.test(value)) return value.length <= LONGEST_COUNT ? value : jid(new Jid(value, 's.whatsapp.net')).user
    const address = value.includes('@') && !/\s/.test(value) ? parseJid(value) : undefined
    if (address) return jid(address).toString()
    return known(texts, value, (index) => `text${index}`)
  }

  /** As many bytes, the same for the same. */
  const bytes = (value: Uint8Array): Uint8Array => {
    const number = known(secrets, value.join(), (index) => index)
    const invented = new Uint8Array(value.length)
    for (let index = 0; index < Math.min(4, value.length); index += 1) invented[index] = number >>> (8 * index)
    return invented
  }

  const json = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (Array.isArray(value)) return value.map(json)
    if (typeof value !== 'object' || value === null) return typeof value === 'number' ? Number(text(String(value))) || 0 : value
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, json(inner)]))
  }

  const readable = (value: Uint8Array): string | undefined => {
    try {
      const decoded = decoder.decode(value)
      return CONTROL.test(decoded) ? undefined : decoded
    } catch {
      // Not text: nothing else says so.
      return undefined
    }
  }

  /** Bytes of a stanza: text, JSON, or what only a key makes sense of. */
  const inner = (value: Uint8Array): Uint8Array => {
    const decoded = readable(value)
    if (decoded === undefined) return bytes(value)
    try {
      return encoder.encode(JSON.stringify(json(JSON.parse(decoded))))
    } catch {
      return encoder.encode(text(decoded))
    }
  }

  const stanza = ({ tag, attrs, content }: Stanza): Stanza => {
    const redacted = {
      tag,
      attrs: Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, value instanceof Jid ? jid(value) : STRUCTURE.has(name) && !value.includes('@') ? value : text(value)])),
    }
    if (content === undefined || SECRET.has(tag)) return redacted
    return { ...redacted, content: content instanceof Uint8Array ? (WORDS.has(tag) ? content : inner(content)) : childrenOf({ tag, attrs, content }).map(stanza) }
  }

  const redactContent = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value)
    if (value instanceof Uint8Array) return bytes(value)
    // Coordinates are the only broken numbers.
    if (typeof value === 'number') return Number.isInteger(value) ? value : 0
    if (Array.isArray(value)) return value.map(redactContent)
    if (typeof value !== 'object' || value === null) return value
    // Fields nobody knows are left out: nobody knows what they say.
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, redactContent(field)]))
  }

  return { stanza, jid, text, content: redactContent }
}

const decoder = new TextDecoder('utf-8', { fatal: true })
const encoder = new TextEncoder()
const CONTROL = /[\u0000-\u0008\u000e-\u001f]/
