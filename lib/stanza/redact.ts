import { isGroup, type Jid } from './jid.ts'
import { childrenOf, type Stanza } from './stanza.ts'

const SHOWN = 2

/** An address for logs: enough to tell a few apart, not enough to know who it is. */
export const redactJid = (jid: Jid): string => {
  const { user, server, device } = jid
  if (user === '') return server
  const end = user.length > 2 * SHOWN ? user.slice(-SHOWN) : ''
  return `…${end}${device === 0 || isGroup(jid) ? '' : `:${device}`}@${server}`
}

/** Attributes whose values are words of the protocol, never of a person. */
const PLAIN = ['type', 'class', 'xmlns', 'error', 'code', 'offline', 'stage', 'v']

/** One line about a stanza for logs: tags, kinds and sizes, nothing anybody wrote and nobody's full address. */
export const describeStanza = ({ tag, attrs, content }: Stanza): string => {
  const shown = PLAIN.flatMap((name) => (typeof attrs[name] === 'string' ? [` ${name}=${attrs[name]}`] : [])).join('')
  if (content instanceof Uint8Array) return `<${tag}${shown}>${content.length} B`
  const inner = childrenOf({ tag, attrs, ...(content && { content }) })
  return inner.length === 0 ? `<${tag}${shown}>` : `<${tag}${shown}>[${inner.slice(0, 8).map(describeStanza).join(' ')}${inner.length > 8 ? ` +${inner.length - 8}` : ''}]`
}
