import {
  BehaviorSubject,
  catchError,
  concat,
  concatMap,
  connect,
  defer,
  exhaustMap,
  filter,
  finalize,
  first,
  ignoreElements,
  map,
  merge,
  NEVER,
  share,
  Subject,
  take,
  tap,
  throwError,
  timeout,
  type Observable,
} from 'rxjs'

import { keepAlive } from '../connection/keepalive.ts'
import { connection } from '../connection/connection.ts'
import { ConnectionLost } from '../errors/connection-errors.ts'
import type { ConnectionState } from '../events/connection-events.ts'
import { pongOf } from '../pipeline/answers.ts'
import { chatLaneOf } from '../pipeline/decrypt.ts'
import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import { joinReceipts } from '../pipeline/join-receipts.ts'
import { createLoad } from '../pipeline/limit-load.ts'
import { createResumeLane } from '../pipeline/resume-lane.ts'
import { createWaitingRequests } from '../pipeline/settle-replies.ts'
import type { StreamEnding } from '../pipeline/stream-endings.ts'
import { mapEach } from '../reactive/map-each.ts'
import { shareByKind } from '../reactive/share-by-kind.ts'
import { countPrekeys } from '../requests/prekey-requests.ts'
import { ping, PING_LIMIT_MS } from '../requests/session-requests.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { describeStanza } from '../stanza/redact.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Room } from '../pipeline/hold-while-full.ts'
import { clientPayload } from './client-payload.ts'
import { ENDING_TAGS, endWith, isControl, isServerPing, readEnding } from './control-stanzas.ts'
import type { EventHub } from './event-hub.ts'
import { explainReceived } from './explain-messages.ts'
import { receive } from './incoming.ts'
import type { HistoryKeeper } from './history-keeper.ts'
import { followAll } from './follow-all.ts'
import { followLine } from './follow-news.ts'
import { forgetRefusedServer, rememberServer, resumableKey } from './known-server.ts'
import { createLive, type Live } from './live.ts'
import type { LiveState } from './live-state.ts'
import { login } from './login.ts'
import type { Settings } from './options.ts'
import { pair } from './pairing.ts'
import type { PresenceKeeper } from './presence-keeper.ts'
import { followProperties, type PropertiesKeeper } from './properties.ts'
import { randomPrefix } from './random-prefix.ts'
import type { Session } from './session.ts'
import { tellRaw } from './tell-raw.ts'
import { UNLINKED } from './unlinked.ts'

/** What one connection attempt reports to the client around it. */
export interface LifeParts {
  readonly session: Session
  readonly settings: Settings
  readonly hub: EventHub
  readonly properties: PropertiesKeeper
  readonly room: Room
  /** Why messages could not be read or delivered. */
  readonly explanations: ExplanationBook
  /** What our phone sent of the past. */
  readonly history: HistoryKeeper
  readonly presence: Pick<PresenceKeeper, 'isWanted' | 'afterLogin'>
  readonly setState: (state: ConnectionState) => void
  /** Sends what the outbox holds, once a connection is open. */
  readonly leftovers: (live: Live) => Observable<never>
  /** What can be done with the connection now. */
  readonly setLive: (state: Exclude<LiveState, { readonly kind: 'ended' }>) => void
}

/** Time for the server to answer the login after the handshake. */
const LOGIN_LIMIT_MS = 60_000

/**
 * One connection, from the first byte to its end: dials, pairs or logs in, receives. Emits every
 * decoded stanza; errors with a `ConnectionLost` when it may come back and with another typed error
 * when it must not.
 */
export const life = (parts: LifeParts): Observable<Stanza> =>
  defer(() => {
    const { session, settings, hub, explanations, setState, setLive } = parts
    const account = session.account()
    const outgoing$ = new Subject<Uint8Array>()
    const trace = traceOf(settings)
    const writeEncoded = (plaintext: Uint8Array): void => outgoing$.next(plaintext)
    const write = (stanza: Stanza): void => {
      trace?.('→', stanza)
      writeEncoded(encodeStanza(stanza))
    }
    const requests = createWaitingRequests({ write, idPrefix: randomPrefix(), scheduler: settings.scheduler })
    const end$ = new Subject<never>()
    const doubt$ = new Subject<void>()
    const live = createLive({ session, requests, write, writeEncoded, end: (error) => end$.error(error), doubt: () => doubt$.next(), settings })
    const handledOffline = { count: 0 }
    const isAccepting$ = new BehaviorSubject(false)
    const isCriticalRead$ = new BehaviorSubject(false)
    let ending: StreamEnding | undefined

    // Linking ends in a new connection, so this is so for as long as this one lasts.
    const link = account.link ? session.link : () => UNLINKED
    const lane = createResumeLane(chatLaneOf(session.directory))
    const answering = joinReceipts({ write, scheduler: settings.scheduler })
    const receivePipe = receive({
      requests,
      load: createLoad(),
      room: parts.room,
      sessions: { ...session, link, laneOf: lane.laneOf },
      account: {
        link,
        isActive: live.isActive,
        isObserved: (type) => hub.isObserved(type) || session.deliveries.isWanted(type),
        nowMs: () => settings.scheduler.now(),
        retryReceipt: session.retryReceipt,
        canAskPhone: session.placeholders.canAsk,
        alternate: session.directory.alternate,
        phoneAnswers: session.phoneAnswers,
        secrets: session.secrets,
        keepHistory: session.history.keep,
        learnKeys: session.appStateKeys.learn,
        ownName: () => session.account().pushName,
        learn: session.directory.learn,
        ringing: session.ringing,
        messageCodec: session.messageCodec,
      },
      ledger: session.ledger,
      deliveries: {
        keep: session.deliveries.keep,
        tell: (kept) => {
          kept.parsed.first?.forEach(write)
          session.deliveries.tell(kept)
        },
      },
      commit: session.commit,
      isResuming: lane.isResuming,
      answer: answering.answer,
    })

    setState({ kind: 'dialing' })
    const incoming$ = connection({
      dial: settings.dial,
      url: settings.url,
      noise: account.noise,
      payload: clientPayload(account, settings),
      trustedRoot: settings.trustedRoot,
      routingInfo: account.routingInfo,
      knownServerKey: resumableKey(account, settings.scheduler.now()),
      limitMs: settings.connectLimitMs,
      scheduler: settings.scheduler,
      outgoing$,
      onSent: (plaintext) => {
        if (hub.isObserved('sent_frame')) hub.emit({ type: 'sent_frame', plaintext })
      },
    })

    /** What arrives, told raw before anybody acts on it. */
    const told$ = incoming$.pipe(
      tap((incoming) => {
        if (trace && incoming.kind === 'stanza') trace('←', incoming.stanza)
        tellRaw(hub, setState, account.link !== undefined, incoming)
      }),
    )

    // What an earlier process or connection committed but could not tell comes first.
    const untold$ = session.commit([]).pipe(
      concatMap(() => session.deliveries.replay()),
      ignoreElements(),
    )

    return concat(untold$, told$).pipe(
      connect((shared$) => {
        const stanzas = shareByKind(shared$.pipe(mapEach((incoming) => (incoming.kind === 'stanza' ? [incoming.stanza] : NOTHING))), ({ tag }) => tag)
        const handled = shareByKind(
          stanzas.all$.pipe(
            filter((stanza) => !isControl(stanza)),
            receivePipe,
            map(({ parsed }) => {
              if (parsed.stanza.attrs['offline'] !== undefined) handledOffline.count += 1
              lane.passed()
              explainReceived(explanations, parsed)
              return parsed
            }),
          ),
          ({ stanza }) => stanza.tag,
        )
        const information$ = handled.of('ib').pipe(mapEach(({ information }) => information), share())
        const endings$ = stanzas.of(...ENDING_TAGS).pipe(
          concatMap((stanza) => readEnding(stanza, ending)),
          tap((next) => {
            ending = next
            if (next.isBusy) setLive({ kind: 'none' })
          }),
          // A link that is being stored is answered first: the server would not know of it otherwise.
          concatMap((next) => isAccepting$.pipe(first((isAccepting) => !isAccepting), concatMap(() => endWith(next, hub.emit, settings)))),
        )
        const success$ = stanzas.of('success').pipe(take(1))
        const loggedIn$ = success$.pipe(
          tap(() => {
            setState({ kind: 'resuming' })
            setLive({ kind: 'open', live })
          }),
          exhaustMap((success) =>
            login(
              {
                live,
                settings,
                emit: hub.emit,
                stanza$: stanzas.all$,
                information$,
                offlineHandled: () => handledOffline.count,
                properties$: followProperties(live, parts.properties, handled.of('notification'), settings),
                criticalRead$: isCriticalRead$.pipe(first((isRead) => isRead)),
                isAvailable: parts.presence.isWanted,
                presence$: parts.presence.afterLogin(live),
                onOfflineSyncEnd: () => {
                  lane.finish()
                  setState({ kind: 'open' })
                },
              },
              success,
            ),
          ),
        )
        const alive$ = keepAlive({
          received$: shared$,
          ping: () => live.request(ping),
          probe: () => live.request({ ...countPrekeys, timeoutMs: PING_LIMIT_MS }),
          oldestAskedAtMs: requests.oldestAskedAtMs,
          doubt$,
          onTimeout: (errorCount, lastSuccessMs) =>
            hub.emit({ type: 'keep_alive_timeout', errorCount, ...(lastSuccessMs !== undefined && { lastSuccess: new Date(lastSuccessMs) }) }),
          onRestored: () => hub.emit({ type: 'keep_alive_restored' }),
          ...settings.keepAlive,
          random: settings.random,
          scheduler: settings.scheduler,
        })
        const pongs$ = stanzas.of('iq').pipe(
          filter(isServerPing),
          tap((iq) => write(pongOf(iq))),
        )
        const course$ = account.link
          ? merge(
              loggedIn$,
              success$.pipe(exhaustMap(() => parts.leftovers(live))),
              awaitLogin(stanzas.of('success', 'failure'), settings),
              alive$,
              followAll({ live, settings, hub, explanations, history: parts.history, login$: success$, stanzas, handled, information$, onCritical: () => isCriticalRead$.next(true) }),
            )
          : pair({ live, settings, emit: hub.emit, stanza$: stanzas.all$, setPairing: (ways) => setLive({ kind: 'pairing', ...ways }), setAccepting: (isAccepting) => isAccepting$.next(isAccepting) })
        const line$ = followLine({ live, settings, emit: hub.emit, information$ })
        const server$ = shared$.pipe(
          filter(({ kind }) => kind === 'opened'),
          concatMap((incoming) => rememberServer(session, incoming)),
          ignoreElements(),
        )
        const quiet$ = course$.pipe(ignoreElements())
        // A pairing knows why a server that ends the stream does so.
        const ends$ = account.link ? merge(endings$, quiet$) : merge(quiet$, endings$)
        return merge(end$, session.failure$, server$, ends$, line$.pipe(ignoreElements()), pongs$.pipe(ignoreElements()), handled.of().pipe(ignoreElements()), stanzas.all$)
      }),
      catchError((error: unknown) =>
        forgetRefusedServer(session, error).pipe(
          concatMap(() => throwError(() => afterPairing(parts, account.link === undefined, ending ? ending.error : error))),
        ),
      ),
      finalize(() => {
        setLive({ kind: 'none' })
        answering.end()
        requests.end(new ConnectionLost('server_closed'))
        live.sendLimits.end()
        outgoing$.complete()
      }),
    )
  })

const NOTHING: readonly never[] = []

/** Writes down every stanza, if the logger wants that. */
const traceOf = ({ logger }: Settings): ((direction: string, stanza: Stanza) => void) | undefined =>
  logger?.isLevelEnabled?.('trace') ? (direction, stanza) => logger.trace({}, `${direction} ${describeStanza(stanza)}`) : undefined

/** A server that took the handshake but says nothing to the login is as good as gone. */
const awaitLogin = (answer$: Observable<Stanza>, { scheduler }: Settings): Observable<never> =>
  concat(
    answer$.pipe(
      take(1),
      timeout({ first: LOGIN_LIMIT_MS, scheduler, with: () => throwError(() => new ConnectionLost('login_timed_out')) }),
      ignoreElements(),
    ),
    NEVER,
  )

/** After a pairing the server closes; however it does that, we log in at once (protocol document 03, section 3.1). */
const afterPairing = ({ session }: LifeParts, wasUnlinked: boolean, error: unknown): unknown =>
  wasUnlinked && session.account().link && error instanceof ConnectionLost && error.because !== 'rate_limited'
    ? new ConnectionLost('restart_required', 'at_once', { cause: error })
    : error
