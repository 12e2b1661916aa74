import { isLid, isPhoneNumber, isStatus, parseJid, type Jid } from '../stanza/jid.ts'
import { jidIn, type Book } from './book.ts'
import type { Chat, MessagePreview, Person, Unread } from './chat.ts'
import type { ChatRecord, PersonRecord, PreviewRecord } from './records.ts'

/** A chat as a user sees it. */
export const chatOf = (book: Book, record: ChatRecord): Chat => {
  const jids = record.addresses.flatMap((address) => parseJid(address) ?? [])
  const jid = jids[0]!
  const phoneNumber = jids.find(isPhoneNumber)
  const name = record.subject ?? nameOf(book, jid, phoneNumber)
  const { unread, mentions, isMarkedUnread, pinnedAtMs, isArchived, mutedUntilMs, isLocked, labels, ephemeralSeconds, isReadOnly, lastAtMs, last } = record
  return {
    jid,
    unread,
    unreadMentions: mentions,
    isMarkedUnread,
    isArchived,
    isLocked,
    labels,
    ephemeralSeconds,
    isReadOnly,
    ...(phoneNumber && { phoneNumber }),
    ...(name !== undefined && { name }),
    ...(pinnedAtMs !== undefined && { pinnedAt: new Date(pinnedAtMs) }),
    ...(mutedUntilMs !== undefined && { mutedUntil: mutedUntilMs < 0 ? ('always' as const) : new Date(mutedUntilMs) }),
    ...(lastAtMs !== undefined && { lastAt: new Date(lastAtMs) }),
    ...(last && { lastMessage: previewOf(last) }),
  }
}

const nameOf = (book: Book, jid: Jid, phoneNumber: Jid | undefined): string | undefined => {
  if (!isLid(jid) && !isPhoneNumber(jid)) return undefined
  const { name, pushName, businessName } = book.person(jid)
  return name ?? businessName ?? pushName ?? (phoneNumber && `+${phoneNumber.user}`)
}

const previewOf = ({ id, fromMe, sender, text, kind }: PreviewRecord): MessagePreview => {
  const jid = fromMe ? undefined : jidIn(sender)
  return { id, fromMe, kind, ...(jid && { sender: jid }), ...(text !== undefined && { text }) }
}

/** A person as a user sees them. */
export const personOf = ({ lid, phoneNumber, name, pushName, businessName }: PersonRecord): Person => {
  const [hidden, shown] = [jidIn(lid), jidIn(phoneNumber)]
  return {
    ...(hidden && { lid: hidden }),
    ...(shown && { phoneNumber: shown }),
    ...(name !== undefined && { name }),
    ...(pushName !== undefined && { pushName }),
    ...(businessName !== undefined && { businessName }),
  }
}

/** Whether a list of chats has this one: not when it was deleted, nor the feed of status posts. */
export const isListed = ({ isHidden, addresses, last, lastAtMs, isFromHistory }: ChatRecord): boolean => {
  const jid = jidIn(addresses[0])
  return !isHidden && jid !== undefined && !isStatus(jid) && (last !== undefined || lastAtMs !== undefined || isFromHistory)
}

/** Pinned chats first, then those with the newest messages. */
const compare = (one: ChatRecord, other: ChatRecord): number =>
  (other.pinnedAtMs ?? 0) - (one.pinnedAtMs ?? 0) || (other.lastAtMs ?? 0) - (one.lastAtMs ?? 0) || one.number - other.number

/** Keeps the list of chats in order while chats change; what did not change is not looked at again. */
export const createChatList = (book: Book): { readonly update: (changed: ReadonlySet<number>) => readonly Chat[] } => {
  let order = [...book.chats()].filter(isListed).sort(compare)
  const shown = new Map(order.map((record) => [record.number, chatOf(book, record)]))
  return {
    update: (changed) => {
      for (const number of changed) shown.delete(number)
      const records = [...changed].flatMap((number) => book.chatAt(number) ?? []).filter(isListed)
      for (const record of records) shown.set(record.number, chatOf(book, record))
      order = [...order.filter(({ number }) => !changed.has(number)), ...records].sort(compare)
      return order.map(({ number }) => shown.get(number)!)
    },
  }
}

/** What is unread where somebody wants to hear of it. */
export const unreadOf = (chats: readonly Chat[], nowMs: number): Unread => {
  let [messages, mentions, count] = [0, 0, 0]
  for (const { unread, unreadMentions, isMarkedUnread, isArchived, mutedUntil } of chats) {
    const isMuted = mutedUntil === 'always' || (mutedUntil !== undefined && mutedUntil.getTime() > nowMs)
    if (isArchived || isMuted || (unread === 0 && !isMarkedUnread)) continue
    messages += unread
    mentions += unreadMentions
    count += 1
  }
  return { messages, mentions, chats: count }
}
