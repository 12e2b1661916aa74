import { map, reduce, type Observable } from 'rxjs'

import { concat, utf8 } from '../bytes/bytes.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Message_HistorySyncNotification } from '../proto/types.generated.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Write } from '../store/store.ts'

/** A notification of history that is not done with. */
export interface WaitingHistory {
  readonly notification: Message_HistorySyncNotification
  /** The phone was asked to upload it again. */
  readonly isAsked: boolean
}

/**
 * Notifications of history until they are done with, and what was done. They are stored together with the message
 * that brought them, which the server forgets at once: a crash loses none.
 */
export interface HistoryShelf {
  /** What to store of a notification, in the transaction of its message. */
  readonly keep: (messageId: string, notification: Message_HistorySyncNotification, isAsked?: boolean) => readonly Write[]
  /** Messages whose history waits to be taken in; old marks are cleared away. */
  readonly waiting: () => Observable<{ readonly ids: readonly string[]; readonly writes: readonly Write[] }>
  /** Undefined when there is none; `malformed` when it cannot be read. */
  readonly read: (messageId: string) => Observable<WaitingHistory | 'malformed' | undefined>
  readonly drop: (messageId: string) => readonly Write[]
  /** Whether the content with this name was taken in before. */
  readonly isDone: (name: string) => Observable<boolean>
  readonly done: (name: string) => readonly Write[]
  /** Proves to hosts that we are this companion (protocol document 07, section 5.6). */
  readonly keepNonce: (nonce: string) => readonly Write[]
}

/** What a shelf needs. */
export interface HistoryShelfParts {
  readonly store: OpenStore
  readonly codec: ProtoCodec<Message_HistorySyncNotification>
  readonly nowMs: () => number
}

const [PENDING, DONE] = ['pending|', 'done|']
const NONCE = 'nonce'

/** Marks kept; a phone sends some dozens of pieces. */
const MOST_DONE = 1_000
/** Waiting notifications kept; an account that has more is told so by their failing. */
const MOST_WAITING = 1_000
/** Largest inline content kept; a row may have 16 MiB. */
const MOST_ROW_BYTES = 15 * 1024 * 1024

/** A shelf over an open store. */
export const createHistoryShelf = ({ store, codec, nowMs }: HistoryShelfParts): HistoryShelf => ({
  keep: (messageId, notification, isAsked = false) => {
    const bytes = codec.encode(notification)
    return bytes.length > MOST_ROW_BYTES ? [] : [{ table: 'history', key: PENDING + messageId, value: concat(Uint8Array.of(isAsked ? 1 : 0), bytes) }]
  },
  waiting: () =>
    scanPages(store, 'history').pipe(
      // Keys only: the content of all of them would fill the memory.
      reduce(
        (found, rows) => {
          for (const { key, value } of rows) {
            if (key.startsWith(DONE)) found.done.push({ key, atMs: timeOf(value) })
            else if (key.startsWith(PENDING) && value[0] === 0) found.ids.push(key.slice(PENDING.length))
            else if (key.startsWith(PENDING)) found.asked.push(key)
          }
          return found
        },
        { ids: [] as string[], asked: [] as string[], done: [] as { readonly key: string; readonly atMs: number }[] },
      ),
      map(({ ids, asked, done }) => {
        const old = done.sort((one, other) => other.atMs - one.atMs).slice(MOST_DONE)
        const gone = [...old.map(({ key }) => key), ...asked.slice(MOST_WAITING)]
        return { ids: ids.slice(0, MOST_WAITING), writes: gone.map((key): Write => ({ table: 'history', key, value: undefined })) }
      }),
    ),
  read: (messageId) =>
    fromAwaitable(() => store.read('history', PENDING + messageId)).pipe(
      map((row) => {
        if (!row) return undefined
        try {
          return { notification: codec.decode(row.subarray(1)), isAsked: row[0] === 1 }
        } catch (error) {
          if (error instanceof ProtoMalformed) return 'malformed'
          throw error
        }
      }),
    ),
  drop: (messageId) => [{ table: 'history', key: PENDING + messageId, value: undefined }],
  isDone: (name) => fromAwaitable(() => store.read('history', DONE + name)).pipe(map((row) => row !== undefined)),
  done: (name) => [{ table: 'history', key: DONE + name, value: timeRow(nowMs()) }],
  keepNonce: (nonce) => [{ table: 'history', key: NONCE, value: utf8(nonce) }],
})

const timeRow = (ms: number): Uint8Array => {
  const row = new Uint8Array(8)
  new DataView(row.buffer).setFloat64(0, ms)
  return row
}

const timeOf = (row: Uint8Array): number => (row.length === 8 ? new DataView(row.buffer, row.byteOffset).getFloat64(0) : 0)
