import { checkMessage } from '../events/check-message.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { JidInvalid } from '../errors/jid-invalid.ts'
import { OptionInvalid } from '../errors/option-invalid.ts'
import type { Operation } from '../operation/operation.ts'
import type { SyncActionValue_SyncActionMessageRange } from '../proto/types.generated.ts'
import { isGroup, isLid, isNewsletter, isPhoneNumber, toJid, userOf, type Jid } from '../stanza/jid.ts'
import { flag, type ChangeAppState, type EntryChange } from './app-state-change.ts'

/** What is known of the newest messages of a chat; phones leave chats alone that have newer ones. */
export interface UpTo {
  /** The newest messages, at most 256. */
  readonly messages?: readonly MessageEvent[]
}

/** What becomes of what a chat holds. */
export interface Emptying extends UpTo {
  /** The files as well; default true. */
  readonly deleteMedia?: boolean
}

/** Chats as all devices of the account see them; every change reaches all of them and is told as an event here. */
export interface Chats {
  /** Puts a chat into the archive, where it loses its pin, or takes it out. */
  readonly archive: (chat: Jid | string, isArchived: boolean, options?: UpTo) => Operation<void, void>
  readonly pin: (chat: Jid | string, isPinned: boolean) => Operation<void, void>
  /** Mutes a chat until a time or for ever; undefined lets it be heard again. */
  readonly mute: (chat: Jid | string, until: Date | 'forever' | undefined) => Operation<void, void>
  readonly lock: (chat: Jid | string, isLocked: boolean) => Operation<void, void>
  /** Marks a whole chat as read or unread on our devices; senders are told by `client.markRead`. */
  readonly markRead: (chat: Jid | string, isRead: boolean, options?: UpTo) => Operation<void, void>
  readonly star: (message: MessageEvent, isStarred: boolean) => Operation<void, void>
  /** Deletes a message on our devices alone. */
  readonly deleteForMe: (message: MessageEvent, options?: { readonly deleteMedia?: boolean }) => Operation<void, void>
  readonly delete: (chat: Jid | string, options?: Emptying) => Operation<void, void>
  /** Empties a chat, but for starred messages unless they go as well. */
  readonly clear: (chat: Jid | string, options?: Emptying & { readonly deleteStarred?: boolean }) => Operation<void, void>
}

/**
 * Chats of an account (protocol document 08, sections 8 and 9).
 *
 * @example
 * await client.chats.mute('120363000000000001@g.us', 'forever')
 */
export const createChats = (change: ChangeAppState): Chats => ({
  archive: (chat, isArchived, options) => {
    const index = chatOf(chat)
    const archived: EntryChange = { index: ['archive', index], value: { archiveChatAction: { archived: isArchived, ...rangeOf(options) } } }
    return change(isArchived ? [archived, { index: ['pin_v1', index], value: { pinAction: { pinned: false } } }] : [archived])
  },
  pin: (chat, isPinned) => change([{ index: ['pin_v1', chatOf(chat)], value: { pinAction: { pinned: isPinned } } }]),
  mute: (chat, until) => change([{ index: ['mute', chatOf(chat)], value: { muteAction: { muted: until !== undefined, muteEndTimestamp: muteEndOf(until) } } }]),
  lock: (chat, isLocked) => change([{ index: ['lock', chatOf(chat)], value: { lockChatAction: { locked: isLocked } } }]),
  markRead: (chat, isRead, options) => change([{ index: ['markChatAsRead', chatOf(chat)], value: { markChatAsReadAction: { read: isRead, ...rangeOf(options) } } }]),
  star: (message, isStarred) => change([{ index: ['star', ...messageIndexOf(message)], value: { starAction: { starred: isStarred } } }]),
  deleteForMe: (message, { deleteMedia = true } = {}) =>
    change([{ index: ['deleteMessageForMe', ...messageIndexOf(message)], value: { deleteMessageForMeAction: { deleteMedia, messageTimestamp: secondsOf(message) } } }]),
  delete: (chat, options = {}) => change([{ index: ['deleteChat', chatOf(chat), flag(options.deleteMedia ?? true)], value: { deleteChatAction: rangeOf(options) } }]),
  clear: (chat, options = {}) =>
    change([{ index: ['clearChat', chatOf(chat), flag(options.deleteStarred ?? false), flag(options.deleteMedia ?? true)], value: { clearChatAction: rangeOf(options) } }]),
})

/** @throws JidInvalid for anything that is no chat */
const chatOf = (chat: Jid | string): string => {
  const jid = toJid(chat)
  if (!isGroup(jid) && !isLid(jid) && !isPhoneNumber(jid) && !isNewsletter(jid)) throw new JidInvalid()
  return userOf(jid).toString()
}

const FOR_EVER = -1

const muteEndOf = (until: Date | 'forever' | undefined): number => {
  if (until === undefined) return 0
  if (until === 'forever') return FOR_EVER
  if (!(until instanceof Date) || Number.isNaN(until.getTime())) throw new OptionInvalid('until', 'a time, "forever" or undefined', typeof until)
  return until.getTime()
}

/** Chat, id, whether it is ours, and in groups who else wrote it. */
const messageIndexOf = (message: MessageEvent): [string, string, string, string] => {
  const { id, source } = checkMessage(message).info
  const author = source.isGroup && !source.isFromMe ? userOf(source.sender).toString() : '0'
  return [userOf(source.chat).toString(), id, flag(source.isFromMe), author]
}

const secondsOf = ({ info }: MessageEvent): number => Math.floor(info.timestamp.getTime() / 1000)

const MOST_MESSAGES = 256

/** The newest messages first; those of others in a group have to be named with their authors. */
const rangeOf = ({ messages = [] }: UpTo = {}): { readonly messageRange?: SyncActionValue_SyncActionMessageRange } => {
  if (messages.length === 0) return {}
  if (messages.length > MOST_MESSAGES) throw new OptionInvalid('options.messages', `at most ${MOST_MESSAGES} messages`, `${messages.length}`)
  const newest = [...messages].sort((one, other) => secondsOf(other) - secondsOf(one))
  return {
    messageRange: {
      lastMessageTimestamp: secondsOf(newest[0]!),
      messages: newest.map((message) => {
        const [remoteJid, id, , participant] = messageIndexOf(message)
        return { key: { remoteJid, fromMe: message.info.source.isFromMe, id, ...(participant !== '0' && { participant }) }, timestamp: secondsOf(message) }
      }),
    },
  }
}
