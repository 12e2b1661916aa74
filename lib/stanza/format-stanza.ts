import { toHex } from '../bytes/bytes.ts'
import type { Stanza } from './stanza.ts'

/** Contents up to this many bytes are shown whole. */
const SHOWN_BYTES = 16

/** A stanza as readable text, for logs of a user's own and for documents; contents as hex, long ones cut. */
export const formatStanza = ({ tag, attrs, content }: Stanza): string => {
  const attributes = Object.keys(attrs).map((name) => ` ${name}="${String(attrs[name])}"`).join('')
  if (content === undefined) return `<${tag}${attributes}/>`
  const inner =
    content instanceof Uint8Array
      ? toHex(content.subarray(0, SHOWN_BYTES)) + (content.length > SHOWN_BYTES ? `… (${content.length} bytes)` : '')
      : content.map(formatStanza).join('')
  return `<${tag}${attributes}>${inner}</${tag}>`
}
