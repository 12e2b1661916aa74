import { concat, defer, EMPTY, groupBy, map, mergeMap, of, switchMap, timer, type Observable, type OperatorFunction, type SchedulerLike } from 'rxjs'

import { Message_HistorySyncType as SyncType } from '../proto/enums.generated.ts'

/** A piece of history was taken in. */
export interface HistoryNote {
  readonly syncType: number
  readonly chunkOrder: number | undefined
  /** 0 to 100. */
  readonly progress: number | undefined
}

/** How far one kind of history is. */
export interface HistoryProgress {
  readonly syncType: number
  /** `paused`: nothing came for two minutes, which may be the end of it. */
  readonly status: 'running' | 'complete' | 'paused'
  /** Pieces taken in. */
  readonly chunks: number
  /** 0 to 100, the highest the phone said. */
  readonly progress: number
}

/** After this long without a piece a kind counts as paused (protocol document 09, section 5). */
export const STALL_MS = 120_000

/** Kinds that are one piece each. */
const SINGLE: readonly number[] = [SyncType.INITIAL_BOOTSTRAP, SyncType.INITIAL_STATUS_V3, SyncType.PUSH_NAME, SyncType.NON_BLOCKING_DATA, SyncType.ON_DEMAND]

/**
 * Tells how far each kind of history is: after each piece, and once more when nothing came for two minutes and
 * it was not complete. First chats, names and data are complete with their first piece, others at 100 percent.
 */
export const watchHistory =
  (scheduler: SchedulerLike, before: () => readonly HistoryProgress[] = () => []): OperatorFunction<HistoryNote, HistoryProgress> =>
  (note$) =>
    note$.pipe(
      groupBy(({ syncType }) => syncType),
      mergeMap((kind$) =>
        defer(() => {
          let known = before().find(({ syncType }) => syncType === kind$.key) ?? { syncType: kind$.key, status: 'running' as const, chunks: 0, progress: 0 }
          return kind$.pipe(
            map(({ progress = 0 }): HistoryProgress => {
              const highest = Math.min(100, Math.max(known.progress, progress))
              const isComplete = known.status === 'complete' || SINGLE.includes(kind$.key) || highest === 100
              return (known = { syncType: kind$.key, status: isComplete ? 'complete' : 'running', chunks: known.chunks + 1, progress: highest })
            }),
            switchMap((progress) => concat(of(progress), progress.status === 'running' ? pause(progress, scheduler) : EMPTY)),
          )
        }),
      ),
    )

const pause = (progress: HistoryProgress, scheduler: SchedulerLike): Observable<HistoryProgress> =>
  timer(STALL_MS, scheduler).pipe(map(() => ({ ...progress, status: 'paused' })))
