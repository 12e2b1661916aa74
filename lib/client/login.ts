import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  filter,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  race,
  retry,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs'

import { waitOf } from '../connection/reconnect.ts'
import { ReplyMalformed, RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { planPrekeyUpload } from '../signal/prekeys.ts'
import type { Information } from '../pipeline/read-information.ts'
import { prekeyWrite, readPrekeys } from '../pipeline/prekey-shelf.ts'
import { requestOfflineBatches } from '../pipeline/request-offline-batches.ts'
import { watchOfflineSync } from '../pipeline/watch-offline-sync.ts'
import { countPrekeys, fetchDigest, uploadPrekeys } from '../requests/prekey-requests.ts'
import { goActive } from '../requests/session-requests.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import { renewSignedPrekey } from './rotate-signed-prekey.ts'

/** What happens between `<success>` and a quiet open connection. */
export interface LoginParts {
  readonly live: Live
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas, from here on. */
  readonly stanza$: Observable<Stanza>
  /** News about the connection, each after everything before it was handed over. */
  readonly information$: Observable<Information>
  /** Stanzas of the backlog that were handed over so far. */
  readonly offlineHandled: () => number
  /** Keeps the A/B properties fresh from its subscription on. */
  readonly properties$: Observable<unknown>
  /** Whether the login says that we are there. */
  readonly isAvailable: () => boolean
  /** Says so, and what else is to be said about presences. */
  readonly presence$: Observable<never>
  /** Emits once, when the critical part of the app state was read, or could not be. */
  readonly criticalRead$: Observable<unknown>
  readonly onOfflineSyncEnd: () => void
}

/** What a `<success>` says (protocol document 02, section 3.1); everything but the time is optional. */
const readSuccess = (success: Stanza) => {
  const read = attributesOf(success)
  return {
    serverTime: read.optionalInstant('t'),
    lid: read.optionalJid('lid'),
    displayName: read.optionalText('display_name'),
    accountCreated: read.optionalInstant('creation'),
  }
}

/** The course of a login, started by its `<success>`; emits nothing, errors when the store or the connection does. */
export const login = (parts: LoginParts, success: Stanza): Observable<never> =>
  defer(() => {
    const { live, settings, emit } = parts
    const { serverTime = new Date(settings.scheduler.now()), lid, displayName, accountCreated } = readSuccess(success)
    const clockOffsetMs = serverTime.getTime() - settings.scheduler.now()
    live.setClockOffsetMs(clockOffsetMs)

    const connected = (): void => {
      const pushName = settings.pushName ?? live.session.account().pushName
      live.setActive(parts.isAvailable() && Boolean(pushName))
      emit({
        type: 'connected',
        serverTime,
        ...(lid && { lid }),
        ...(displayName && { displayName }),
        ...(accountCreated && { accountCreated }),
      })
    }

    return merge(
      // The backlog may be announced together with the success, while the login is still being stored.
      offlineSync(parts),
      concat(
        rememberLogin(live, success, settings),
        announceSession(live, settings.scheduler.now(), clockOffsetMs),
        merge(
          concat(providePrekeys(live, settings), renewSignedPrekey(live, settings)),
          live.request(goActive).pipe(
            // Going active may be refused or stay without an answer; the connection is usable all the same.
            catchError((error: unknown) => (isUnanswered(error) ? of(true) : throwError(() => error))),
            concatMap(() => (live.session.account().loginCounter === 1 ? untilCritical(parts) : of(true))),
            tap(connected),
            concatMap(() => merge(parts.presence$, parts.properties$)),
          ),
        ),
      ),
    ).pipe(ignoreElements())
  })

/** A new device does not know its own name before; it is connected all the same when that takes too long (protocol document 08, section 7). */
const untilCritical = ({ criticalRead$, settings: { scheduler } }: LoginParts): Observable<unknown> => race(criticalRead$, timer(CRITICAL_LIMIT_MS, scheduler))

const CRITICAL_LIMIT_MS = 15_000

/** The server said no, nothing, or nothing readable: no reason to end the connection. */
const isUnanswered = (error: unknown): boolean =>
  error instanceof ServerRefused || error instanceof RequestTimedOut || error instanceof ReplyMalformed

const rememberLogin = ({ session }: Live, success: Stanza, { pushName }: Settings): Observable<unknown> => {
  const { lid, displayName } = readSuccess(success)
  return session.saveAccount((account) => {
    const name = pushName ?? (displayName || account.pushName)
    return {
      ...account,
      loginCounter: account.loginCounter + 1,
      ...(name !== undefined && { pushName: name }),
      ...(account.link && lid && { link: { ...account.link, lid } }),
    }
  })
}

const DAY_MS = 86_400_000

/** `<ib><unified_session>`: a number that stays the same for a week (protocol document 02, section 5). */
export const announceSession = (live: Pick<Live, 'write'>, nowMs: number, offsetMs: number): Observable<never> =>
  live.write(stanza('ib', {}, [stanza('unified_session', { id: Math.floor((nowMs + offsetMs + 3 * DAY_MS) % (7 * DAY_MS)) })]))

/** Asks for the backlog batch by batch and says when it is through: by the end mark, or when the time is up. */
const offlineSync = ({ live, settings, emit, stanza$, information$, offlineHandled, onOfflineSyncEnd }: LoginParts): Observable<unknown> => {
  const preview$ = information$.pipe(
    filter((information) => information.kind === 'offline_preview'),
    tap(({ event }) => emit(event)),
  )
  const batches$ = requestOfflineBatches(stanza$, settings.scheduler).pipe(
    mergeMap((count) => live.write(stanza('ib', {}, [stanza('offline_batch', { count })]))),
  )
  const end$ = information$.pipe(
    watchOfflineSync(settings.offlineSyncLimitMs, settings.scheduler),
    tap((outcome) => {
      onOfflineSyncEnd()
      emit({
        type: 'offline_sync_completed',
        count: outcome.kind === 'offline_sync_completed' ? outcome.count : offlineHandled(),
      })
    }),
  )
  return merge(preview$, batches$, end$)
}

/** Longest pause between two attempts to publish prekeys (protocol document 04, section 2.2). */
const UPLOAD_WAIT_LIMIT_MS = 610_000

/** Publishes one-time prekeys after a login when the server has none of ours; keeps trying while connected. */
const providePrekeys = (live: Live, settings: Settings): Observable<unknown> =>
  defer(() => (live.session.account().serverHasPrekeys ? checkDigest(live, settings) : uploadMore(live, settings)))

/** Uploads a window of one-time prekeys: durable before they leave, never offered twice. */
export const uploadMore = (live: Live, settings: Pick<Settings, 'prekeyCount' | 'scheduler'>): Observable<unknown> => {
  const { session } = live
  const upload$ = defer(() => {
    const account = session.account()
    const plan = planPrekeyUpload(account, settings.prekeyCount)
    return readPrekeys(session.store, plan.reusedIds).pipe(
      concatMap((reused) =>
        session
          .saveAccount(
            (current) => ({
              ...current,
              nextPrekeyId: plan.nextPrekeyId,
              // Given up before they are sent: on an unknown outcome the server might hold them.
              firstUnuploadedPrekeyId: plan.firstUnuploadedPrekeyId,
              serverHasPrekeys: false,
            }),
            plan.generated.map(prekeyWrite),
          )
          .pipe(map(() => [...reused, ...plan.generated])),
      ),
      concatMap((prekeys) =>
        live.request(
          uploadPrekeys({
            registrationId: account.registrationId,
            identity: account.identity.publicKey,
            prekeys,
            signedPrekey: account.signedPrekey,
          }),
        ),
      ),
      concatMap(() => session.saveAccount((current) => ({ ...current, serverHasPrekeys: true }))),
    )
  })
  return upload$.pipe(
    retry({
      delay: (error: unknown, attempt) =>
        isUnanswered(error)
          ? timer(waitOf(attempt, UPLOAD_WAIT_LIMIT_MS), settings.scheduler)
          : throwError(() => error),
    }),
  )
}

/** Asks whether the server still has our keys; it may have lost them (protocol document 04, section 2.4). */
const checkDigest = (live: Live, settings: Settings): Observable<unknown> =>
  live.request(fetchDigest).pipe(
    catchError((error: unknown) => {
      if (error instanceof ServerRefused && error.status === 404) return uploadMore(live, settings)
      return error instanceof RxwaError ? EMPTY : throwError(() => error)
    }),
  )

/** Fewer than this and new prekeys are due. */
const LEAST_PREKEYS = 5

/** Makes sure that others can write to us: asks how many prekeys are left and uploads when they are few. Emits how many there were. */
export const ensurePrekeys = (live: Live, settings: Pick<Settings, 'prekeyCount' | 'scheduler'>): Observable<number> =>
  live.request(countPrekeys).pipe(
    concatMap((count) => (count < LEAST_PREKEYS ? uploadMore(live, settings).pipe(map(() => count)) : of(count))),
  )
