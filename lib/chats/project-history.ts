import { bufferCount, concat, concatMap, defer, EMPTY, from, type Observable } from 'rxjs'

import type { HistoryMessageStreamPart, LazyHistorySync } from '../events/history-events.ts'
import type { Conversation, HistorySync, WebMessageInfo } from '../proto/types.generated.ts'
import { isGroup, isStatus, parseJid, userOf } from '../stanza/jid.ts'
import { keepMessage } from './keep-message.ts'
import { kindOf } from './message-content.ts'
import { actorOf, learn, type ViewState } from './view-state.ts'

/** Parts of history that become durable together. */
const BATCH = 200

/**
 * Takes in a piece of what the phone tells of the past, part by part. What is known already is not told anew, so
 * that a piece may come twice.
 *
 * @param alone does the work on some parts while nobody else works on the view, and makes it durable
 */
export const projectHistory = (state: ViewState, history: LazyHistorySync, alone: (work: () => Observable<never>) => Observable<never>): Observable<never> =>
  history.messages().pipe(
    bufferCount(BATCH),
    concatMap((parts) => alone(() => from(parts).pipe(concatMap((part) => projectPart(state, part))))),
  )

const projectPart = (state: ViewState, part: HistoryMessageStreamPart): Observable<never> => {
  switch (part.kind) {
    case 'message':
      return part.entry.message ? projectPastMessage(state, part.entry.message) : EMPTY
    case 'conversation':
      return projectConversation(state, part.conversation)
    case 'remainder':
      return projectRemainder(state, part.history)
  }
}

const projectPastMessage = (state: ViewState, info: WebMessageInfo): Observable<never> => {
  const { key, message, messageStubType, pushName } = info
  const jid = parseJid(key?.remoteJid ?? '')
  if (!jid || !key?.id || (message ? kindOf(message) === undefined : messageStubType === undefined)) return EMPTY
  const chat = userOf(jid)
  const sender = parseJid(key.participant ?? info.participant ?? '') ?? (isGroup(chat) || isStatus(chat) ? undefined : chat)
  if (sender && key.fromMe !== true && pushName) state.book.changePerson(sender, { pushName })
  const { number } = state.book.openChat(chat)
  const author = actorOf(state, key.fromMe === true, isGroup(chat) || isStatus(chat) ? sender : undefined)
  return keepMessage(state, { chat: number, info, author, isPast: true })
}

/** What the phone shows of a chat is taken once; what happened since is known better here. */
const projectConversation = (state: ViewState, conversation: Conversation): Observable<never> => {
  const { id, pnJid, lidJid, name, displayName, unreadCount, unreadMentionCount, markedAsUnread, pinned, archived, muteEndTime, ephemeralExpiration, locked, readOnly, conversationTimestamp, lastMsgTimestamp } = conversation
  const jid = parseJid(id ?? '')
  if (!jid) return EMPTY
  return concat(
    learn(state, parseJid(lidJid ?? '') ?? jid, parseJid(pnJid ?? '') ?? jid),
    defer(() => {
      const { book } = state
      const chat = book.openChat(jid)
      const title = name ?? displayName
      if (title !== undefined && !isGroup(jid) && book.person(jid).name === undefined) book.changePerson(jid, { name: title })
      const subject = isGroup(jid) && chat.subject === undefined ? title : chat.subject
      if (chat.isFromHistory) {
        if (subject !== chat.subject) book.changeChat(chat.number, { subject })
        return EMPTY
      }
      const toldMs = Number(lastMsgTimestamp ?? conversationTimestamp ?? 0) * 1000
      book.changeChat(chat.number, {
        isFromHistory: true,
        subject,
        unread: chat.unread + (chat.readUpTo === undefined ? (unreadCount ?? 0) : 0),
        mentions: chat.mentions + (chat.readUpTo === undefined ? (unreadMentionCount ?? 0) : 0),
        isMarkedUnread: chat.isMarkedUnread || markedAsUnread === true,
        isArchived: chat.isArchived || archived === true,
        isLocked: chat.isLocked || locked === true,
        isReadOnly: chat.isReadOnly || readOnly === true,
        pinnedAtMs: chat.pinnedAtMs ?? (pinned ? pinned * 1000 : undefined),
        mutedUntilMs: chat.mutedUntilMs ?? muteEnd(Number(muteEndTime ?? 0)),
        ephemeralSeconds: ephemeralExpiration ?? chat.ephemeralSeconds,
        lastAtMs: chat.lastAtMs ?? (toldMs > 0 ? toldMs : undefined),
      })
      return EMPTY
    }),
  )
}

/** The documents give no unit: seconds are told from milliseconds by their size, what no clock shows is for good. */
const muteEnd = (value: number): number | undefined => {
  if (value === 0) return undefined
  if (value < 0 || value > LAST_MS) return -1
  return value < 100_000_000_000 ? value * 1000 : value
}

/** The longest time a `Date` can hold. */
const LAST_MS = 8_640_000_000_000_000

const projectRemainder = (state: ViewState, { pushnames = [], phoneNumberToLidMappings = [], statusV3Messages = [] }: HistorySync): Observable<never> =>
  concat(
    from(phoneNumberToLidMappings).pipe(concatMap(({ pnJid, lidJid }) => learn(state, parseJid(lidJid ?? ''), parseJid(pnJid ?? '')))),
    defer(() => {
      for (const { id, pushname } of pushnames) {
        const jid = parseJid(id ?? '')
        if (jid && pushname) state.book.changePerson(jid, { pushName: pushname })
      }
      return EMPTY
    }),
    from(statusV3Messages).pipe(concatMap((info) => projectPastMessage(state, info))),
  )
