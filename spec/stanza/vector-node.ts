import { toHex } from '../../lib/bytes/bytes.ts'
import type { Stanza } from '../../lib/stanza/stanza.ts'
import { hex } from '../vectors.ts'

/** A stanza as the vector files write it. */
export interface VectorNode {
  readonly tag: string
  readonly attrs: Readonly<Record<string, string>>
  readonly content?: { readonly children?: readonly VectorNode[]; readonly hex?: string; readonly text?: string }
}

/** The stanza a vector describes; attribute values stay text. */
export const stanzaOfNode = ({ tag, attrs, content }: VectorNode): Stanza => {
  if (content?.children) return { tag, attrs, content: content.children.map(stanzaOfNode) }
  if (content?.hex !== undefined) return { tag, attrs, content: hex(content.hex) }
  if (content?.text !== undefined) return { tag, attrs, content: new TextEncoder().encode(content.text) }
  return { tag, attrs }
}

/** A stanza in the form of the vectors, for comparison: addresses as text, bytes as hex, emptiness as absence. */
export const nodeOfStanza = ({ tag, attrs, content }: Stanza): unknown => ({
  tag,
  attrs: Object.keys(attrs).sort().map((name) => [name, String(attrs[name])]),
  ...(content instanceof Uint8Array && content.length > 0 && { hex: toHex(content) }),
  ...(content !== undefined && !(content instanceof Uint8Array) && content.length > 0 && { children: content.map(nodeOfStanza) }),
})
