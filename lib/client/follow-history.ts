import { catchError, concat, concatMap, defer, EMPTY, filter, from, ignoreElements, map, merge, mergeMap, of, tap, type Observable } from 'rxjs'

import { HistoryRejected } from '../errors/history-error.ts'
import type { LazyHistorySync } from '../events/history-events.ts'
import { extractHistory, type HistoryExtract } from '../history/extract-history.ts'
import { inflateHistory } from '../history/inflate-history.ts'
import { LazyHistory } from '../history/lazy-history.ts'
import { stepwise } from '../history/stepwise.ts'
import { watchHistory } from '../history/watch-history.ts'
import { SECRET_LIFE_SECONDS } from '../pipeline/message-secrets.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { Message_HistorySyncType as SyncType } from '../proto/enums.generated.ts'
import type { Message_HistorySyncNotification } from '../proto/types.generated.ts'
import { userOf } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import { askHistoryAgain, readHistoryAgain } from './ask-history-again.ts'
import type { EventHub } from './event-hub.ts'
import { hasContent, historyContent, type HistoryFailure } from './history-content.ts'
import type { HistoryKeeper } from './history-keeper.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import { takeHistory } from './take-history.ts'

/** What following history needs. */
export interface FollowHistoryParts {
  readonly live: Live
  readonly settings: Settings
  readonly hub: EventHub
  readonly keeper: HistoryKeeper
  /** Emits once, when the server has taken this connection in. */
  readonly login$: Observable<unknown>
  readonly handled$: Observable<Parsed>
}

/** Pieces that wait in line on one connection; more stay in the store until the next one. */
const MOST_IN_LINE = 1_000

/**
 * Takes in the history our phone sends, one piece after the other: fetches it, keeps what the client itself needs,
 * tells it, and only then tells the phone (protocol document 09, section 4). What was not done when the process
 * ended is done with the next connection.
 */
export const followHistory = (parts: FollowHistoryParts): Observable<never> =>
  defer(() => {
    const { live, settings, hub, keeper, login$, handled$ } = parts
    const { history, commit } = live.session
    const inLine = new Set<string>()
    const left$ = login$.pipe(
      concatMap(() => history.waiting()),
      concatMap(({ ids, writes }) => (writes.length === 0 ? from(ids) : commit(writes).pipe(mergeMap(() => ids)))),
    )
    const fresh$ = handled$.pipe(
      filter((parsed): parsed is Parsed & Required<Pick<Parsed, 'history'>> => parsed.history !== undefined),
      map((parsed) => parsed.history),
    )
    const first$ = merge(left$, fresh$).pipe(
      filter((id) => !inLine.has(id) && inLine.size < MOST_IN_LINE),
      tap((id) => inLine.add(id)),
    )
    // The phone may answer before the piece that was asked for again has left the line.
    const work$ = merge(first$, readHistoryAgain(live, handled$)).pipe(
      concatMap((id) => concat(takeOne(parts, id), defer(() => (inLine.delete(id), EMPTY)))),
    )
    const progress$ = keeper.notes$.pipe(
      watchHistory(settings.scheduler, keeper.progress),
      tap((progress) => {
        const before = keeper.progress().find(({ syncType }) => syncType === progress.syncType)
        keeper.progressed([...keeper.progress().filter((one) => one !== before), progress])
        const { syncType, status } = progress
        if (status !== 'running' && before?.status !== status) hub.emit({ type: 'history_sync_status', syncType, status, explicit: status === 'complete' })
      }),
    )
    return merge(work$, progress$).pipe(ignoreElements())
  })

const takeOne = (parts: FollowHistoryParts, id: string): Observable<never> => {
  const { live, settings, hub } = parts
  const { history, commit } = live.session
  return history.read(id).pipe(
    concatMap((waiting) => {
      if (waiting === undefined) return EMPTY
      if (waiting === 'malformed') {
        hub.emit({ type: 'history_sync_failed', messageId: id, syncType: -1, reason: 'malformed', error: new HistoryRejected('malformed') })
        return commit(history.drop(id))
      }
      const { notification, isAsked } = waiting
      const { history: mode, earlyHistoryReceipts } = settings
      if (mode === 'off' || (mode === 'metadata_only' && !isMetadata(notification))) return confirm(live, id)
      const early$ = earlyHistoryReceipts && !isAsked ? live.write(receiptOf(live, id)) : EMPTY
      return concat(early$, hasContent(notification) ? takeContent(parts, id, notification, isAsked) : tellWithoutContent(parts, id, notification))
    }),
    ignoreElements(),
  )
}

/** What is small and may concern the client itself. */
const isMetadata = ({ syncType, initialHistBootstrapInlinePayload: inline }: Message_HistorySyncNotification): boolean =>
  inline !== undefined || syncType === SyncType.PUSH_NAME || syncType === SyncType.NON_BLOCKING_DATA

const takeContent = (parts: FollowHistoryParts, id: string, notification: Message_HistorySyncNotification, isAsked: boolean): Observable<unknown> => {
  const { live } = parts
  const { history } = live.session
  return historyContent(live, notification).pipe(
    concatMap((content) => {
      if (content.kind === 'failed') return fail(parts, id, notification, isAsked, content.failure)
      return history.isDone(content.name).pipe(
        // Pieces come twice after a lost connection.
        concatMap((isDone) => (isDone ? confirm(live, id) : takeIn(parts, id, notification, content.zlib, content.name))),
        catchError((error: unknown) => {
          if (!(error instanceof HistoryRejected)) throw error
          return fail(parts, id, notification, isAsked, { reason: error.fault === 'too_large' ? 'too_large' : 'damaged', error })
        }),
      )
    }),
  )
}

const takeIn = (parts: FollowHistoryParts, id: string, notification: Message_HistorySyncNotification, zlib: Uint8Array, name: string): Observable<unknown> => {
  const { live } = parts
  const { session } = live
  const nowSeconds = session.nowMs() / 1000
  const extracting = {
    ownUser: session.link().id.user,
    oldestSeconds: { lasting: nowSeconds - SECRET_LIFE_SECONDS.lasting, other: nowSeconds - SECRET_LIFE_SECONDS.other },
  }
  return stepwise(() => extractHistory(inflateHistory(zlib), extracting), session.scheduler).pipe(
    concatMap((extract) =>
      concat(
        takeHistory(parts, extract),
        // What a taker could not do stays in the store and is tried with the next connection.
        tell(parts, notification, zlib, extract).pipe(concatMap((isTaken) => (isTaken ? confirm(live, id, name) : EMPTY))),
      ),
    ),
  )
}

/** Told only to those who listen: otherwise nothing of it is held. Emits once, whether all who take it have done so. */
const tell = ({ live, settings, hub, keeper }: FollowHistoryParts, notification: Message_HistorySyncNotification, zlib: Uint8Array, { sizeBytes }: Pick<HistoryExtract, 'sizeBytes'>): Observable<boolean> =>
  defer(() => {
    const { syncType = 0, chunkOrder, progress, peerDataRequestSessionId } = notification
    const isAwaited = keeper.isAwaited(peerDataRequestSessionId)
    const note = (): void => keeper.note({ syncType, chunkOrder, progress })
    if (!hub.isObserved('history_sync') && !isAwaited && !keeper.isTaken()) {
      note()
      return of(true)
    }
    const history: LazyHistorySync = new LazyHistory(notification, zlib, sizeBytes, live.session.historyCodecs, settings.scheduler)
    hub.emit({ type: 'history_sync', history })
    return keeper.give(history).pipe(
      tap(() => {
        // Whoever asked for it may look into what was made of it.
        if (isAwaited) keeper.answer(history)
        note()
      }),
    )
  })

const tellWithoutContent = (parts: FollowHistoryParts, id: string, notification: Message_HistorySyncNotification): Observable<unknown> => {
  const { live, settings, hub } = parts
  return defer(() => {
    if (hub.isObserved('history_sync')) hub.emit({ type: 'history_sync', history: new LazyHistory(notification, new Uint8Array(0), 0, live.session.historyCodecs, settings.scheduler) })
    return confirm(live, id)
  })
}

/** It is done with, and the phone is told so. */
const confirm = (live: Live, id: string, name?: string): Observable<unknown> => {
  const { history, commit } = live.session
  return commit([...history.drop(id), ...(name === undefined ? [] : history.done(name))]).pipe(concatMap(() => live.write(receiptOf(live, id))))
}

const receiptOf = ({ session }: Live, id: string) => stanza('receipt', { id, type: 'hist_sync', to: userOf(session.link().id) })

/** Told, and asked for again, once; what no host could be reached for stays and is tried with the next connection. */
const fail = ({ live, hub }: FollowHistoryParts, id: string, notification: Message_HistorySyncNotification, isAsked: boolean, { reason, error }: HistoryFailure): Observable<unknown> => {
  const { history, commit } = live.session
  const { syncType = 0, chunkOrder, mediaKey } = notification
  const told$ = defer(() => {
    hub.emit({ type: 'history_sync_failed', messageId: id, syncType, ...(chunkOrder !== undefined && { chunkOrder }), reason, error })
    return EMPTY
  })
  if (reason === 'hosts_unreachable') return told$
  if (isAsked || mediaKey?.length !== 32 || notification.initialHistBootstrapInlinePayload) return commit(history.drop(id)).pipe(concatMap(() => told$))
  return commit(history.keep(id, notification, true)).pipe(concatMap(() => concat(askHistoryAgain(live, id, mediaKey), told$)))
}
