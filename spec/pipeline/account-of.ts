import type { Parsed } from '../../lib/pipeline/parsed.ts'
import { attributesOf } from '../../lib/stanza/read-attributes.ts'
import { childrenOf, type Stanza } from '../../lib/stanza/stanza.ts'

/** Types of notification that tell nothing by themselves; somebody acts on them. */
const ACTED_ON = ['devices', 'encrypt', 'privacy_token', 'server_sync', 'link_code_companion_reg', 'companion_reg_refresh', 'passkey_prologue_request', 'crsc_continuation', 'server']

/** What documents say to acknowledge without a word, by type: whether this stanza is such a one. */
const ACKNOWLEDGED_ONLY: Readonly<Record<string, (notification: Stanza) => boolean>> = {
  // Contacts: 11, section 9. Pictures: 11, section 10. About: 11, section 11.
  contacts: () => true,
  picture: (notification) => childrenOf(notification).length > 0,
  status: () => true,
  // Lists of devices and settings have a course of their own: 11, section 7.
  account_sync: (notification) => {
    const children = childrenOf(notification)
    return children.every(({ tag }) => tag === 'devices' || tag === 'privacy')
  },
}

/** Where a stanza went: its events, what is acted on, or the reason why there is nothing; `unaccounted` when it was lost. */
export const accountOf = ({ stanza, events, information, retryRequest }: Parsed): string => {
  if (events.length > 0) return `told: ${events.map(({ type }) => type).join(', ')}`
  if (information.length > 0) return `information: ${information.map(({ kind }) => kind).join(', ')}`
  if (retryRequest) return 'acted on: a retry request'
  const type = attributesOf(stanza).optionalText('type') ?? ''
  switch (stanza.tag) {
    case 'ack':
      return 'settles what was sent'
    case 'ib':
      return childrenOf(stanza).length === 0 ? 'an ib without children says nothing' : 'unaccounted ib'
    case 'call':
      return 'no action of a call: 13, section 12'
    case 'chatstate':
      return 'no state we know, or our own echo: 11, section 20'
    case 'receipt':
      return type === 'retry' || childrenOf(stanza).length > 0 ? 'a receipt of a call or a retry' : `unaccounted receipt ${type}`
    case 'notification':
      if (ACTED_ON.includes(type)) return `acted on: ${type}`
      return ACKNOWLEDGED_ONLY[type]?.(stanza) ? `acknowledged only: ${type}` : `unaccounted notification ${type} ${childrenOf(stanza).map(({ tag }) => tag).join(',')}`
    default:
      return `unaccounted ${stanza.tag}`
  }
}
