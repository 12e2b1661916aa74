import {
  asyncScheduler,
  concat,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  filter,
  map,
  merge,
  of,
  ReplaySubject,
  share,
  startWith,
  switchMap,
  take,
  toArray,
  type Observable,
  type SchedulerLike,
} from 'rxjs'

import type { Client } from '../client/client.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { requestOperation, voidOperation, type Operation } from '../operation/operation.ts'
import { requireStore } from '../store/require-store.ts'
import type { Store } from '../store/store.ts'
import { isGroup, parseJid, toJid, userOf, type Jid } from '../stanza/jid.ts'
import type { Chat, ChatLabel, Person, Unread } from './chat.ts'
import type { ChatMessage } from './chat-message.ts'
import { followClient } from './follow-client.ts'
import { openView, type OpenView } from './open-view.ts'
import { momentOfPlace } from './places.ts'
import { markReadUpTo } from './project-receipt.ts'
import { pageOf, readPage, search, type FoundMessage, type PageOptions, type SearchOptions } from './read-messages.ts'
import { chatOf, createChatList, isListed, personOf, unreadOf } from './show-chats.ts'

/** What a chat view needs. */
export interface ChatViewOptions {
  readonly client: Client
  /**
   * Where the view keeps what it shows. Not the store of the client, which is open already: another one, or another
   * account of the same SQLite file. SQLite searches by an index; other stores go through all messages.
   */
  readonly store: Store
  /** The clock, for tests; default the real one. */
  readonly scheduler?: SchedulerLike
}

/** One chat of a view. */
export interface OneChat {
  /** The chat itself; undefined while there is none. */
  readonly chat$: Observable<Chat | undefined>
  /** Its newest 50 messages, newest first, whenever they change. */
  readonly messages$: Observable<readonly ChatMessage[]>
  /** Any messages of it, newest first. @throws OptionInvalid */
  readonly page: (options?: PageOptions) => Operation<readonly ChatMessage[], readonly ChatMessage[]>
  /** Tells the senders of all unread messages that they were read, and counts them as read here. Errors with `NotConnected`. */
  readonly markRead: () => Operation<void, void>
}

/**
 * Chats, messages, people and labels, made of the events of a client and kept in a store. Up to date for as long as
 * somebody is subscribed to one of its streams; what happens meanwhile to messages is caught up with, and what
 * happens to the app state is read anew. All streams give their present value first, share one run, and error when
 * the store fails.
 */
export interface ChatView {
  /** All chats but deleted ones: pinned ones first, then those with the newest messages. Archived ones say so. */
  readonly chats$: Observable<readonly Chat[]>
  /** @throws JidInvalid */
  readonly chat: (chat: Jid | string) => OneChat
  /** What is unread in chats that are neither archived nor muted. */
  readonly unread$: Observable<Unread>
  readonly labels$: Observable<readonly ChatLabel[]>
  /** Somebody, as far as they are known. @throws JidInvalid */
  readonly person: (person: Jid | string) => Observable<Person>
  /**
   * Messages that hold all these words or beginnings of words, newest first, in texts, captions, names of files,
   * contacts, places and polls. Capitals and accents make no difference.
   *
   * @throws OptionInvalid, JidInvalid
   */
  readonly search: (words: string, options?: SearchOptions) => Operation<readonly FoundMessage[], readonly FoundMessage[]>
}

/**
 * A view of all chats of a client.
 *
 * @throws OptionInvalid; its streams error with what opening a store errors with, and with `DurableNameTaken` when
 * the client has another view, and with `ViewOfAnotherAccount` when the store has the view of another account
 * @example
 * const view = createChatView({ client, store: memoryStore() })
 * view.chats$.subscribe((chats) => console.log(chats.map(({ name, unread }) => `${name} (${unread})`)))
 */
export const createChatView = (options: ChatViewOptions): ChatView => {
  requireObject('options', options, 'an object with a client and a store')
  const { client, store, scheduler = asyncScheduler } = options
  if (typeof (client as Partial<Client> | undefined)?.durable !== 'function') throw new OptionInvalid('client', 'a client', typeof client)
  requireStore(store)
  const open$ = openView(client, store, scheduler)
  const parts = { openAddon: client.openAddon, nowMs: () => scheduler.now() }
  const running$ = open$.pipe(
    switchMap((view) => merge(of(view), followClient(client, view, parts))),
    share({ connector: () => new ReplaySubject<OpenView>(1) }),
  )
  /** What `look` sees, now and whenever it may have changed. */
  const watched = <T>(look: (view: OpenView) => T, concerns: (view: OpenView, chats: ReadonlySet<number>) => boolean): Observable<T> =>
    running$.pipe(
      switchMap((view) =>
        view.changed$.pipe(
          filter(({ chats }) => concerns(view, chats)),
          startWith(undefined),
          map(() => look(view)),
        ),
      ),
    )
  const chats$ = running$.pipe(
    switchMap(({ state, changed$ }) => {
      const list = createChatList(state.book)
      return changed$.pipe(
        filter(({ chats }) => chats.size > 0),
        map(({ chats }) => chats),
        startWith(new Set<number>()),
        map(list.update),
      )
    }),
    share({ connector: () => new ReplaySubject<readonly Chat[]>(1) }),
  )
  const once = <T>(use: (view: OpenView) => Observable<T>): Observable<T> => open$.pipe(take(1), concatMap(use))

  const oneChat = (jid: Jid): OneChat => {
    const numberIn = ({ state }: OpenView): number | undefined => state.book.findChat(jid)?.number
    return {
      chat$: watched(
        ({ state: { book } }) => {
          const record = book.findChat(jid)
          return record && isListed(record) ? chatOf(book, record) : undefined
        },
        (view, chats) => chats.has(numberIn(view) ?? -1) || chats.size > 0 && numberIn(view) === undefined,
      ).pipe(distinctUntilChanged()),
      messages$: running$.pipe(
        switchMap((view) =>
          view.changed$.pipe(
            filter(({ messages }) => messages.has(numberIn(view) ?? -1)),
            startWith(undefined),
            switchMap(() => readPage(view, jid, pageOf({}))),
          ),
        ),
      ),
      page: (options = {}) => {
        const page = pageOf(options)
        return requestOperation(once((view) => readPage(view, jid, page)))
      },
      markRead: () => voidOperation(once((view) => markRead(client, view, jid))),
    }
  }

  return {
    chats$,
    chat: (chat) => oneChat(userOf(toJid(chat))),
    unread$: chats$.pipe(
      map((chats) => unreadOf(chats, scheduler.now())),
      distinctUntilChanged((one, other) => one.messages === other.messages && one.mentions === other.mentions && one.chats === other.chats),
    ),
    labels$: watched(({ state }) => [...state.book.labels()], () => true).pipe(distinctUntilChanged(sameJson)),
    person: (person) => {
      const jid = userOf(toJid(person))
      return watched(({ state }) => personOf(state.book.person(jid)), () => true).pipe(distinctUntilChanged(sameJson))
    },
    search: (words, options = {}) => {
      pageOf(options)
      if (typeof words !== 'string') throw new OptionInvalid('words', 'a text', typeof words)
      if (options.chat !== undefined) toJid(options.chat)
      return requestOperation(once((view) => search(view, words, options)))
    },
  }
}

/** Small things that are made anew each time somebody looks. */
const sameJson = <T>(one: T, other: T): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Messages that are told to have been read at once. */
const MOST_READ = 1_000

const markRead = (client: Client, view: OpenView, jid: Jid): Observable<unknown> =>
  defer(() => {
    const { book, shelf } = view.state
    const record = book.findChat(jid)
    if (!record?.last) return EMPTY
    const newest = record.last.moment
    const isUnread = (place: string): boolean => record.readUpTo === undefined || momentOfPlace(place) < record.readUpTo
    return shelf.pages(record.number).pipe(
      concatMap((page) => page),
      filter(({ place, info }) => info.key?.fromMe !== true && isUnread(place)),
      take(Math.min(record.unread, MOST_READ)),
      toArray(),
      concatMap((unread) => {
        const [first, ...others] = unread.flatMap(({ info }) => eventOf(info.key ?? {}, jid))
        const told$ = first ? client.markRead(first, ...others) : EMPTY
        // First whether these are chats of this account at all.
        return concat(view.alone(() => EMPTY), told$, view.alone(() => markReadUpTo(view.state, record.number, newest)))
      }),
    )
  })

/** What a receipt needs to know of a message. */
const eventOf = ({ id, remoteJid, participant }: { readonly id?: string; readonly remoteJid?: string; readonly participant?: string }, jid: Jid): readonly MessageEvent[] => {
  const chat = parseJid(remoteJid ?? '') ?? jid
  const sender = parseJid(participant ?? '') ?? chat
  if (id === undefined) return []
  const source = { chat, sender, isFromMe: false, isGroup: isGroup(chat) }
  return [{ type: 'message', message: {}, origin: 'live', redelivered: false, info: { source, id, timestamp: new Date(0), multicast: false, metaInfo: {}, isOffline: false } }]
}

