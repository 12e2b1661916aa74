import fc from 'fast-check'

import { Jid } from '../../lib/index.ts'
import type { Stanza } from '../../lib/index.ts'
import { readKind, type ValueKind, type WrittenShape } from '../../lib/simulator/strict/shape.ts'

const digits = fc.integer({ min: 1_000_000, max: 999_999_999 }).map(String)
/** An address of a person, bare or of a device, by phone number or by LID. */
export const person = (isDevice: boolean): fc.Arbitrary<Jid> =>
  fc.tuple(digits, fc.constantFrom('s.whatsapp.net', 'lid'), isDevice ? fc.integer({ min: 0, max: 99 }) : fc.constant(0)).map(([user, server, device]) => new Jid(user, server, device))
const on = (server: string): fc.Arbitrary<Jid> => digits.map((user) => new Jid(user, server))
const number = ({ min, max }: ValueKind): fc.Arbitrary<string> => fc.integer({ min: min ?? 0, max: Math.min(max ?? 2 ** 31, Number.MAX_SAFE_INTEGER) }).map(String)

const valueOf = (kind: ValueKind): fc.Arbitrary<string | Jid> => {
  if (kind.words) return fc.constantFrom(...kind.words)
  switch (kind.name) {
    case 'int':
    case 'time':
      return number(kind)
    case 'bool':
      return fc.constantFrom('true', 'false')
    case 'jid':
      return fc.oneof(person(true), on('g.us'), fc.constant(new Jid('', 's.whatsapp.net')))
    case 'userJid':
      return person(false)
    case 'deviceJid':
      return person(true)
    case 'lidUserJid':
      return on('lid')
    case 'groupJid':
      return on('g.us')
    case 'newsletterJid':
      return on('newsletter')
    case 'broadcastJid':
      return on('broadcast')
    default:
      return fc.stringMatching(/^[A-Za-z0-9 ._-]{1,12}$/)
  }
}

/** Longest content that is made when a shape sets no limit or a far one. */
const LONG_ENOUGH = 64

// Empty bytes cannot be told from no content, so there is at least one where no length is published.
const contentOf = (text: string): fc.Arbitrary<Uint8Array> => {
  const kind = readKind(text)
  if (kind.words) return fc.constantFrom(...kind.words).map((word) => new TextEncoder().encode(word))
  const [min, max] = kind.name === 'int' ? [1, 4] : [kind.min ?? 1, kind.max ?? Infinity]
  return fc.uint8Array({ minLength: min, maxLength: Math.max(min, Math.min(max, LONG_ENOUGH)) })
}

/**
 * Stanzas of a shape. Where several alternatives were published as one, all their children are there:
 * which belong together was not published.
 */
export const stanzaOf = (shape: WrittenShape): fc.Arbitrary<Stanza> => {
  const { tag, attrs = {}, children = [], content, isMerged = false } = shape
  const attributes = fc.record(
    Object.fromEntries(
      Object.entries(attrs).map(([name, text]) => {
        const kind = readKind(text)
        const value = isMerged && kind.words?.size === 1 ? valueOf({ ...kind, name: 'string', words: undefined }) : valueOf(kind)
        return [name, kind.isOptional ? fc.option(value, { nil: undefined }) : value]
      }),
    ),
  )
  const inner =
    content !== undefined
      ? contentOf(content)
      : fc
          .tuple(
            ...children
              .filter((child) => child.tag !== '*')
              .map((child) => {
                const least = child.min ?? 0
                return fc.array(stanzaOf(child), { minLength: least, maxLength: Math.min(child.max ?? Infinity, least + 2) })
              }),
          )
          .map((lists) => lists.flat())
  return fc.tuple(attributes, inner).map(([values, made]) => ({
    tag,
    attrs: Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | Jid] => entry[1] !== undefined)),
    ...((made instanceof Uint8Array || made.length > 0) && { content: made }),
  }))
}
