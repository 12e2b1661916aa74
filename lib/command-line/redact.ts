import { Jid, parseJid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'

/** Digits that are left to tell people apart. */
const LEFT = 4

/** An address of which only the end can be read. */
export const redactJid = ({ user, device, server }: Jid): string => {
  if (user === '') return server
  return `${user.length > LEFT ? `…${user.slice(-LEFT)}` : user}${device === 0 ? '' : `:${device}`}@${server}`
}

const shown = (value: string | Jid): string => {
  const jid = value instanceof Jid ? value : value.includes('@') ? parseJid(value) : undefined
  return jid ? redactJid(jid) : String(value)
}

/** A stanza in one line: addresses redacted, of contents in bytes only the length. */
export const redactStanza = ({ tag, attrs, content }: Stanza): string => {
  const attributes = Object.entries(attrs).map(([name, value]) => ` ${name}=${JSON.stringify(shown(value))}`).join('')
  if (content === undefined) return `<${tag}${attributes}/>`
  return `<${tag}${attributes}>${content instanceof Uint8Array ? `${content.length} bytes` : content.map(redactStanza).join('')}</${tag}>`
}
