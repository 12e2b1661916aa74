import { concat, concatMap, defer, EMPTY, endWith, forkJoin, from, ignoreElements, map, merge, mergeMap, NEVER, of, reduce, ReplaySubject, share, Subject, tap, type Observable, type SchedulerLike } from 'rxjs'

import { createKeyedLocks } from '../pipeline/keyed-locks.ts'
import { followedBy, whichEnds } from '../reactive/at-once.ts'
import type { CommitQueue } from '../store/commit-queue.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Row, Store, Table } from '../store/store.ts'
import { createStoreLease } from '../store/store-lease.ts'
import type { Client } from '../client/client.ts'
import { ownerCheck } from './check-owner.ts'
import { COUNTERS, createBook, type Book, type Counters } from './book.ts'
import { decodeRecord, encodeRecord, type ChatRecord, type LabelRecord, type PersonRecord } from './records.ts'
import { searchText } from './search-words.ts'
import { createShelf, eachMessage } from './shelf.ts'
import type { ViewState } from './view-state.ts'

/** Chats that look different now. */
export interface Changed {
  /** What a list shows of them. */
  readonly chats: ReadonlySet<number>
  /** Their messages. */
  readonly messages: ReadonlySet<number>
}

/** A view with its store open. */
export interface OpenView {
  readonly state: ViewState
  readonly store: OpenStore
  /** What became durable, by whoever did it. */
  readonly changed$: Observable<Changed>
  /**
   * Does some work while nobody else works on the view; completes when what it changed is durable. Errors with
   * `ViewOfAnotherAccount` instead when the client has another account than the view.
   */
  readonly alone: (work: () => Observable<never>) => Observable<never>
}

const LANE = ['view']

/** Key in `chat_state`: texts of all messages are in the index of the store. */
const INDEXED = 'indexed'

/** Opens the store for as long as somebody is subscribed; shared by all who are. Emits once, and stays; errors when the store fails. */
export const openView = (client: Pick<Client, 'me'>, store: Store, scheduler: SchedulerLike): Observable<OpenView> => {
  const lease = createStoreLease(store, scheduler)
  return lease((open, queue) => merge(queue.failure$, viewOver(open, queue, client))).pipe(
    share({ connector: () => new ReplaySubject(1), resetOnRefCountZero: true, resetOnComplete: true, resetOnError: true }),
  )
}

const viewOver = (store: OpenStore, queue: CommitQueue, client: Pick<Client, 'me'>): Observable<OpenView> =>
  loadBook(store).pipe(
    map((book): OpenView => {
      const state: ViewState = { book, shelf: createShelf(store, queue), me: client.me }
      const changed$ = new Subject<Changed>()
      return { state, store, changed$: changed$.asObservable(), alone: workAlone(state, (changed) => changed$.next(changed)) }
    }),
    concatMap((view) => concat(indexTexts(view), of(view), NEVER)),
  )

const workAlone = (state: ViewState, tell: (changed: Changed) => void): OpenView['alone'] => {
  const { book, shelf } = state
  const locks = createKeyedLocks()
  const checkOwner = ownerCheck(state)
  return (work) =>
    defer(() =>
      followedBy(locks.acquire(LANE), (release) =>
        whichEnds(
          () =>
            concat(checkOwner(), defer(work)).pipe(
              endWith(undefined),
              // Handed in while alone, so that it becomes durable in order; waited for afterwards.
              map(() => ({ durable$: shelf.commit(book.takeWrites()), changed: { chats: book.takeChanged(), messages: shelf.takeChanged() } })),
            ),
          release,
        ),
      ),
    ).pipe(
      mergeMap(({ durable$, changed }) => durable$.pipe(tap(() => tell(changed)))),
      ignoreElements(),
    )
}

const allRows = (store: OpenStore, table: Table): Observable<readonly Row[]> => scanPages(store, table).pipe(reduce((all, rows) => [...all, ...rows], [] as readonly Row[]))

const loadBook = (store: OpenStore): Observable<Book> =>
  forkJoin([allRows(store, 'chats'), allRows(store, 'chat_people'), allRows(store, 'chat_labels'), fromAwaitable(() => store.read('chat_state', COUNTERS))]).pipe(
    // A row that cannot be read is as one that is not there: what follows writes it anew.
    map(([chats, people, labels, counters]) =>
      createBook({
        chats: recordsIn<ChatRecord>(chats),
        people: new Map(people.flatMap(({ key, value }) => peopleIn(key, decodeRecord<PersonRecord>(value)))),
        labels: recordsIn<LabelRecord>(labels),
        counters: decodeRecord<Counters>(counters),
      }),
    ),
  )

const recordsIn = <T extends object>(rows: readonly Row[]): readonly T[] => rows.flatMap(({ value }) => decodeRecord<T>(value) ?? [])

const peopleIn = (address: string, person: PersonRecord | undefined): ReadonlyArray<readonly [string, PersonRecord]> => (person ? [[address, person]] : [])

/** A store that can search is given the texts it lacks, as after a restore into another kind of store. */
const indexTexts = ({ store, state: { book, shelf }, alone }: OpenView): Observable<never> =>
  fromAwaitable(() => store.read('chat_state', INDEXED)).pipe(
    concatMap((indexed) => {
      const isWanted = store.search !== undefined
      if (isWanted === (indexed !== undefined)) return EMPTY
      return alone(() => {
        const texts$ = from(isWanted ? [...book.chats()] : []).pipe(
          concatMap(({ number }) =>
            eachMessage(shelf, number, undefined, ({ place, info }) => {
              shelf.keepText(place, searchText(number, info.message))
              return EMPTY
            }),
          ),
        )
        // Last: whoever is stopped before that begins anew.
        return concat(
          texts$,
          defer(() => {
            shelf.put({ table: 'chat_state', key: INDEXED, value: isWanted ? encodeRecord({}) : undefined })
            return EMPTY
          }),
        )
      })
    }),
    ignoreElements(),
  )
