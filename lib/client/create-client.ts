import {
  BehaviorSubject,
  catchError,
  concatMap,
  defer,
  distinctUntilChanged,
  EMPTY,
  finalize,
  from,
  map,
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
  toArray,
  type Observable,
} from 'rxjs'

import { reconnect } from '../connection/reconnect.ts'
import { ClientDestroyed } from '../errors/client-destroyed.ts'
import { ConnectionLost, LoggedOut, StillConnected } from '../errors/connection-errors.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { AlreadyLinked } from '../errors/pairing-errors.ts'
import { NotConnected } from '../errors/request-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { checkMessage } from '../events/check-message.ts'
import { collectionNames, type CollectionName } from '../app-state/collection.ts'
import { mutationsOf, type ChangeAppState } from '../features/app-state-change.ts'
import { createAppStateDoor, type AppStateReport } from '../features/app-state.ts'
import { createChats } from '../features/chats.ts'
import { createLabels } from '../features/labels.ts'
import { createQuickReplies } from '../features/quick-replies.ts'
import { createSettings } from '../features/settings.ts'
import type { AppState } from './app-state/app-state.ts'
import { appStateModule$ } from './app-state/load-app-state.ts'
import { createContacts } from '../features/contacts.ts'
import type { ConnectionState, DisconnectReason } from '../events/connection-events.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { substreamNames } from '../events/substreams.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { requestOperation, voidOperation } from '../operation/operation.ts'
import { createExplanationBook } from '../pipeline/explanation-book.ts'
import { PassingMap } from '../collections/passing-map.ts'
import { removeDevice } from '../requests/session-requests.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { openAddonOf } from './tell-addons.ts'
import { countStrange } from './count-strange.ts'
import { createChannels } from './channel.ts'
import type { Client } from './client.ts'
import { codeWish } from './code-wish.ts'
import { draftReply, draftText, readReceipts } from './compose.ts'
import { departLeftovers } from './depart.ts'
import { durable, onSession } from './durable.ts'
import { createEventHub } from './event-hub.ts'
import { createHistoryDoor } from './history-door.ts'
import { createHistoryKeeper } from './history-keeper.ts'
import { life } from './life.ts'
import type { LiveState } from './live-state.ts'
import type { Live } from './live.ts'
import { logEvents } from './log-events.ts'
import { ensurePrekeys } from './login.ts'
import { settingsOf, type ClientOptions } from './options.ts'
import { sendMessage } from './outgoing.ts'
import { createPasskeyDoor } from './passkey-door.ts'
import { createPresenceKeeper } from './presence-keeper.ts'
import { recentlySent } from './recently-sent.ts'
import { createPropertiesKeeper } from './properties.ts'
import { refuseRevoked, startOver } from './start-over.ts'
import type { SendProgress } from './send-progress.ts'
import { createSessions, type Session } from './session.ts'
import { createViews } from './views/views.ts'

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
  const messagesRead$ = new Subject<readonly MessageEvent[]>()
  const explanations = createExplanationBook(() => settings.scheduler.now())
  const departParts = { live$, liveState: () => live$.value, explanations, emit: hub.emit, settings, underWay: new PassingMap<string, Observable<SendProgress>>() }
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
        onWait: (retryInMs, { because, detail }) => setState({ kind: 'waiting', retryInMs, because, ...(detail !== undefined && { detail }) }),
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
    messagesRead$.complete()
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

  const withAppState = <T>(what: string, use: (appState: AppState) => Observable<T>): Observable<T> =>
    onLive(what, (live) => appStateModule$.pipe(concatMap(({ createAppState }) => use(createAppState({ live, settings, hub })))))
  const changeAppState: ChangeAppState = (changes) => {
    const mutations = mutationsOf(changes, settings.scheduler.now())
    return voidOperation(withAppState('appState.change', (appState) => appState.write(mutations)))
  }
  const syncAppState = (names: readonly CollectionName[], fromScratch: boolean) =>
    requestOperation<AppStateReport>(withAppState('appState.sync', (appState) => appState.sync(names, fromScratch).pipe(map(({ broken: _, ...report }) => report))))
  const appStateVersions = () =>
    requestOperation(
      onSession('appState.versions', session$, ({ appStateShelf }) =>
        from(collectionNames).pipe(
          concatMap((name) => appStateShelf.state(name).pipe(map(({ version }) => [name, version] as const))),
          toArray(),
          map((versions): ReadonlyMap<CollectionName, number> => new Map(versions)),
        ),
      ),
    )

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
    recentlySent: (since = new Date(0)) => {
      if (!(since instanceof Date)) throw new OptionInvalid('since', 'a Date', typeof since)
      return requestOperation(onSession('recentlySent', session$, (session) => recentlySent(session, since)))
    },
    openAddon: (event) => {
      checkMessage(event)
      return requestOperation(onSession('openAddon', session$, (session) => openAddonOf(session, event)))
    },
    explain: explanations.explain,
    explanations$: explanations.explanations$,
    messagesRead$: messagesRead$.asObservable(),
    markRead: (...events) => {
      events.forEach(checkMessage)
      return voidOperation(
        onLive('markRead', (live) =>
          merge(...readReceipts(events, settings.scheduler.now()).map(live.write)).pipe(tap({ complete: () => messagesRead$.next(events) })),
        ),
      )
    },
    pairWithCode: (phoneNumber, codeOptions) => {
      const wish = codeWish(phoneNumber, codeOptions)
      return requestOperation(codes$.pipe(take(1), switchMap((codes) => codes.ask(wish))))
    },
    cancelPairingCode: () =>
      voidOperation(defer(() => (live$.value.kind === 'pairing' ? live$.value.codes.cancel() : EMPTY))),
    channel: channels.open,
    durable: (name, types) => durable(session$, name, types),
    forgetDurable: (name) => voidOperation(onSession('durable', session$, (session) => session.deliveries.forget(name))),
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
    appState: createAppStateDoor({ change: changeAppState, sync: syncAppState, versions: appStateVersions }),
    history: createHistoryDoor({ keeper: history, onLive }),
    presence: presence.door,
    ...createViews({ streams: hub.streams, live$, watchPresence: presence.door.watch, scheduler: settings.scheduler }),
    properties: { valueOf: properties.valueOf, values$: properties.values$ },
    ensurePrekeys: () => requestOperation(onLive('ensurePrekeys', (live) => ensurePrekeys(live, settings))),
    request: (description) => {
      requireObject('description', description, 'the description of a request')
      return requestOperation(onLive(description.name, (live) => live.request(description)))
    },
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
