import { endWith, ignoreElements, Observable, tap } from 'rxjs'

import { OperationCancelled } from '../errors/operation-cancelled.ts'
import { oneRun, type Begin, type Running } from '../reactive/one-run.ts'

/** What the last progress value of an operation means for somebody who awaits it. */
export type Outcome<Result> =
  | { readonly kind: 'result'; readonly result: Result }
  | { readonly kind: 'failure'; readonly error: Error }

/** Progress values kept for somebody who joins late; operations report steps, not bytes, so few suffice. */
const KEPT_PROGRESS = 64

/**
 * Something asked of the server, lazy: nothing happens until it is subscribed to or awaited.
 * It is an Observable of its progress and can be awaited for its result. Whoever comes second joins
 * the one run and sees what was reported so far; the last one to unsubscribe cancels it, after which
 * it stays cancelled (`OperationCancelled`), because a run is never repeated.
 */
export class Operation<Progress, Result> extends Observable<Progress> implements PromiseLike<Result> {
  readonly #outcomeOf: (last: Progress) => Outcome<Result>

  /**
   * @param progress$ the run itself: cold, subscribed to once; or what begins it
   * @param outcomeOf reads the result, or the failure, from the last progress value
   */
  constructor(progress$: Observable<Progress> | Begin<Progress>, outcomeOf: (last: Progress) => Outcome<Result>) {
    const begin = typeof progress$ === 'function' ? progress$ : (run: Running<Progress>) => progress$.subscribe(run)
    const run$ = oneRun(begin, KEPT_PROGRESS, () => new OperationCancelled())
    super((subscriber) => run$.subscribe(subscriber))
    this.#outcomeOf = outcomeOf
  }

  /**
   * The result as a promise.
   *
   * @param options.signal cancels the operation; the promise rejects with `OperationCancelled`
   */
  result({ signal }: { readonly signal?: AbortSignal } = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(new OperationCancelled({ cause: signal.reason }))
        return
      }
      let last: { readonly progress: Progress } | undefined
      const abort = (): void => {
        subscription.unsubscribe()
        reject(new OperationCancelled({ cause: signal?.reason }))
      }
      const subscription = this.pipe(tap({ finalize: () => signal?.removeEventListener('abort', abort) })).subscribe({
        next: (progress) => (last = { progress }),
        error: reject,
        complete: () => {
          if (!last) {
            reject(new OperationCancelled())
            return
          }
          const outcome = this.#outcomeOf(last.progress)
          if (outcome.kind === 'result') resolve(outcome.result)
          else reject(outcome.error)
        },
      })
      if (!subscription.closed) signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Makes the operation awaitable. */
  then<Fulfilled = Result, Rejected = never>(
    onFulfilled?: ((result: Result) => Fulfilled | PromiseLike<Fulfilled>) | null,
    onRejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    return this.result().then(onFulfilled, onRejected)
  }
}

/** An operation whose only progress is its result, as requests are. */
export const requestOperation = <Result>(result$: Observable<Result>): Operation<Result, Result> =>
  new Operation(result$, (result) => ({ kind: 'result', result }))

/** An operation that only has to be done: it reports once, at its end. */
export const voidOperation = (done$: Observable<unknown>): Operation<void, void> =>
  new Operation<void, void>(done$.pipe(ignoreElements(), endWith(undefined)), () => ({ kind: 'result', result: undefined }))
