import { catchError, concatMap, defer, finalize, from, Observable, of, throwError, type SchedulerLike } from 'rxjs'

import { StoreFailed } from '../errors/store-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { createCommitQueue, type CommitQueue } from './commit-queue.ts'
import { fromAwaitable } from './from-awaitable.ts'
import { isPromiseLike } from './map-awaitable.ts'
import type { Awaitable, OpenStore, Store } from './store.ts'

/** A call of the store; whatever it throws becomes a typed error that says what was going on. */
export const storeCall = <T>(during: StoreFailed['during'], call: () => Awaitable<T>): Observable<T> => fromAwaitable(call).pipe(typed(during))

const typed =
  (during: StoreFailed['during']) =>
  <T>(answer$: Observable<T>): Observable<T> =>
    answer$.pipe(catchError((cause: unknown) => throwError(() => (cause instanceof RxwaError ? cause : new StoreFailed(during, { cause })))))

/** Uses of one store, one at a time: each has it open, with a queue before it, for as long as it lasts. */
export type StoreLease = <T>(use: (open: OpenStore, commits: CommitQueue) => Observable<T>) => Observable<T>

/**
 * Opens a store for as long as somebody is subscribed to what is made of it, and closes it once all that was handed
 * in is durable. The next use waits until the last one has closed it. A store that opens when nobody wants it any
 * more is closed as well.
 */
export const createStoreLease = (store: Store, scheduler: SchedulerLike): StoreLease => {
  let closing: Promise<void> | undefined
  const close = (open: OpenStore): void => {
    const answer = open.close()
    if (!isPromiseLike(answer)) return
    // Whether closing worked, nobody is left to hear; the next one finds out when it opens.
    const done = (): void => (closing = undefined)
    closing = Promise.resolve(answer).then(done, done)
  }
  const opened$ = new Observable<OpenStore>((subscriber) => {
    const take = (open: OpenStore): void => {
      if (subscriber.closed) {
        close(open)
        return
      }
      subscriber.next(open)
      subscriber.complete()
    }
    const answer = store.open()
    if (isPromiseLike(answer)) answer.then(take, (error: unknown) => subscriber.error(error))
    else take(answer)
  }).pipe(typed('open'))
  return (use) =>
    defer(() => (closing ? from(closing) : of(undefined))).pipe(
      concatMap(() => opened$),
      concatMap((open) => {
        const commits = createCommitQueue({ store: open, scheduler })
        return use(open, commits).pipe(finalize(() => commits.close(() => close(open))))
      }),
    )
}
