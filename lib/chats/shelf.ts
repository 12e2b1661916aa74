import { concat, concatMap, defer, EMPTY, expand, from, ignoreElements, map, tap, type Observable } from 'rxjs'

import { utf8 } from '../bytes/bytes.ts'
import { PassingMap } from '../collections/passing-map.ts'
import { mapped } from '../reactive/at-once.ts'
import type { CommitQueue } from '../store/commit-queue.ts'
import { answerOf, fromAwaitable } from '../store/from-awaitable.ts'
import type { OpenStore, Row, Table, Write } from '../store/store.ts'
import { chatOfPlace, chatPrefix, textKeyOf } from './places.ts'
import { decodeRecord, encodeRecord, type MessageReference, type ReceiptRecord } from './records.ts'
import { decodeStored, encodeStored, type StoredMessage } from './stored-message.ts'

/** A message and where it lies. */
export interface PlacedMessage extends StoredMessage {
  readonly place: string
}

/**
 * The messages of all chats in the store. What was changed is seen at once by those who read one message, and by
 * those who go through many after the next commit.
 */
export interface Shelf {
  /** All messages with this id in a chat; there are two when somebody uses the id of somebody else. */
  readonly references: (chat: number, id: string) => Observable<readonly MessageReference[]>
  readonly message: (place: string) => Observable<PlacedMessage | undefined>
  /** Keeps a message; a new one comes with its reference, the text is what it can be found by. */
  readonly keep: (message: PlacedMessage, text: string | undefined, references?: readonly MessageReference[]) => void
  /** Keeps what a message can be found by, where the store can search. */
  readonly keepText: (place: string, text: string | undefined) => void
  readonly remove: (message: PlacedMessage, references: readonly MessageReference[]) => void
  readonly receipts: (place: string) => Observable<readonly ReceiptRecord[]>
  readonly keepReceipts: (place: string, receipts: readonly ReceiptRecord[]) => void
  /** Rows of a chat from its newest on, after a place, until nobody wants more. */
  readonly pages: (chat: number, after?: string, limit?: number) => Observable<readonly PlacedMessage[]>
  readonly put: (write: Write) => void
  readonly read: (table: Table, key: string) => Observable<Uint8Array | undefined>
  /** Hands in all that was changed since the last call, and more; emits once, when it is durable. */
  readonly commit: (more: readonly Write[]) => Observable<void>
  /** Chats whose messages changed since the last call. */
  readonly takeChanged: () => ReadonlySet<number>
}

const PAGE = 200

/** Messages with one id in one chat that are told apart; more come from somebody who means ill. */
const MOST_REFERENCES = 8

const referenceKey = (chat: number, id: string): string => `${chatPrefix(chat)}|${id}`

/** A shelf over an open store, its changes through a queue. */
export const createShelf = (store: OpenStore, queue: CommitQueue): Shelf => {
  /** Changes that are not durable yet. */
  const pending = new PassingMap<string, Write>()
  let collected: Write[] = []
  let changed = new Set<number>()
  const nameOf = (table: Table, key: string): string => `${table} ${key}`

  const put = (write: Write): void => {
    collected.push(write)
    pending.set(nameOf(write.table, write.key), write)
  }
  const read = (table: Table, key: string): Observable<Uint8Array | undefined> => {
    const write = pending.get(nameOf(table, key))
    return write ? answerOf(write.value) : answerOf(store.read(table, key))
  }
  const keepText = (place: string, text: string | undefined): void => {
    if (store.search) put({ table: 'chat_texts', key: textKeyOf(place), value: text === undefined ? undefined : utf8(text) })
  }

  const pages = (chat: number, after: string | undefined, limit: number): Observable<readonly PlacedMessage[]> => {
    const prefix = chatPrefix(chat)
    const scan = (from: string): Observable<readonly Row[]> =>
      fromAwaitable(() => store.scan('chat_messages', from, limit)).pipe(map((rows) => rows.filter(({ key }) => key.startsWith(prefix))))
    return scan(after ?? prefix).pipe(
      expand((rows) => (rows.length < limit ? EMPTY : scan(rows.at(-1)!.key))),
      map((rows) => rows.flatMap(({ key, value }) => placed(key, value) ?? [])),
    )
  }

  return {
    references: (chat, id) => mapped(read('chat_message_ids', referenceKey(chat, id)), (row) => decodeRecord<readonly MessageReference[]>(row) ?? []),
    message: (place) => mapped(read('chat_messages', place), (row) => row && placed(place, row)),
    keep: (message, text, references) => {
      const { place } = message
      put({ table: 'chat_messages', key: place, value: encodeStored(message) })
      keepText(place, text)
      if (references) put({ table: 'chat_message_ids', key: referenceKey(chatOfPlace(place), message.info.key?.id ?? ''), value: encodeRecord(references.slice(0, MOST_REFERENCES)) })
      changed.add(chatOfPlace(place))
    },
    keepText,
    remove: ({ place, info }, references) => {
      const rest = references.filter((one) => one.place !== place)
      put({ table: 'chat_messages', key: place, value: undefined })
      put({ table: 'chat_receipts', key: place, value: undefined })
      put({ table: 'chat_message_ids', key: referenceKey(chatOfPlace(place), info.key?.id ?? ''), value: rest.length === 0 ? undefined : encodeRecord(rest) })
      keepText(place, undefined)
      changed.add(chatOfPlace(place))
    },
    receipts: (place) => mapped(read('chat_receipts', place), (row) => decodeRecord<readonly ReceiptRecord[]>(row) ?? []),
    keepReceipts: (place, receipts) => {
      put({ table: 'chat_receipts', key: place, value: encodeRecord(receipts) })
      changed.add(chatOfPlace(place))
    },
    pages: (chat, after, limit = PAGE) => pages(chat, after, limit),
    put,
    read,
    commit: (more) => {
      for (const write of more) put(write)
      const writes = collected
      collected = []
      return queue.commit(writes, 'soon').pipe(
        tap(() => {
          for (const write of writes) {
            const name = nameOf(write.table, write.key)
            if (pending.get(name) === write) pending.delete(name)
          }
        }),
      )
    },
    takeChanged: () => {
      const taken = changed
      changed = new Set()
      return taken
    },
  }
}

const placed = (place: string, row: Uint8Array): PlacedMessage | undefined => {
  const stored = decodeStored(row)
  return stored && { place, ...stored }
}

/** Goes through the messages of a chat that are durable, newest first, after a place if given; what is changed on the way is durable page by page. */
export const eachMessage = (shelf: Shelf, chat: number, after: string | undefined, use: (message: PlacedMessage) => Observable<never>): Observable<never> =>
  shelf.pages(chat, after).pipe(concatMap((page) => concat(from(page).pipe(concatMap(use)), defer(() => shelf.commit([])).pipe(ignoreElements()))))
