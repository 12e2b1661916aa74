import { filter, map, merge, take, timer, type OperatorFunction, type SchedulerLike } from 'rxjs'

import type { Information } from './read-information.ts'

/** How long the backlog may take before it counts as through (protocol document 02, section 7). */
export const OFFLINE_SYNC_LIMIT_MS = 60_000

/** How the backlog ended. */
export type OfflineSyncOutcome =
  | { readonly kind: 'offline_sync_completed'; readonly count: number }
  | { readonly kind: 'offline_sync_timed_out'; readonly afterMs: number }

/**
 * Emits once, either when the server marks the end of the backlog or when the limit passes, whatever
 * still arrives; then completes. An end mark in the last millisecond wins.
 */
export const watchOfflineSync =
  (limitMs = OFFLINE_SYNC_LIMIT_MS, scheduler?: SchedulerLike): OperatorFunction<Information, OfflineSyncOutcome> =>
  (information$) =>
    merge(
      information$.pipe(
        filter((information) => information.kind === 'offline_completed'),
        map(({ count }): OfflineSyncOutcome => ({ kind: 'offline_sync_completed', count })),
      ),
      timer(limitMs, scheduler).pipe(map((): OfflineSyncOutcome => ({ kind: 'offline_sync_timed_out', afterMs: limitMs }))),
    ).pipe(take(1))
