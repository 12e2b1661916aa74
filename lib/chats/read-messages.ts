import { concatMap, defer, EMPTY, from, map, of, take, toArray, type Observable } from 'rxjs'

import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import { toJid, type Jid } from '../stanza/jid.ts'
import { chatMessageOf, type ChatMessage } from './chat-message.ts'
import { chatOfPlace, isPlace, momentOfPlace, placeOf, placeOfTextKey, textKeyOf } from './places.ts'
import type { OpenView } from './open-view.ts'
import { chatWord, holds, phrasesOf, plainText } from './search-words.ts'
import type { PlacedMessage } from './shelf.ts'

/** Which messages. */
export interface PageOptions {
  /** The `place` of the oldest message of the page before; default: from the newest on. */
  readonly after?: string
  /** 1 to 1,000; default 50. */
  readonly limit?: number
}

/** Which messages are searched. */
export interface SearchOptions extends PageOptions {
  /** Default: all chats. */
  readonly chat?: Jid | string
}

/** A message that was found, and where. */
export interface FoundMessage extends ChatMessage {
  readonly chat: Jid
}

const STANDARD_LIMIT = 50
const MOST = 1_000

/** @throws OptionInvalid */
export const pageOf = (options: PageOptions): { readonly after: string | undefined; readonly limit: number } => {
  requireObject('options', options, 'an object')
  const { after, limit = STANDARD_LIMIT } = options
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) throw new OptionInvalid('limit', `a whole number from 1 to ${MOST}`, String(limit))
  if (after !== undefined && !isPlace(after)) throw new OptionInvalid('after', 'the `place` of a message', typeof after)
  return { after, limit }
}

const shownWith = ({ state }: OpenView, placed: PlacedMessage): Observable<ChatMessage> =>
  placed.info.key?.fromMe === true ? state.shelf.receipts(placed.place).pipe(map((receipts) => chatMessageOf(placed, receipts))) : of(chatMessageOf(placed, []))

/** A page of a chat, newest first. */
export const readPage = (view: OpenView, chat: Jid, { after, limit }: ReturnType<typeof pageOf>): Observable<readonly ChatMessage[]> =>
  defer(() => {
    const record = view.state.book.findChat(chat)
    if (!record) return of([])
    return view.state.shelf.pages(record.number, after, limit).pipe(
      take(1),
      concatMap((page) => from(page).pipe(concatMap((placed) => shownWith(view, placed)), toArray())),
    )
  })

/** Messages that hold all words of a query, newest first; undefined words find nothing. @throws OptionInvalid, JidInvalid */
export const search = (view: OpenView, query: string, options: SearchOptions): Observable<readonly FoundMessage[]> => {
  const { after, limit } = pageOf(options)
  const { book, shelf } = view.state
  const phrases = phrasesOf(query)
  const chat = options.chat === undefined ? undefined : book.findChat(toJid(options.chat))
  if (phrases.length === 0 || (options.chat !== undefined && !chat)) return of([])
  const { store } = view
  const places$: Observable<string> = store.search
    ? fromAwaitable(() => store.search!('chat_texts', chat ? [chatWord(chat.number), ...phrases] : phrases, after && textKeyOf(after), limit)).pipe(
        concatMap((rows) => rows.map(({ key }) => placeOfTextKey(key))),
      )
    : lookThrough(view, chat ? [chat.number] : [...book.chats()].map(({ number }) => number), phrases, after, limit)
  return places$.pipe(
    concatMap((place) => shelf.message(place)),
    concatMap((placed) => (placed ? shownWith(view, placed) : EMPTY)),
    concatMap((message): FoundMessage[] => {
      const jid = chatAt(view, message.place)
      return jid ? [{ ...message, chat: jid }] : []
    }),
    toArray(),
  )
}

const chatAt = ({ state: { book } }: OpenView, place: string): Jid | undefined => {
  const address = book.chatAt(chatOfPlace(place))?.addresses[0]
  return address === undefined ? undefined : toJid(address)
}

/** What a store that cannot search is searched by: all messages, chat by chat. */
const lookThrough = ({ state: { shelf } }: OpenView, chats: readonly number[], phrases: readonly string[], after: string | undefined, limit: number): Observable<string> =>
  from(chats).pipe(
    concatMap((chat) =>
      shelf.pages(chat, after && placeOf(chat, momentOfPlace(after))).pipe(
        concatMap((page) => page.filter(({ info: { message } }) => message && holds(plainText(message) ?? '', phrases))),
        take(limit),
      ),
    ),
    map(({ place }) => textKeyOf(place)),
    toArray(),
    concatMap((keys) => keys.sort().slice(0, limit)),
    map(placeOfTextKey),
  )

