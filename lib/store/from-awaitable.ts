import { defer, from, type Observable } from 'rxjs'

import { atOnce } from '../reactive/at-once.ts'
import { isPromiseLike } from './map-awaitable.ts'
import type { Awaitable } from './store.ts'

/**
 * An Observable of what a call answers: at once when it answers at once, so that a store in memory costs
 * no turn of the event loop. What the call throws becomes the error.
 */
export const fromAwaitable = <T>(call: () => Awaitable<T>): Observable<T> =>
  defer(() => answerOf(call()))

/** The same for an answer that was asked for already. */
export const answerOf = <T>(answer: Awaitable<T>): Observable<T> => (isPromiseLike(answer) ? from(answer) : atOnce(answer))
