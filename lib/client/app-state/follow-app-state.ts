import { catchError, concat, concatMap, defer, EMPTY, filter, from, ignoreElements, map, merge, mergeMap, of, tap, throwError, timer, type Observable } from 'rxjs'

import { collectionNames, isCollectionName, type CollectionName } from '../../app-state/collection.ts'
import { ServerRefused, RequestTimedOut, ReplyMalformed } from '../../errors/request-errors.ts'
import { NoDeviceReachable } from '../../errors/send-errors.ts'
import type { Information } from '../../pipeline/read-information.ts'
import type { Parsed } from '../../pipeline/parsed.ts'
import { isOwn } from '../../pipeline/read-source.ts'
import { Message_PeerDataOperationRequestType as Request, Message_ProtocolMessage_Type as ProtocolType } from '../../proto/enums.generated.ts'
import type { Message_AppStateSyncKeyRequest } from '../../proto/types.generated.ts'
import { KEY_ID_BYTES } from '../../app-state/sync-keys.ts'
import { mapEach } from '../../reactive/map-each.ts'
import { cleanDirty } from '../../requests/session-requests.ts'
import type { Jid } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { sendToOwnDevice } from '../send-to-phone.ts'
import type { AppStateParts } from './app-state.ts'
import { appStateModule$ } from './load-app-state.ts'
import type { SyncReport } from './sync-collections.ts'

/** What following needs. */
export interface FollowAppStateParts extends AppStateParts {
  /** Emits once, when the server has taken this connection in. */
  readonly login$: Observable<unknown>
  /** Called when the critical part was read for the first time, or could not be. */
  readonly onCritical: () => void
  readonly handled$: Observable<Parsed>
  readonly information$: Observable<Information>
}

/** Without these a device does not know its own name (protocol document 08, section 1). */
const CRITICAL: readonly CollectionName[] = ['critical_block', 'critical_unblock_low']

/** What stays unread is tried again, this often in one connection, after a pause that doubles (protocol document 08, section 7). */
const ATTEMPTS = 8
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 3_600_000

/**
 * Keeps the app state up to date: asks for it after every login and whenever the server says that it changed;
 * gives other devices of ours the keys they ask for.
 */
export const followAppState = (parts: FollowAppStateParts): Observable<never> =>
  defer(() => {
    const { live, login$, handled$, information$ } = parts
    const { session } = live
    // Whatever was said while nobody listened: one request tells. A new device learns its name first.
    const begin$ = login$.pipe(
      concatMap(() => session.appStateShelf.state(CRITICAL[0]!)),
      concatMap(({ version }) => (version === 0 ? from([CRITICAL, collectionNames.filter((name) => !CRITICAL.includes(name))]) : of([...collectionNames]))),
    )
    const changed$ = handled$.pipe(
      map(({ stanza }) => stanza),
      filter(({ tag, attrs }) => tag === 'notification' && attrs['type'] === 'server_sync'),
      map(collectionsIn),
    )
    const dirty$ = information$.pipe(
      filter((information) => information.kind === 'event' && information.event.type === 'dirty_state' && information.event.dirtyType === 'syncd_app_state'),
      concatMap((information) => {
        const timestamp = information.kind === 'event' && information.event.type === 'dirty_state' ? information.event.timestamp : undefined
        const clean$ = timestamp ? live.request(cleanDirty('syncd_app_state', timestamp)).pipe(ignoreElements(), unlessRefused()) : EMPTY
        return concat(of([...collectionNames] as readonly CollectionName[]), clean$)
      }),
    )
    /** What could not be read, and waits for keys or for the server. */
    const unread = new Set<CollectionName>()
    const withKeys$ = session.appStateKeys.shared$.pipe(map((): readonly CollectionName[] => [...unread]))
    return merge(
      merge(begin$, changed$, dirty$, withKeys$).pipe(
        filter((names) => names.length > 0),
        mergeMap((names) => keepTrying(parts, unread, names, 1)),
      ),
      answerKeyRequests(parts, handled$),
      hearRecoveries(parts, handled$),
    ).pipe(ignoreElements())
  })

/** The collections a notification names. */
const collectionsIn = (notification: Stanza): readonly CollectionName[] => {
  const named = childrenOf(notification, 'collection').flatMap((collection) => attributesOf(collection).optionalText('name') ?? [])
  return named.filter(isCollectionName)
}

const keepTrying = (parts: FollowAppStateParts, unread: Set<CollectionName>, names: readonly CollectionName[], attempt: number): Observable<never> => {
  const { live, hub } = parts
  const { scheduler } = live.session
  if (names.length === 0) return EMPTY
  return appStateModule$.pipe(
      concatMap(({ createAppState }) => createAppState(parts).sync(names)),
      concatMap((report) => {
        if (names.includes(CRITICAL[0]!)) parts.onCritical()
        for (const name of report.synced) unread.delete(name)
        for (const name of report.retryable) unread.add(name)
        tellFailure(hub, report, attempt)
        if (report.retryable.length === 0) return EMPTY
        const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS)
        const again$ = defer(() => keepTrying(parts, unread, report.retryable.filter((name) => unread.has(name)), attempt + 1))
        return merge(recover(parts, unread, report.broken), attempt >= ATTEMPTS ? EMPTY : timer(pauseMs, scheduler).pipe(concatMap(() => again$)))
      }),
    )
}

/** What our phone gave is read on from there. */
const recover = (parts: FollowAppStateParts, unread: Set<CollectionName>, names: readonly CollectionName[]): Observable<never> => {
  if (names.length === 0) return EMPTY
  return appStateModule$.pipe(
    concatMap(({ createAppState }) => createAppState(parts).recover(names)),
    concatMap((recovered) => keepTrying(parts, unread, recovered, 1)),
  )
}

/** What our phone says to that. */
const hearRecoveries = ({ live }: FollowAppStateParts, handled$: Observable<Parsed>): Observable<never> =>
  handled$.pipe(
    mapEach(({ results, stanza }) => (stanza.attrs['category'] === 'peer' ? results.map((result) => ({ result, from: attributesOf(stanza).optionalJid('from') })) : [])),
    tap(({ result, from: device }) => {
      const response = result.kind === 'opened' ? result.message.protocolMessage?.peerDataOperationRequestResponseMessage : undefined
      if (response?.peerDataOperationRequestType !== Request.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY || response.stanzaId === undefined) return
      if (device?.device === 0 && isOwn(live.session.link(), device)) live.session.recoveries.answer(response.stanzaId, response.peerDataOperationResult?.[0]?.syncdSnapshotFatalRecoveryResponse)
    }),
    ignoreElements(),
  )

/** Told at first, and when it is given up. */
const tellFailure = (hub: FollowAppStateParts['hub'], { fatal, retryable }: SyncReport, attempt: number): void => {
  if (fatal.length + retryable.length === 0 || (attempt > 1 && attempt < ATTEMPTS && fatal.length === 0)) return
  hub.emit({ type: 'app_state_sync_failed', fatal, retryable, skipped: [], connected: true })
}

/** Keys other devices of ours lack; an entry without a key says that we lack it too (protocol document 08, section 2). */
const answerKeyRequests = ({ live }: FollowAppStateParts, handled$: Observable<Parsed>): Observable<never> =>
  handled$.pipe(
    mapEach((parsed) => requestsIn(live.session.link(), parsed)),
    concatMap(({ device, request }) => {
      const { appStateKeys } = live.session
      const keyIds = (request.keyIds ?? []).slice(0, MOST_ASKED).flatMap(({ keyId }) => (keyId?.length === KEY_ID_BYTES ? [keyId] : []))
      const keys = keyIds.map((keyId) => {
        const keyData = appStateKeys.share(keyId)
        return { keyId: { keyId }, ...(keyData && { keyData }) }
      })
      return sendToOwnDevice(live, device, { protocolMessage: { type: ProtocolType.APP_STATE_SYNC_KEY_SHARE, appStateSyncKeyShare: { keys } } }, 'high').pipe(
        ignoreElements(),
        unlessRefused(),
      )
    }),
  )

/** Keys of one request that are answered. */
const MOST_ASKED = 100

interface KeyRequest {
  readonly device: Jid
  readonly request: Message_AppStateSyncKeyRequest
}

const requestsIn = (link: Parameters<typeof isOwn>[0], { results, stanza }: Parsed): readonly KeyRequest[] =>
  results.flatMap((result) => {
    const request = result.kind === 'opened' ? result.message.protocolMessage?.appStateSyncKeyRequest : undefined
    const device = request && attributesOf(stanza).optionalJid('from')
    return request && device && isOwn(link, device) ? [{ device, request }] : []
  })

/** A device nobody can reach, or a server that says no: nothing more can be done about it now. */
const unlessRefused =
  <T>() =>
  (work$: Observable<T>): Observable<T> =>
    work$.pipe(
      catchError((error: unknown) =>
        error instanceof NoDeviceReachable || error instanceof ServerRefused || error instanceof RequestTimedOut || error instanceof ReplyMalformed ? EMPTY : throwError(() => error),
      ),
    )
