import { concat, EMPTY, ignoreElements, map, take, tap, type Observable } from 'rxjs'

import { WebMessageInfo_StubType as StubType } from '../proto/enums.generated.ts'
import type { Message, Message_PollVoteMessage, MessageKey, WebMessageInfo } from '../proto/types.generated.ts'
import { followedBy } from '../reactive/at-once.ts'
import { previewOf } from './keep-message.ts'
import { momentOfPlace } from './places.ts'
import type { MessageReference } from './records.ts'
import { searchText } from './search-words.ts'
import type { PlacedMessage } from './shelf.ts'
import { isBy, pick, settle, type Actor, type ViewState } from './view-state.ts'

/** Somebody did something to an earlier message. */
export interface Deed {
  readonly chat: number
  readonly target: MessageKey
  readonly actor: Actor
  /** The message that did it. */
  readonly by: MessageKey
  readonly atMs: number
}

/** People whose reactions, or votes, are kept on one message. */
const MOST_PEOPLE = 2_048

/** Changes the message a key names, if it is there. */
const change = (
  { shelf }: ViewState,
  chat: number,
  id: string,
  choose: (references: readonly MessageReference[]) => MessageReference | undefined,
  edit: (message: PlacedMessage) => PlacedMessage | undefined,
  keep: (message: PlacedMessage) => void,
): Observable<never> =>
  followedBy(shelf.references(chat, id), (references) => {
    const reference = choose(references)
    if (!reference) return EMPTY
    return followedBy(shelf.message(reference.place), (message) => {
      const edited = message && edit(message)
      if (edited) keep(edited)
      return EMPTY
    })
  })

const changeTarget = (state: ViewState, { chat, target, actor }: Pick<Deed, 'chat' | 'target' | 'actor'>, edit: (message: PlacedMessage) => PlacedMessage | undefined): Observable<never> =>
  change(state, chat, target.id ?? '', (references) => pick(references, target, actor), edit, (message) => keepChanged(state, chat, message))

const keepChanged = ({ book, shelf }: ViewState, chat: number, message: PlacedMessage): void => {
  shelf.keep(message, searchText(chat, message.info.message))
  if (book.chatAt(chat)?.last?.moment === momentOfPlace(message.place)) book.changeChat(chat, { last: previewOf(message) })
}

const withInfo = (message: PlacedMessage, changes: Partial<WebMessageInfo>): PlacedMessage => ({ ...message, info: { ...message.info, ...changes } })

/** Whether an entry is by this actor. */
const isOf = (state: ViewState, key: MessageKey | undefined, actor: Actor): boolean =>
  isBy(state, { place: '', fromMe: key?.fromMe === true, ...(key?.participant !== undefined && { sender: key.participant }) }, actor)

/** The last reaction of a person counts; an empty one takes it back. */
export const react = (state: ViewState, deed: Deed, text: string, sentAtMs: number): Observable<never> =>
  changeTarget(state, deed, (message) => {
    const before = message.info.reactions ?? []
    const known = before.find(({ key }) => isOf(state, key, deed.actor))
    if (known && Number(known.senderTimestampMs ?? 0) > sentAtMs) return undefined
    const others = before.filter((reaction) => reaction !== known)
    const added = text === '' || others.length >= MOST_PEOPLE ? [] : [{ key: deed.by, text, senderTimestampMs: sentAtMs }]
    return withInfo(message, { reactions: [...others, ...added] })
  })

/** The last vote of a person counts. */
export const vote = (state: ViewState, deed: Deed, choice: Message_PollVoteMessage, sentAtMs: number): Observable<never> =>
  changeTarget(state, deed, (message) => {
    const before = message.info.pollUpdates ?? []
    const known = before.find(({ pollUpdateMessageKey }) => isOf(state, pollUpdateMessageKey, deed.actor))
    if (known && Number(known.senderTimestampMs ?? 0) > sentAtMs) return undefined
    const others = before.filter((update) => update !== known)
    if (others.length >= MOST_PEOPLE) return undefined
    return withInfo(message, { pollUpdates: [...others, { pollUpdateMessageKey: deed.by, vote: choice, senderTimestampMs: sentAtMs }] })
  })

/** Only its author edits a message. */
export const edit = (state: ViewState, { chat, target, actor, atMs }: Deed, content: Message): Observable<never> =>
  change(
    state,
    chat,
    target.id ?? '',
    (references) => references.find((reference) => isBy(state, reference, actor)),
    (message) => (message.editedAtMs > atMs || message.info.messageStubType === StubType.REVOKE ? undefined : { ...withInfo(message, { message: content }), editedAtMs: atMs }),
    (message) => keepChanged(state, chat, message),
  )

/** Its author takes a message back, or an admin of the group does. */
export const revoke = (state: ViewState, { chat, target, actor, atMs }: Deed, isByAdmin: boolean): Observable<never> =>
  change(
    state,
    chat,
    target.id ?? '',
    (references) => (isByAdmin ? pick(references, target, actor) : references.find((reference) => isBy(state, reference, actor))),
    ({ info: { message: _, reactions: __, pollUpdates: ___, ...rest }, ...placed }) => ({ ...placed, info: { ...rest, messageStubType: StubType.REVOKE, revokeMessageTimestamp: Math.floor(atMs / 1000) } }),
    (message) => keepChanged(state, chat, message),
  )

/** Changes a message of which the account itself knows something, as that it is starred. */
export const mark = (state: ViewState, chat: number, id: string, author: Actor, changes: (info: WebMessageInfo) => Partial<WebMessageInfo>): Observable<never> =>
  change(
    state,
    chat,
    id,
    (references) => references.find((reference) => isBy(state, reference, author)),
    (message) => withInfo(message, changes(message.info)),
    (message) => keepChanged(state, chat, message),
  )

/** Takes a message out of its chat. */
export const remove = (state: ViewState, chat: number, id: string, author: Actor): Observable<never> => {
  const { book, shelf } = state
  return followedBy(shelf.references(chat, id), (references) => {
    const reference = references.find((one) => isBy(state, one, author))
    if (!reference) return EMPTY
    return followedBy(shelf.message(reference.place), (message): Observable<never> => {
      if (!message) return EMPTY
      shelf.remove(message, references)
      const { unread = 0, readUpTo, last } = book.chatAt(chat) ?? {}
      const moment = momentOfPlace(reference.place)
      if (unread > 0 && !reference.fromMe && (readUpTo === undefined || moment < readUpTo)) book.changeChat(chat, { unread: unread - 1 })
      return last?.moment === moment ? findLast(state, chat) : EMPTY
    })
  })
}

/** Finds out which message is the last one of a chat now. */
export const findLast = (state: ViewState, chat: number): Observable<never> => {
  const { book, shelf } = state
  return concat(
    settle(state),
    shelf.pages(chat, undefined, 1).pipe(
      take(1),
      map(([newest]) => newest),
      tap((newest) => {
        book.changeChat(chat, { last: newest && previewOf(newest), ...(newest && { lastAtMs: Number(newest.info.messageTimestamp ?? 0) * 1000 }) })
      }),
      ignoreElements(),
    ),
  )
}
