import { defer, from, of, type Observable } from 'rxjs'

import { isPromiseLike } from './map-awaitable.ts'
import type { Awaitable } from './store.ts'

/**
 * An Observable of what a call answers: at once when it answers at once, so that a store in memory costs
 * no turn of the event loop. What the call throws becomes the error.
 */
export const fromAwaitable = <T>(call: () => Awaitable<T>): Observable<T> =>
  defer(() => {
    const answer = call()
    return isPromiseLike(answer) ? from(answer) : of(answer)
  })
