import { concat, concatMap, defer, EMPTY, type Observable } from 'rxjs'

import { actionOf } from '../app-state/actions.ts'
import type { CollectionName } from '../app-state/collection.ts'
import type { AboutMessage, AppStateEvent, ClearChatUpdateEvent, MarkChatAsReadUpdateEvent } from '../events/app-state-events.ts'
import type { WaEvent } from '../events/wa-event.ts'
import type { SyncActionValue_SyncActionMessageRange } from '../proto/types.generated.ts'
import { parseJid, type Jid } from '../stanza/jid.ts'
import { findLast, mark, remove } from './change-message.ts'
import { momentBefore, placeOf } from './places.ts'
import { markReadUpTo } from './project-receipt.ts'
import type { ChatRecord } from './records.ts'
import { eachMessage, type PlacedMessage } from './shelf.ts'
import { actorOf, learn, settle, type ViewState } from './view-state.ts'

/** Events of the app state that a view shows. */
export const SHOWN_APP_STATE = [
  'pin_update',
  'mute_update',
  'archive_update',
  'mark_chat_as_read_update',
  'chat_lock',
  'contact_update',
  'contact_removed',
  'lid_contact',
  'star_update',
  'delete_message_for_me_update',
  'delete_chat_update',
  'clear_chat_update',
  'label_edit_update',
  'label_association_update',
  'message_label_association_update',
  'unarchive_chats_setting',
] as const satisfies ReadonlyArray<AppStateEvent['type']>

/** One of them. */
export type ShownAppState = Extract<AppStateEvent, { readonly type: (typeof SHOWN_APP_STATE)[number] }>

/** Whether an event is one of them. */
export const isShownAppState = (event: WaEvent): event is ShownAppState => (SHOWN_APP_STATE as readonly string[]).includes(event.type)

/** What another device of the account, or we, did to chats, messages, people and labels. */
export const projectAppState = (state: ViewState, event: ShownAppState): Observable<never> => {
  const { book } = state
  const change = (jid: Jid, changes: Partial<ChatRecord>): Observable<never> => {
    book.changeChat(book.openChat(jid).number, changes)
    return EMPTY
  }
  switch (event.type) {
    case 'pin_update':
      return change(event.jid, { pinnedAtMs: event.action.pinned === true ? event.timestamp.getTime() : undefined })
    case 'mute_update':
      return change(event.jid, { mutedUntilMs: event.action.muted === true ? Number(event.action.muteEndTimestamp ?? -1) : undefined })
    case 'archive_update':
      return change(event.jid, { isArchived: event.action.archived === true })
    case 'chat_lock':
      return change(event.jid, { isLocked: event.action.locked === true })
    case 'mark_chat_as_read_update':
      return markRead(state, event)
    case 'contact_update': {
      const { fullName, firstName, lidJid, pnJid } = event.action
      return concat(
        learn(state, lidJid === undefined ? event.jid : parseJid(lidJid), pnJid === undefined ? event.jid : parseJid(pnJid)),
        defer(() => (book.changePerson(event.jid, { name: fullName ?? firstName }), EMPTY)),
      )
    }
    case 'lid_contact':
      book.changePerson(event.jid, { name: event.action.fullName ?? event.action.firstName })
      return EMPTY
    case 'contact_removed':
      book.changePerson(event.jid, { name: undefined })
      return EMPTY
    case 'star_update':
      return onMessage(state, event, (chat, author) => mark(state, chat, event.messageId, author, () => ({ starred: event.action.starred === true })))
    case 'delete_message_for_me_update':
      return onMessage(state, event, (chat, author) => remove(state, chat, event.messageId, author))
    case 'delete_chat_update':
      return clear(state, event.jid, rangeEnd(event.action.messageRange, event.timestamp), true, true)
    case 'clear_chat_update':
      return clearChat(state, event)
    case 'label_edit_update': {
      const { labelId: id, action } = event
      if (action.deleted === true) book.removeLabel(id)
      else book.keepLabel({ id, name: action.name ?? '', ...(action.color !== undefined && { color: action.color }) })
      return EMPTY
    }
    case 'label_association_update': {
      const { labels } = book.openChat(event.chatJid)
      return change(event.chatJid, { labels: withLabel(labels, event.labelId, event.action.labeled === true) })
    }
    case 'message_label_association_update': {
      const chat = book.findChat(event.chatJid)
      // The entry does not say who wrote the message.
      const label = (fromMe: boolean): Observable<never> =>
        chat ? mark(state, chat.number, event.messageId, { fromMe }, ({ labels = [] }) => ({ labels: withLabel(labels, event.labelId, event.action.labeled === true) })) : EMPTY
      return concat(label(true), label(false))
    }
    case 'unarchive_chats_setting':
      book.setUnarchives(event.action.unarchiveChats === true)
      return EMPTY
  }
}

const withLabel = (labels: readonly string[], label: string, isOn: boolean): readonly string[] => [...labels.filter((one) => one !== label), ...(isOn ? [label] : [])]

const onMessage = (state: ViewState, { chatJid, participantJid, fromMe }: AboutMessage, act: (chat: number, author: ReturnType<typeof actorOf>) => Observable<never>): Observable<never> => {
  const chat = state.book.findChat(chatJid)
  return chat ? act(chat.number, actorOf(state, fromMe, participantJid)) : EMPTY
}

/** The second up to which an action reaches; without a range all there was when it was written. */
const rangeEnd = (range: SyncActionValue_SyncActionMessageRange | undefined, timestamp: Date): number => {
  const last = Math.max(Number(range?.lastMessageTimestamp ?? 0), Number(range?.lastSystemMessageTimestamp ?? 0))
  return last > 0 ? last : Math.floor(timestamp.getTime() / 1000)
}

const markRead = (state: ViewState, { jid, action, timestamp }: MarkChatAsReadUpdateEvent): Observable<never> => {
  const { number } = state.book.openChat(jid)
  if (action.read !== true) {
    state.book.changeChat(number, { isMarkedUnread: true })
    return EMPTY
  }
  state.book.changeChat(number, { isMarkedUnread: false })
  return markReadUpTo(state, number, momentBefore(rangeEnd(action.messageRange, timestamp)))
}

const clearChat = (state: ViewState, { jid, action, timestamp, deleteStarred }: ClearChatUpdateEvent): Observable<never> =>
  clear(state, jid, rangeEnd(action.messageRange, timestamp), deleteStarred, false)

/** Takes everything up to a second out of a chat; one without messages is gone when it was deleted. */
const clear = (state: ViewState, jid: Jid, seconds: number, alsoStarred: boolean, isDeleted: boolean): Observable<never> => {
  const { book, shelf } = state
  const chat = book.findChat(jid)
  if (!chat) return EMPTY
  const { number } = chat
  const take = (message: PlacedMessage): Observable<never> =>
    message.info.starred === true && !alsoStarred ? EMPTY : shelf.references(number, message.info.key?.id ?? '').pipe(concatMap((references) => (shelf.remove(message, references), EMPTY)))
  return concat(
    markReadUpTo(state, number, momentBefore(seconds)),
    settle(state),
    eachMessage(shelf, number, placeOf(number, momentBefore(seconds)), take),
    findLast(state, number),
    defer(() => {
      if (isDeleted && !book.chatAt(number)?.last) book.changeChat(number, { isHidden: true, unread: 0, mentions: 0, isMarkedUnread: false, pinnedAtMs: undefined })
      return EMPTY
    }),
  )
}

/** What the entries of a collection say is forgotten, because all of them are about to be told. */
export const forgetAppState = ({ book }: ViewState, collection: CollectionName): void => {
  const isOf = (action: string): boolean => actionOf(action)?.collection === collection
  for (const chat of [...book.chats()]) {
    const told: Partial<ChatRecord> = {
      ...(isOf('pin_v1') && chat.pinnedAtMs !== undefined && { pinnedAtMs: undefined }),
      ...(isOf('archive') && chat.isArchived && { isArchived: false }),
      ...(isOf('lock') && chat.isLocked && { isLocked: false }),
      ...(isOf('mute') && chat.mutedUntilMs !== undefined && { mutedUntilMs: undefined }),
      ...(isOf('label_jid') && chat.labels.length > 0 && { labels: [] }),
    }
    if (Object.keys(told).length > 0) book.changeChat(chat.number, told)
  }
  if (isOf('label_edit')) for (const { id } of [...book.labels()]) book.removeLabel(id)
}
