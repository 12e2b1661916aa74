import { toHex } from '../bytes/bytes.ts'
import type { Stanza } from './stanza.ts'

/** Contents up to this many bytes are shown whole. */
const SHOWN_BYTES = 16

/** Characters that would end a value or the line, and what is shown for them. */
const SPECIAL: Readonly<Record<string, string>> = { '"': '&quot;', '<': '&lt;', '&': '&amp;', '\n': '&#10;', '\r': '&#13;' }

const shown = (value: string): string => value.replace(/["<&\n\r]/g, (character) => SPECIAL[character] ?? character)

/** A stanza as readable text, for logs of a user's own and for documents; contents as hex, long ones cut. */
export const formatStanza = ({ tag, attrs, content }: Stanza): string => {
  const attributes = Object.keys(attrs).map((name) => ` ${name}="${shown(String(attrs[name]))}"`).join('')
  if (content === undefined) return `<${tag}${attributes}/>`
  const inner =
    content instanceof Uint8Array
      ? toHex(content.subarray(0, SHOWN_BYTES)) + (content.length > SHOWN_BYTES ? `… (${content.length} bytes)` : '')
      : content.map(formatStanza).join('')
  return `<${tag}${attributes}>${inner}</${tag}>`
}
