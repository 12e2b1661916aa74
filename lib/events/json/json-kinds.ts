import { fromBase64, toBase64 } from '../../bytes/bytes.ts'
import { EventJsonInvalid } from '../../errors/event-json-invalid.ts'
import { Jid, parseJid } from '../../stanza/jid.ts'
import { childrenOf, type Stanza } from '../../stanza/stanza.ts'

/** Values of events that are more than JSON. */
export type JsonKind = 'jid' | 'date' | 'bytes' | 'bigint' | 'stanza' | 'error' | 'message'

/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/** Deepest nesting that is read or written; content of messages nests at most a hundred deep. */
export const MAX_DEPTH = 128

/** An error somebody else met, as its JSON tells of it. */
export class ToldError extends Error {
  constructor(
    /** The code of the error; absent when it had none. */
    readonly code: string | undefined,
    message: string,
  ) {
    super(message)
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A stanza: which attributes are addresses is said beside them. */
export const stanzaToJson = ({ tag, attrs, content }: Stanza): Json => {
  const jids = Object.keys(attrs).filter((name) => attrs[name] instanceof Jid)
  return {
    tag,
    attrs: Object.fromEntries(Object.entries(attrs).map(([name, value]) => [name, String(value)])),
    ...(jids.length > 0 && { jids }),
    ...(content instanceof Uint8Array ? { bytes: toBase64(content) } : content && { children: childrenOf({ tag, attrs, content }).map(stanzaToJson) }),
  }
}

const stanzaFromJson = (value: unknown, path: string, depth = 0): Stanza => {
  if (!isObject(value) || typeof value['tag'] !== 'string' || !isObject(value['attrs']) || depth > MAX_DEPTH) throw new EventJsonInvalid(path, 'a stanza')
  const { tag, attrs: texts, jids = [], children, bytes } = value
  const attrs: Record<string, string | Jid> = {}
  for (const [name, text] of Object.entries(texts)) attrs[name] = Array.isArray(jids) && jids.includes(name) ? (fromKind('jid', text, path) as Jid) : String(text)
  if (Array.isArray(children)) return { tag, attrs, content: children.map((child) => stanzaFromJson(child, path, depth + 1)) }
  return bytes === undefined ? { tag, attrs } : { tag, attrs, content: fromKind('bytes', bytes, path) as Uint8Array }
}

/** Content of a protobuf: nothing says where bytes are expected, so that bytes and wide integers say it themselves. */
export const messageFromJson = (value: unknown, path: string, depth = 0): unknown => {
  if (depth > MAX_DEPTH) throw new EventJsonInvalid(path, 'content that ends')
  if (Array.isArray(value)) return value.map((item) => messageFromJson(item, path, depth + 1))
  if (!isObject(value)) return value
  const [key, ...more] = Object.keys(value)
  if (more.length === 0 && key === 'base64') return fromKind('bytes', value['base64'], path)
  if (more.length === 0 && key === 'integer') return fromKind('bigint', value['integer'], path)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, messageFromJson(inner, path, depth + 1)]))
}

/** Reads one value back. @throws EventJsonInvalid */
export const fromKind = (kind: JsonKind, value: unknown, path: string): unknown => {
  switch (kind) {
    case 'jid': {
      const jid = typeof value === 'string' ? parseJid(value) : undefined
      if (!jid) throw new EventJsonInvalid(path, 'an address')
      return jid
    }
    case 'date': {
      const date = new Date(typeof value === 'string' ? value : NaN)
      if (Number.isNaN(date.getTime())) throw new EventJsonInvalid(path, 'an instant')
      return date
    }
    case 'bytes': {
      const bytes = typeof value === 'string' ? fromBase64(value) : undefined
      if (!bytes) throw new EventJsonInvalid(path, 'bytes in base64')
      return bytes
    }
    case 'bigint':
      if (typeof value !== 'string' || !/^-?\d{1,40}$/.test(value)) throw new EventJsonInvalid(path, 'a whole number as text')
      return BigInt(value)
    case 'stanza':
      return stanzaFromJson(value, path)
    case 'error': {
      if (!isObject(value) || typeof value['message'] !== 'string') throw new EventJsonInvalid(path, 'an error')
      return new ToldError(typeof value['code'] === 'string' ? value['code'] : undefined, value['message'])
    }
    case 'message':
      return messageFromJson(value, path)
  }
}
