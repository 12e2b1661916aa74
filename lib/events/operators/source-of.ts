import { isLid, userOf, type Jid } from '../../stanza/jid.ts'
import type { MessageInfo, MessageSource } from '../message-event.ts'

/** Events that belong to a chat: messages, undecryptable messages, receipts. */
export type ChatEvent = { readonly info: Pick<MessageInfo, 'source'> } | { readonly source: MessageSource }

/** An event, or what an operator such as `withText` or `commands` made of it. */
export type OfChat = ChatEvent | { readonly event: ChatEvent }

/** Who wrote it, and where. */
export const sourceOf = (value: OfChat): MessageSource => {
  const event = 'event' in value ? value.event : value
  return 'info' in event ? event.info.source : event.source
}

/** The chat of an event: the hidden-number address of a direct chat when the event names it, so that one chat is one chat. */
export const chatOf = (value: OfChat): Jid => {
  const { chat, isGroup, isFromMe, senderAlt, recipientAlt } = sourceOf(value)
  const other = isFromMe ? recipientAlt : senderAlt
  return !isGroup && !isLid(chat) && other && isLid(other) ? userOf(other) : chat
}

/** Names a chat, for maps. */
export const chatKeyOf = (value: OfChat): string => chatOf(value).toString()
