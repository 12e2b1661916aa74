import { concat, concatMap, EMPTY, from, ignoreElements, map, reduce, takeWhile, tap, type Observable } from 'rxjs'

import type { ServerAckEvent } from '../events/connection-events.ts'
import type { MessageEvent } from '../events/message-event.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import { WebMessageInfo_Status as Status } from '../proto/enums.generated.ts'
import { followedBy } from '../reactive/at-once.ts'
import { isNewsletter } from '../stanza/jid.ts'
import { mark } from './change-message.ts'
import { momentOfPlace } from './places.ts'
import type { ReceiptRecord } from './records.ts'
import { settle, type ViewState } from './view-state.ts'

/** People whose receipts are kept for one message. */
const MOST_PEOPLE = 2_048
/** Messages that are looked through to count what is unread. */
const MOST_UNREAD = 10_000

type Reached = 'deliveredAtMs' | 'readAtMs' | 'playedAtMs'

const REACHED: ReadonlyMap<string, Reached> = new Map([
  ['delivered', 'deliveredAtMs'],
  ['inactive', 'deliveredAtMs'],
  ['read', 'readAtMs'],
  ['played', 'playedAtMs'],
])
const STATUS = { deliveredAtMs: Status.DELIVERY_ACK, readAtMs: Status.READ, playedAtMs: Status.PLAYED } as const

/** Somebody got, read or played messages of ours; or we read messages of others on another device. */
export const projectReceipt = (state: ViewState, receipt: ReceiptEvent): Observable<never> => {
  const { source, messageIds, receiptType } = receipt
  const chat = state.book.findChat(source.chat)
  if (!chat || isNewsletter(source.chat)) return EMPTY
  if (receiptType === 'read-self' || receiptType === 'played-self') return readUpTo(state, chat.number, messageIds)
  const reached = REACHED.get(receiptType)
  if (reached === undefined || source.isFromMe) return EMPTY
  return from(messageIds).pipe(concatMap((id) => keepReceipt(state, chat.number, id, reached, receipt)))
}

const keepReceipt = (state: ViewState, chat: number, id: string, reached: Reached, { source, timestamp }: ReceiptEvent): Observable<never> => {
  const { book, shelf } = state
  const person = book.addressOf(source.sender)
  return followedBy(shelf.references(chat, id), (references) => {
    const own = references.find(({ fromMe }) => fromMe)
    if (!own) return EMPTY
    return followedBy(shelf.receipts(own.place), (before) => {
      const known = before.find((one) => one.person === person)
      if (known?.[reached] !== undefined || (!known && before.length >= MOST_PEOPLE)) return EMPTY
      const next: ReceiptRecord = { ...known, person, [reached]: timestamp.getTime() }
      shelf.keepReceipts(own.place, [...before.filter((one) => one !== known), next])
      return followedBy(shelf.message(own.place), (message) =>
        message && Number(message.info.status ?? 0) < STATUS[reached] ? mark(state, chat, id, { fromMe: true }, () => ({ status: STATUS[reached] })) : EMPTY,
      )
    })
  })
}

/** The server took a message of ours, or did not. */
export const projectAccepted = (state: ViewState, { id, from: chat, error }: ServerAckEvent): Observable<never> => {
  const number = chat && state.book.findChat(chat)?.number
  if (number === undefined) return EMPTY
  const reached = error === undefined ? Status.SERVER_ACK : Status.ERROR
  return mark(state, number, id, { fromMe: true }, ({ status }) => (status === Status.PENDING ? { status: reached } : {}))
}

/** Messages we read here. */
export const projectRead = (state: ViewState, events: readonly MessageEvent[]): Observable<never> =>
  from(events).pipe(
    concatMap(({ info: { id, source } }) => {
      const chat = state.book.findChat(source.chat)
      return chat ? readUpTo(state, chat.number, [id]) : EMPTY
    }),
  )

const readUpTo = (state: ViewState, chat: number, messageIds: readonly string[]): Observable<never> =>
  from(messageIds).pipe(
    concatMap((id) => state.shelf.references(chat, id)),
    reduce((newest, references) => references.reduce((moment, { place }) => (momentOfPlace(place) < moment ? momentOfPlace(place) : moment), newest), '~'),
    concatMap((newest) => (newest === '~' ? EMPTY : markReadUpTo(state, chat, newest))),
  )

/** Everything up to a moment is read; what came after it is counted. */
export const markReadUpTo = (state: ViewState, number: number, upTo: string): Observable<never> => {
  const { book, shelf } = state
  const chat = book.chatAt(number)!
  // Never beyond what is there: a device whose clock is ahead has not read what is still to come.
  const moment = chat.last && upTo < chat.last.moment ? chat.last.moment : upTo
  if (chat.readUpTo !== undefined && chat.readUpTo <= moment) return EMPTY
  book.changeChat(number, { readUpTo: moment, isMarkedUnread: false })
  if (!chat.last || moment <= chat.last.moment) {
    book.changeChat(number, { unread: 0, mentions: 0 })
    return EMPTY
  }
  let looked = 0
  return concat(
    settle(state),
    shelf.pages(number).pipe(
      concatMap((page) => page),
      takeWhile(({ place }) => momentOfPlace(place) < moment && (looked += 1) <= MOST_UNREAD),
      map(({ info }): number => (info.key?.fromMe === true ? 0 : 1)),
      reduce((sum, one) => sum + one, 0),
      tap((unread) => book.changeChat(number, { unread, mentions: Math.min(chat.mentions, unread) })),
      ignoreElements(),
    ),
  )
}
