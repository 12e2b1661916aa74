import { RxwaError } from '../../lib/errors/rxwa-error.ts'
import { StanzaCodecError } from '../../lib/errors/stanza-codec-error.ts'
import { utf8 } from '../../lib/bytes/bytes.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import { Jid } from '../../lib/stanza/jid.ts'
import { childrenOf, type Stanza } from '../../lib/stanza/stanza.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'
import type { Random } from './random.ts'
import { accepted } from './target.ts'

/** The stanza in an input, if there is one. */
export const stanzaIn = (input: Uint8Array): Stanza | undefined => accepted([StanzaCodecError], () => decodeStanza(input))

interface Frame {
  readonly stanza?: VectorNode
}

/** Stanzas of recorded conversations, as inputs; only those with one of these tags when given. */
export const recordedStanzas = (...tags: readonly string[]): readonly Uint8Array[] =>
  vectorCases<{ readonly frames?: readonly Frame[] }>('transcript')
    .flatMap(({ frames = [] }) => frames.flatMap(({ stanza }) => (stanza ? [stanzaOfNode(stanza)] : [])))
    .filter(({ tag }) => tags.length === 0 || tags.includes(tag))
    .map(encodeStanza)

/** Values of attributes that readers tell apart. */
const VALUES: readonly (string | Jid)[] = [
  '', '0', '1', '-1', '99', '255', '256', '65536', '1700000000', '8640000000001', '9007199254740991', '9007199254740993', '-9007199254740991', '1e3', '0x10', 'true', 'NaN',
  'lid', 'pn', 'retry', 'read', 'played', 'sender', 'view', 'hide', 'pkmsg', 'msg', 'skmsg', 'status@broadcast', '120363000000000001@g.us', '15550100001@s.whatsapp.net', '@', 'a@', '@a', ':@b', 'a:99999@lid', '__proto__', '\u0000',
  new Jid('15550100001', 's.whatsapp.net', 1), new Jid('90010001', 'lid', 1), new Jid('90010002', 'lid'), new Jid('', 's.whatsapp.net'), new Jid('120363000000000001', 'g.us'), new Jid('status', 'broadcast'), new Jid('120363000000000009', 'newsletter'), new Jid('', ''),
]

/** Tags and attributes a reader may look for, gathered from its seeds, and some that are in none. */
export interface StanzaWords {
  readonly tags: readonly string[]
  readonly attributes: readonly string[]
}

/** The words in some inputs, and more. */
export const wordsOf = (inputs: readonly Uint8Array[], more: Partial<StanzaWords> = {}): StanzaWords => {
  const [tags, attributes] = [new Set(more.tags), new Set(more.attributes)]
  const visit = (stanza: Stanza): void => {
    tags.add(stanza.tag)
    for (const name of Object.keys(stanza.attrs)) attributes.add(name)
    childrenOf(stanza).forEach(visit)
  }
  for (const input of inputs) {
    const stanza = stanzaIn(input)
    if (stanza) visit(stanza)
  }
  return { tags: [...tags], attributes: [...attributes] }
}

/** Changes one node of the stanza in an input: an attribute, a child, the content, the tag. */
export const mutateStanza =
  (words: StanzaWords) =>
  (input: Uint8Array, random: Random): Uint8Array => {
    const stanza = stanzaIn(input)
    if (!stanza) return input
    let changed = stanza
    for (let left = 1 + random.below(4); left > 0; left -= 1) changed = change(changed, random, words)
    try {
      return encodeStanza(changed)
    } catch (error) {
      // Not every address has bytes.
      if (error instanceof RxwaError) return input
      throw error
    }
  }

const change = (stanza: Stanza, random: Random, words: StanzaWords): Stanza => {
  const children = childrenOf(stanza)
  if (children.length > 0 && !random.oneIn(3)) {
    const place = random.below(children.length)
    return { ...stanza, content: children.map((child, index) => (index === place ? change(child, random, words) : child)) }
  }
  const attribute = random.oneIn(3) && Object.keys(stanza.attrs).length > 0 ? random.pick(Object.keys(stanza.attrs)) : random.pick(words.attributes)
  const child = (): Stanza => ({ tag: random.pick(words.tags), attrs: random.oneIn(2) ? { [random.pick(words.attributes)]: random.pick(VALUES) } : {} })
  switch (random.below(8)) {
    case 0:
      return { ...stanza, attrs: Object.fromEntries(Object.entries(stanza.attrs).filter(([name]) => name !== attribute)) }
    case 1:
    case 2:
    case 3:
      return { ...stanza, attrs: { ...stanza.attrs, [attribute]: random.oneIn(4) ? String(random.below(1_000_000)) : random.pick(VALUES) } }
    case 4:
      return { ...stanza, tag: random.pick(words.tags) }
    case 5:
      return { ...stanza, content: [...children, children.length > 0 && random.oneIn(2) ? random.pick(children) : child()] }
    case 6:
      return { ...stanza, content: random.oneIn(2) ? random.bytes(random.below(40)) : utf8(String(random.pick(VALUES))) }
    default:
      return children.length > 0 ? { ...stanza, content: children.filter(() => !random.oneIn(children.length)) } : { tag: stanza.tag, attrs: stanza.attrs }
  }
}
