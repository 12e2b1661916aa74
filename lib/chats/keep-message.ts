import { defer, EMPTY, type Observable } from 'rxjs'

import { textOf } from '../events/operators/text-of.ts'
import { WebMessageInfo_StubType as StubType } from '../proto/enums.generated.ts'
import type { WebMessageInfo } from '../proto/types.generated.ts'
import { followedBy } from '../reactive/at-once.ts'
import { parseJid, sameUser } from '../stanza/jid.ts'
import { kindOf, mentionsIn } from './message-content.ts'
import { momentOf, momentOfPlace, placeOf } from './places.ts'
import type { PreviewRecord } from './records.ts'
import { searchText } from './search-words.ts'
import type { PlacedMessage } from './shelf.ts'
import { isBy, type Actor, type ViewState } from './view-state.ts'

/** A message that is to be shown. */
export interface NewMessage {
  readonly chat: number
  readonly info: WebMessageInfo
  readonly author: Actor
  /** Told by the phone's history: what it counts is counted already. */
  readonly isPast: boolean
}

const PREVIEW_CHARACTERS = 200

/** Keeps a message, once: what comes again only fills in what could not be read before. */
export const keepMessage = (state: ViewState, { chat, info, author, isPast }: NewMessage): Observable<never> =>
  defer(() => {
    const { book, shelf } = state
    const id = info.key?.id ?? ''
    const seconds = Number(info.messageTimestamp ?? 0)
    return followedBy(shelf.references(chat, id), (references) => {
      const known = references.find((reference) => isBy(state, reference, author))
      if (known) return followedBy(shelf.message(known.place), (there) => (there && isUnreadable(there.info) && !isUnreadable(info) ? fillIn(state, chat, there, info) : EMPTY))
      const message: PlacedMessage = { place: placeOf(chat, momentOf(seconds, book.nextOrder(isPast))), info, editedAtMs: 0 }
      const { fromMe, address } = author
      shelf.keep(message, searchText(chat, info.message), [...references, { place: message.place, fromMe, ...(address !== undefined && { sender: address }) }])
      if (!isPast && !fromMe) countUnread(state, chat, message)
      showLast(state, chat, message)
      return EMPTY
    })
  })

const isUnreadable = ({ messageStubType, message }: WebMessageInfo): boolean => messageStubType === StubType.CIPHERTEXT && !message

const fillIn = ({ book, shelf }: ViewState, chat: number, { place, editedAtMs, info: { reactions, pollUpdates, starred } }: PlacedMessage, info: WebMessageInfo): Observable<never> => {
  const filled: PlacedMessage = { place, editedAtMs, info: { ...info, ...(reactions && { reactions }), ...(pollUpdates && { pollUpdates }), ...(starred && { starred }) } }
  shelf.keep(filled, searchText(chat, info.message))
  if (book.chatAt(chat)?.last?.moment === momentOfPlace(place)) showLast({ book }, chat, filled)
  return EMPTY
}

const countUnread = ({ book, me }: ViewState, number: number, { place, info }: PlacedMessage): void => {
  const chat = book.chatAt(number)!
  if (chat.readUpTo !== undefined && momentOfPlace(place) >= chat.readUpTo) return
  const own = me()
  const mentioned = info.message ? mentionsIn(info.message).map(parseJid) : []
  const isMentioned = own !== undefined && mentioned.some((jid) => jid && (sameUser(jid, own.id) || sameUser(jid, own.lid)))
  book.changeChat(number, { unread: chat.unread + 1, mentions: chat.mentions + (isMentioned ? 1 : 0) })
}

/** Shows a message as the last one of its chat, if it is. */
export const showLast = ({ book }: Pick<ViewState, 'book'>, number: number, message: PlacedMessage): void => {
  const chat = book.chatAt(number)
  const moment = momentOfPlace(message.place)
  if (!chat || (chat.last && chat.last.moment < moment)) return
  book.changeChat(number, { last: previewOf(message), lastAtMs: Number(message.info.messageTimestamp ?? 0) * 1000, isHidden: false })
}

/** A message in short. */
export const previewOf = ({ place, info }: PlacedMessage): PreviewRecord => {
  const text = info.message && textOf(info.message)?.slice(0, PREVIEW_CHARACTERS)
  const sender = info.key?.participant ?? info.participant
  return {
    moment: momentOfPlace(place),
    id: info.key?.id ?? '',
    fromMe: info.key?.fromMe === true,
    kind: info.messageStubType === StubType.REVOKE ? 'revoked' : (info.message && kindOf(info.message)) ?? 'unreadable',
    ...(sender !== undefined && { sender }),
    ...(text !== undefined && { text }),
  }
}
