import {
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  finalize,
  from,
  merge,
  mergeMap,
  NEVER,
  of,
  share,
  Subject,
  switchMap,
  take,
  tap,
  throwError,
  type Observable,
} from 'rxjs'

import { reconnect } from '../connection/reconnect.ts'
import { ClientDestroyed } from '../errors/client-destroyed.ts'
import { ConnectionLost, LoggedOut, StillConnected } from '../errors/connection-errors.ts'
import { AlreadyLinked } from '../errors/pairing-errors.ts'
import { NotConnected } from '../errors/request-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { CollectionName } from '../app-state/collection.ts'
import { mutationsOf, type ChangeAppState } from '../features/app-state-change.ts'
import { createAppStateDoor, type AppStateDoor } from '../features/app-state.ts'
import { createChats, type Chats } from '../features/chats.ts'
import { createLabels, type Labels } from '../features/labels.ts'
import { createQuickReplies, type QuickReplies } from '../features/quick-replies.ts'
import { createSettings, type AccountSettings } from '../features/settings.ts'
import type { AppState } from './app-state/app-state.ts'
import { createContacts, type Contacts } from '../features/contacts.ts'
import type { DurableEvent, DurableType } from '../events/durable-event.ts'
import type { ConnectionState, DisconnectReason } from '../events/connection-events.ts'
import type { Explanation } from '../events/explanation.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { substreamNames, type Substreams } from '../events/substreams.ts'
import type { WaEvent, WaEventOf, WaEventType } from '../events/wa-event.ts'
import { requestOperation, voidOperation, type Operation } from '../operation/operation.ts'
import { createExplanationBook } from '../pipeline/explanation-book.ts'
import type { RequestDescription } from '../requests/request.ts'
import { removeDevice } from '../requests/session-requests.ts'
import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { countStrange } from './count-strange.ts'
import { createChannels, type Channel, type ChannelOptions } from './channel.ts'
import { codeWish, type PairingCodeOptions } from './code-wish.ts'
import { draftReply, draftText, readReceipts, type SendOptions, type TextContent } from './compose.ts'
import { departLeftovers } from './depart.ts'
import { durable, onSession } from './durable.ts'
import { createEventHub } from './event-hub.ts'
import { createHistoryDoor, type HistoryDoor } from './history-door.ts'
import { createHistoryKeeper } from './history-keeper.ts'
import { life } from './life.ts'
import type { LiveState } from './live-state.ts'
import type { Live } from './live.ts'
import { logEvents } from './log-events.ts'
import { ensurePrekeys } from './login.ts'
import { settingsOf, type ClientOptions } from './options.ts'
import { sendMessage } from './outgoing.ts'
import type { PairingCode } from './pair-by-code.ts'
import { createPasskeyDoor, type PasskeyDoor } from './passkey-door.ts'
import { createPresenceKeeper, type PresenceDoor } from './presence-keeper.ts'
import { createPropertiesKeeper, type Properties } from './properties.ts'
import { refuseRevoked, startOver } from './start-over.ts'
import type { SendProgress, SentMessage } from './send-progress.ts'
import { createSessions, type Session } from './session.ts'
import { createViews, type Views } from './views/views.ts'

/** One account, reactive: what arrives are streams, what is asked are operations. */
export interface Client extends Omit<Substreams, 'connectionState$'>, Views {
  /**
   * The connection, cold: the first subscriber opens it, the last one to leave closes it. Emits every
   * decoded stanza. Comes back after a loss on its own; errors only when it ended for good.
   */
  readonly connection$: Observable<Stanza>
  /** What the connection is doing, the present state first. */
  readonly connectionState$: Observable<ConnectionState>
  /** Everything that happens: hot, nothing is repeated for late comers. */
  readonly events$: Observable<WaEvent>
  /** Sends to a person or a group; lazy, see {@link Operation}. */
  readonly send: (chat: Jid | string, content: TextContent, options?: SendOptions) => Operation<SendProgress, SentMessage>
  /** Answers a message in its chat, quoting it. */
  readonly reply: (event: MessageEvent, content: TextContent, options?: SendOptions) => Operation<SendProgress, SentMessage>
  /**
   * What went wrong with a message, received or sent, and what was done about it, as far as it is known now;
   * undefined when nothing went wrong. Kept in memory only: for a day after the last step, for the last 1,000
   * messages, 64 steps each.
   */
  readonly explain: (messageId: string) => Explanation | undefined
  /** The chain of a message each time something is added to it; hot. */
  readonly explanations$: Observable<Explanation>
  /** Tells the sender that messages were read. */
  readonly markRead: (...events: readonly [MessageEvent, ...MessageEvent[]]) => Operation<void, void>
  /**
   * Links this device by a code to type on the phone instead of a QR code: waits for the connection to
   * be pairing, asks for the code, gives it. `pairSuccess$` tells when the phone has used it.
   */
  readonly pairWithCode: (phoneNumber: string, options?: PairingCodeOptions) => Operation<PairingCode, PairingCode>
  /** Gives up the code that is out. */
  readonly cancelPairingCode: () => Operation<void, void>
  /**
   * Events from now on, in order, kept until they are taken: by one subscriber, or by `for await`. Without
   * `types` all of them but the opt-in ones; those when they are named.
   *
   * @throws OptionInvalid
   * @example
   * const channel = client.channel(['message'], { limit: 1_000, policy: 'dropOldest' })
   * for await (const { message } of channel) console.log(textOf(message), channel.dropped())
   */
  readonly channel: <Type extends WaEventType = WaEventType>(types?: readonly Type[], options?: ChannelOptions) => Channel<WaEventOf<Type>>
  /**
   * Events at least once, also across crashes and restarts: everything of these kinds since the name was
   * first subscribed to, in order, until it is acknowledged. Collects while nobody listens; waits while
   * there is no connection. One subscriber per name.
   *
   * @param name yours to choose, 1 to 64 characters; it is kept in the store
   * @param types default: every kind that can be had this way
   * @example
   * client.durable('archive', ['message']).pipe(processed(({ info, message }) => archive.insert(info.id, message))).subscribe()
   */
  readonly durable: <Type extends DurableType = DurableType>(name: string, types?: readonly Type[]) => Observable<DurableEvent<Type>>
  /** Gives a durable name up, with all that it was still owed. */
  readonly forgetDurable: (name: string) => Operation<void, void>
  /**
   * Hangs up and makes no connection until `resume`; the subscription of `connection$` stays, the state is
   * `closed`, sends wait. What is not acknowledged comes again afterwards.
   */
  readonly pause: () => void
  /** Ends a pause: connects at once. Does nothing when there is none. */
  readonly resume: () => void
  /** Hangs up and connects again at once, without waiting for a back-off; ends a pause. */
  readonly reconnect: () => void
  /** Answers accounts that ask for a passkey before they let this device be linked. */
  readonly passkey: PasskeyDoor
  /** Chats as all devices of the account see them: archived, pinned, muted, read, deleted. */
  readonly chats: Chats
  /** Labels of business accounts. */
  readonly labels: Labels
  /** Quick replies of business accounts. */
  readonly quickReplies: QuickReplies
  /** Settings all devices of the account share. */
  readonly settings: AccountSettings
  /** The app state itself, for what has no name of its own here. */
  readonly appState: AppStateDoor
  /** People and their addresses. */
  readonly contacts: Contacts
  /** Who is there and who writes: us to others, others to us. */
  readonly presence: PresenceDoor
  /** Older messages, which our own phone has. */
  readonly history: HistoryDoor
  /** Switches and limits the server sets for this account, by number. */
  readonly properties: Properties
  /** Makes sure that others can write to us for the first time; the result is how many one-time prekeys were left on the server. */
  readonly ensurePrekeys: () => Operation<number, number>
  /** Asks the server for something this package has no name for. */
  readonly request: <Reply>(description: RequestDescription<Reply>) => Operation<Reply, Reply>
  /** Ends the link with the account; the store's credentials are of no use afterwards, see {@link Client.unlink}. */
  readonly logout: () => Operation<void, void>
  /**
   * How many stanzas came that nobody handles or that could not be read, by tag; they were told as events and
   * acknowledged. `other` stands for all tags beyond the first hundred.
   */
  readonly strangeStanzas: () => ReadonlyMap<string, number>
  /**
   * Ends it all: hangs up, completes every stream, lets go of the store. What is sent afterwards fails with
   * `ClientDestroyed`, as does `connection$`.
   */
  readonly destroy: () => void
  /**
   * Forgets the account, with everything the store holds of it, and makes new credentials: the next
   * connection can be linked with a phone. Only while nobody is subscribed to `connection$`; errors with
   * `StillConnected` otherwise. The server is not told: log out first if the link is still good.
   */
  readonly unlink: () => Operation<void, void>
  /** Our two addresses once paired and connected. */
  readonly me: () => { readonly id: Jid; readonly lid: Jid } | undefined
}

/**
 * Makes a client. Nothing happens until `connection$` is subscribed to.
 *
 * @throws OptionInvalid naming the option and what it may be
 * @example
 * const client = createClient({ store: memoryStore() })
 * client.pairingQrCodes$.subscribe(({ code }) => showQr(code))
 * client.messages$.subscribe(({ message }) => console.log(textOf(message)))
 * const connection = client.connection$.subscribe()
 */
export const createClient = (options: ClientOptions): Client => {
  const settings = settingsOf(options)
  const plainHub = countStrange(createEventHub(settings.freezeEvents))
  const hub = settings.logger ? logEvents(plainHub, settings.logger) : plainHub
  const channels = createChannels({ events$: hub.events$, streamOf: (type) => hub.streams[substreamNames[type]] as Observable<WaEvent> })
  const properties = createPropertiesKeeper()
  const history = createHistoryKeeper()
  const sessions$ = createSessions({ settings, hub, properties })
  const state$ = new BehaviorSubject<ConnectionState>({ kind: 'closed' })
  const live$ = new BehaviorSubject<LiveState>({ kind: 'none' })

  const setState = (state: ConnectionState): void => {
    state$.next(state)
    hub.emit({ type: 'connection_state', state })
  }

  /** A connection that is gone takes only itself away, not the word that it ended for good. */
  const setLive = (state: LiveState): void => {
    if (state.kind !== 'none' || live$.value.kind !== 'ended') live$.next(state)
  }

  let isHeld = false
  const isPaused$ = new BehaviorSubject(false)
  const session$ = new BehaviorSubject<Session | undefined>(undefined)
  const explanations = createExplanationBook(() => settings.scheduler.now())
  const departParts = { live$, liveState: () => live$.value, explanations, emit: hub.emit, settings, underWay: new Map<string, Observable<SendProgress>>() }
  const leftovers = (live: Live): Observable<never> => departLeftovers(departParts, live)

  const onLive = <T>(what: string, use: (live: Live) => Observable<T>): Observable<T> =>
    defer(() => {
      const state = live$.value
      return state.kind === 'open' ? use(state.live) : throwError(() => new NotConnected(what))
    })
  const presence = createPresenceKeeper({
    settings,
    presence$: hub.streams.presence$,
    onLive,
    live: () => (live$.value.kind === 'open' ? live$.value.live : undefined),
  })

  /** One connection after the other. */
  const lives = (session: Session): Observable<Stanza> =>
    life({ session, settings, hub, properties, room: channels, presence, history, explanations, setState, setLive, leftovers }).pipe(
      tap({ error: (error: unknown) => tellDisconnected(error, hub.emit) }),
      reconnect(({ tag }) => tag === 'success', {
        ...settings.backoff,
        random: settings.random,
        scheduler: settings.scheduler,
        onWait: (retryInMs, { because }) => setState({ kind: 'waiting', retryInMs, because }),
      }),
    )
  const rest = (): Observable<never> =>
    defer(() => {
      setState({ kind: 'closed' })
      return NEVER
    })

  const gone$ = new Subject<never>()
  const destroy = (): void => {
    const error = new ClientDestroyed()
    gone$.error(error)
    live$.next({ kind: 'ended', error })
    hub.complete()
    for (const subject of [state$, session$]) subject.complete()
    explanations.complete()
  }

  const connection$ = merge(
    gone$,
    defer(() => {
      isHeld = true
      live$.next({ kind: 'none' })
      return sessions$
    }),
  ).pipe(
    tap((session) => session$.next(session)),
    finalize(() => session$.next(undefined)),
    switchMap((session) =>
      isPaused$.pipe(
        switchMap((isPaused) => (isPaused ? rest() : lives(session))),
        refuseRevoked(session),
      ),
    ),
    finalize(() => (isHeld = false)),
    catchError((error: unknown) => {
      if (error instanceof Error) live$.next({ kind: 'ended', error })
      setState({ kind: 'ended', because: error instanceof RxwaError ? error.code : 'defect' })
      return throwError(() => error)
    }),
    finalize(() => {
      if (state$.value.kind !== 'ended') setState({ kind: 'closed' })
    }),
    share(),
  )

  // Loaded when it is needed: it brings the protobuf types of all actions.
  const withAppState = <T>(what: string, use: (appState: AppState) => Observable<T>): Observable<T> =>
    onLive(what, (live) => from(import('./app-state/app-state.ts')).pipe(concatMap(({ createAppState }) => use(createAppState({ live, settings, hub })))))
  const changeAppState: ChangeAppState = (changes) => {
    const mutations = mutationsOf(changes, settings.scheduler.now())
    return voidOperation(withAppState('appState.change', (appState) => appState.write(mutations)))
  }
  const syncAppState = (names: readonly CollectionName[]) => requestOperation(withAppState('appState.sync', (appState) => appState.sync(names)))

  const codes$ = live$.pipe(
    mergeMap((state) => {
      if (state.kind === 'ended') return throwError(() => state.error)
      if (state.kind === 'open') return throwError(() => new AlreadyLinked())
      return state.kind === 'pairing' ? of(state.codes) : EMPTY
    }),
  )

  const sendParts = { ...departParts, receipts$: hub.streams.receipts$, drop: (id: string) => session$.value?.dropMessage(id) }

  return {
    ...hub.streams,
    connection$,
    connectionState$: state$.pipe(distinctUntilChanged()),
    events$: hub.events$,
    send: (chat, content, sendOptions) => sendMessage(sendParts, draftText(chat, content, sendOptions)),
    reply: (event, content, sendOptions) => sendMessage(sendParts, draftReply(event, content, sendOptions)),
    explain: explanations.explain,
    explanations$: explanations.explanations$,
    markRead: (...events) =>
      voidOperation(onLive('markRead', (live) => merge(...readReceipts(events, settings.scheduler.now()).map(live.write)))),
    pairWithCode: (phoneNumber, codeOptions) => {
      const wish = codeWish(phoneNumber, codeOptions)
      return requestOperation(codes$.pipe(take(1), switchMap((codes) => codes.ask(wish))))
    },
    cancelPairingCode: () =>
      voidOperation(defer(() => (live$.value.kind === 'pairing' ? live$.value.codes.cancel() : EMPTY))),
    channel: channels.open,
    durable: (name, types) => durable(session$, name, types),
    forgetDurable: (name) => voidOperation(onSession(session$, (session) => session.deliveries.forget(name))),
    pause: () => isPaused$.next(true),
    resume: () => {
      if (isPaused$.value) isPaused$.next(false)
    },
    reconnect: () => isPaused$.next(false),
    passkey: createPasskeyDoor(live$),
    contacts: createContacts(onLive, changeAppState),
    chats: createChats(changeAppState),
    labels: createLabels(changeAppState),
    quickReplies: createQuickReplies(changeAppState),
    settings: createSettings(changeAppState),
    appState: createAppStateDoor(changeAppState, syncAppState),
    history: createHistoryDoor({ keeper: history, onLive }),
    presence: presence.door,
    ...createViews({ streams: hub.streams, live$, watchPresence: presence.door.watch, scheduler: settings.scheduler }),
    properties: { valueOf: properties.valueOf, values$: properties.values$ },
    ensurePrekeys: () => requestOperation(onLive('ensurePrekeys', (live) => ensurePrekeys(live, settings))),
    request: (description) => requestOperation(onLive(description.name, (live) => live.request(description))),
    logout: () =>
      voidOperation(
        onLive('logout', (live) =>
          live.request(removeDevice(live.session.link().id)).pipe(
            // The link ends whether or not the server says so.
            catchError((error: unknown) => (error instanceof RxwaError ? EMPTY : throwError(() => error))),
            tap({
              complete: () => {
                hub.emit({ type: 'logged_out', onConnect: false, reason: 401 })
                live.end(new LoggedOut(401))
              },
            }),
          ),
        ),
      ),
    destroy,
    strangeStanzas: plainHub.counts,
    unlink: () => voidOperation(defer(() => (isHeld ? throwError(() => new StillConnected('unlink')) : startOver(settings.store).pipe(tap({ complete: properties.forget }))))),
    me: () => {
      const link = live$.value.kind === 'open' ? live$.value.live.session.account().link : undefined
      return link && { id: link.id, lid: link.lid }
    },
  }
}

/** What the user is told when a transport that worked is gone; a planned restart is not worth a word. */
const tellDisconnected = (error: unknown, emit: (event: WaEvent) => void): void => {
  if (!(error instanceof ConnectionLost)) return
  const reason = reasonOf(error)
  if (!reason) return
  const isCleanShutdown =
    reason.kind === 'stream_ended' || (reason.kind === 'server_close' && (reason.code === undefined || CLEAN_CODES.includes(reason.code)))
  emit({ type: 'disconnected', reason, isCleanShutdown })
}

const CLEAN_CODES = [1000, 1001]

const reasonOf = ({ because, closeCode, message }: ConnectionLost): DisconnectReason | undefined => {
  switch (because) {
    case 'server_closed':
      return { kind: 'server_close', ...(closeCode !== undefined && { code: closeCode }), reason: '' }
    case 'stream_ended':
      return { kind: 'stream_ended' }
    case 'stream_error':
    case 'no_answer_to_keepalive':
    case 'deaf':
    case 'overloaded':
      return { kind: 'read_error', message }
    case 'rate_limited':
      return { kind: 'unknown' }
    default:
      return undefined
  }
}
