import { asyncScheduler, concat, concatMap, ignoreElements, of, timer, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs'

/**
 * Keeps a distance between values: the first passes at once, each other one at least so long after the one
 * before it.
 *
 * Order: kept; nothing is dropped. What waits is held without a bound: put a bounded `client.channel` before
 * it where others decide how much comes. Completes one interval after the last value. An error passes at once,
 * and what waited is dropped.
 *
 * @param intervalMs in milliseconds
 * @example
 * client.messages$.pipe(fromOthers(), pacedBy(1_000)).subscribe()
 */
export const pacedBy = <T>(intervalMs: number, scheduler: SchedulerLike = asyncScheduler): MonoTypeOperatorFunction<T> =>
  concatMap((value) => concat(of(value), timer(intervalMs, scheduler).pipe(ignoreElements())))
