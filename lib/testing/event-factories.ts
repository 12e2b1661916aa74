import type { MessageEvent, MessageInfo, MessageSource } from '../events/message-event.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import type { Message } from '../proto/types.generated.ts'
import { toJid, userOf } from '../stanza/jid.ts'

/** Parts of an invented message; everything has a harmless default. */
export interface MessageParts {
  readonly text?: string
  /** Content other than a text. */
  readonly message?: Message
  /** The sending device; default `15550100002@s.whatsapp.net`. */
  readonly from?: string
  /** The chat; default: the sender. */
  readonly chat?: string
  readonly id?: string
  readonly isFromMe?: boolean
  readonly at?: Date
  readonly isOffline?: boolean
}

const SOMEBODY = '15550100002@s.whatsapp.net'
const AT = new Date('2026-01-01T00:00:00Z')

/**
 * A message event for tests of pipelines.
 *
 * @example
 * cold('a|', { a: messageEvent({ text: 'ping' }) })
 */
export const messageEvent = ({ text = 'hello', message, from = SOMEBODY, chat, id = '3EB0AA', isFromMe = false, at = AT, isOffline = false }: MessageParts = {}): MessageEvent => {
  const sender = toJid(from)
  const source: MessageSource = { chat: chat === undefined ? userOf(sender) : toJid(chat), sender, isFromMe, isGroup: chat?.endsWith('@g.us') ?? false }
  const info: MessageInfo = { source, id, timestamp: at, multicast: false, metaInfo: {}, isOffline }
  return { type: 'message', message: message ?? { conversation: text }, info, origin: isOffline ? 'offline' : 'live', redelivered: false }
}

/** A receipt event for tests of pipelines. */
export const receiptEvent = (
  messageIds: readonly string[],
  { receiptType = 'delivered', from = SOMEBODY, at = AT }: { readonly receiptType?: string; readonly from?: string; readonly at?: Date } = {},
): ReceiptEvent => {
  const sender = toJid(from)
  return {
    type: 'receipt',
    source: { chat: userOf(sender), sender, isFromMe: false, isGroup: false },
    messageIds,
    timestamp: at,
    receiptType,
    offline: false,
  }
}
