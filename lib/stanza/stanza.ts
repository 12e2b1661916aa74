import type { Jid } from './jid.ts'

/**
 * Attributes of a stanza. A value that travelled in one of the address forms of the wire is a `Jid`,
 * made once in the decoder; everything else is text.
 */
export type Attributes = Readonly<Record<string, string | Jid>>

/**
 * One node of the binary XML that both sides exchange. `content` is absent for an element without
 * content (an empty list of children cannot be told from it on the wire); text travels as bytes.
 */
export interface Stanza {
  readonly tag: string
  readonly attrs: Attributes
  readonly content?: readonly Stanza[] | Uint8Array
}

/** Attribute values a builder accepts; `undefined` means: leave the attribute out. */
export type AttributeInput = Readonly<Record<string, string | number | Jid | undefined>>

/**
 * Builds a stanza. Numbers become decimal text, absent attributes are left out, text content becomes
 * UTF-8 bytes, `undefined` children are skipped.
 */
export const stanza = (
  tag: string,
  attributes: AttributeInput = {},
  content?: ReadonlyArray<Stanza | undefined> | Uint8Array | string,
): Stanza => {
  const attrs: Record<string, string | Jid> = {}
  for (const name in attributes) {
    const value = attributes[name]
    if (value !== undefined) attrs[name] = typeof value === 'number' ? String(value) : value
  }
  if (content === undefined) return { tag, attrs }
  if (typeof content === 'string') return { tag, attrs, content: encoder.encode(content) }
  if (content instanceof Uint8Array) return { tag, attrs, content }
  return { tag, attrs, content: content.filter((child) => child !== undefined) }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true })

/** The children of a stanza, all or those with one tag; empty when the content is bytes or absent. */
export const childrenOf = ({ content }: Stanza, tag?: string): readonly Stanza[] => {
  if (content === undefined || content instanceof Uint8Array) return []
  return tag === undefined ? content : content.filter((child) => child.tag === tag)
}

/** The first child with this tag, if there is one. */
export const childOf = ({ content }: Stanza, tag: string): Stanza | undefined =>
  content === undefined || content instanceof Uint8Array ? undefined : content.find((child) => child.tag === tag)

/** The content when it is bytes. */
export const bytesOf = (stanza: Stanza | undefined): Uint8Array | undefined =>
  stanza?.content instanceof Uint8Array ? stanza.content : undefined

/** The content read as UTF-8 text, when it is bytes. */
export const contentTextOf = (stanza: Stanza | undefined): string | undefined => {
  const bytes = bytesOf(stanza)
  return bytes && decoder.decode(bytes)
}
