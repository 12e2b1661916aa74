import fc from 'fast-check'

import { RxwaError } from '../../lib/errors/rxwa-error.ts'
import { readPublishedShapes } from '../../lib/simulator/strict/published-shapes.ts'
import type { WrittenShape } from '../../lib/simulator/strict/shape.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import { Jid } from '../../lib/stanza/jid.ts'
import { childrenOf, type Stanza } from '../../lib/stanza/stanza.ts'
import { stanzaOf } from '../requests/arbitrary-stanza.ts'
import { link } from './parts.ts'

const TAGS = ['notification', 'receipt', 'call', 'presence', 'chatstate', 'ib', 'ack', 'error', 'status', 'appdata']

/** The shape of a call names none of its actions. */
function withActions(shape: WrittenShape): WrittenShape {
  if (shape.tag !== 'call') return shape
  return { ...shape, children: (shape.children ?? []).flatMap((child) => (child.tag === '*' ? ['offer', 'offer_notice', 'terminate', 'accept', 'video', 'heartbeat'].map((tag) => ({ ...child, tag })) : [child])) }
}

/** Everything a server may say that the receiving pipe gets to parse, by the name it is published under. */
export const SHAPES: ReadonlyMap<string, WrittenShape> = (() => {
  const { operations, stanzas } = readPublishedShapes()
  const all = [
    ...stanzas.flatMap(({ name, received }) => (received ? [[name, received] as const] : [])),
    ...operations.flatMap(({ pushes }) => pushes.map(({ name, shape }) => [name, shape] as const)),
  ]
  return new Map(all.filter(([, { tag }]) => TAGS.includes(tag)).map(([name, shape]) => [name, withActions(shape)]))
})()

/** A stanza as the decoder would give it; undefined when it has no bytes. */
const asDecoded = (stanza: Stanza): Stanza | undefined => {
  try {
    return decodeStanza(encodeStanza(stanza))
  } catch (error) {
    if (error instanceof RxwaError) return undefined
    throw error
  }
}

/** The words of its root say what a stanza is, also where alternatives were published as one. */
const withWords = ({ attrs = {} }: WrittenShape, stanza: Stanza): Stanza => ({
  ...stanza,
  attrs: { ...stanza.attrs, ...Object.fromEntries(Object.entries(attrs).flatMap(([name, kind]) => (kind.startsWith('=') && !kind.endsWith('?') ? [[name, kind.slice(1)]] : []))) },
})

/** News about the account come from itself. */
const fromUs = (stanza: Stanza): Stanza => (stanza.attrs['type'] === 'account_sync' ? { ...stanza, attrs: { ...stanza.attrs, from: link.id } } : stanza)

/** Where several alternatives were published as one, each child is one of them. */
const alternativesOf = (stanza: Stanza): readonly Stanza[] => {
  const children = childrenOf(stanza)
  const tags = [...new Set(children.map(({ tag }) => tag))]
  return tags.length < 2 ? [stanza] : [stanza, ...tags.map((tag) => ({ ...stanza, content: children.filter((child) => child.tag === tag) }))]
}

/** Some stanzas of a shape, the same for a seed. */
export const sampleOf = (shape: WrittenShape, count: number, seed: number): readonly Stanza[] =>
  fc.sample(stanzaOf(shape), { numRuns: count, seed }).flatMap((made) => {
    const decoded = asDecoded(fromUs(withWords(shape, made)))
    return decoded ? alternativesOf(decoded) : []
  })

const WORDS = ['', '0', '1', '-1', '4294967296', '9007199254740993', '99999999999999', 'true', 'novelty', '__proto__', 'constructor', 'toString', 'a@', '@b', 'x@lid', '\u0000']
const wordOf = (random: () => number): string => WORDS[Math.floor(random() * WORDS.length)]!

/** The same stanza with something nobody has published: tags, attributes, values, a missing or doubled part, bytes in place of children. */
export const spoil = (stanza: Stanza, random: () => number, depth = 0): Stanza => {
  const children = childrenOf(stanza)
  if (children.length > 0 && random() < 0.6) {
    const index = Math.floor(random() * children.length)
    return { ...stanza, content: children.map((child, at) => (at === index ? spoil(child, random, depth + 1) : child)) }
  }
  const names = Object.keys(stanza.attrs)
  const name = names[Math.floor(random() * names.length)]
  switch (Math.floor(random() * 8)) {
    case 0:
      return depth === 0 ? stanza : { ...stanza, tag: wordOf(random) || 'novelty' }
    case 1:
      return { ...stanza, attrs: { ...stanza.attrs, [wordOf(random) || 'novelty']: wordOf(random) } }
    case 2:
      return name === undefined ? stanza : { ...stanza, attrs: { ...stanza.attrs, [name]: wordOf(random) } }
    case 3:
      return { ...stanza, attrs: Object.fromEntries(Object.entries(stanza.attrs).filter(([key]) => key !== name)) }
    case 4:
      return { ...stanza, content: children.slice(1) }
    case 5:
      return { ...stanza, content: [...children, ...children] }
    case 6:
      return { ...stanza, content: new TextEncoder().encode(wordOf(random)) }
    default:
      return name === undefined ? stanza : { ...stanza, attrs: { ...stanza.attrs, [name]: new Jid('90010002', 'lid', 3) } }
  }
}

/** A small generator of its own: fast, and the same for a seed on every machine. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
