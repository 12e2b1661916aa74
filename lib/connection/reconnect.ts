import { defer, retry, throwError, timer, type MonoTypeOperatorFunction, type SchedulerLike, tap } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'

/** How to come back after a loss. */
export interface BackoffPolicy {
  /** Longest wait; the waits grow like Fibonacci numbers of seconds. */
  readonly limitMs: number
  /** 0 to 1, for the jitter of a tenth up or down. */
  readonly random: () => number
  /** A connection that lasted this long is forgiven its losses. */
  readonly stableMs: number
  /** Told before each wait. */
  readonly onWait: (retryInMs: number, because: ConnectionLost) => void
  readonly scheduler: SchedulerLike
}

/** Waits added by a server that said we are too fast (protocol document 02, section 3.3). */
const PENALTY_STEPS = 5

/** 1, 1, 2, 3, 5, 8, 13 … seconds (protocol document 02, section 9). */
export const waitOf = (step: number, limitMs: number): number => {
  let [wait, next] = [1_000, 1_000]
  for (let index = 0; index < step && wait < limitMs; index += 1) [wait, next] = [next, wait + next]
  return Math.min(limitMs, wait)
}

/**
 * Comes back after a retryable loss. The waits grow until a connection lasted `stableMs` after
 * `isOpen` said it was taken back; a penalty of the server survives that once. Coming back at once is
 * for the first of several losses that follow each other without being taken in. Everything but a
 * `ConnectionLost` ends the stream. Unsubscribing during a wait ends it at once.
 */
export const reconnect =
  <T>(isOpen: (value: T) => boolean, { limitMs, random, stableMs, onWait, scheduler }: BackoffPolicy): MonoTypeOperatorFunction<T> =>
  (source$) =>
    defer(() => {
      let step = 0
      let isPenalised = false
      let openSince: number | undefined
      /** It came back at once and was not taken in since. */
      let isHasty = false
      return source$.pipe(
        tap((value) => {
          if (!isOpen(value)) return
          openSince = scheduler.now()
          isHasty = false
        }),
        retry({
          delay: (error: unknown) => {
            if (!(error instanceof ConnectionLost)) return throwError(() => error)
            const wasStable = openSince !== undefined && scheduler.now() - openSince >= stableMs
            openSince = undefined
            if (wasStable && !isPenalised) step = 0
            isPenalised = error.comeBack === 'after_penalty'
            if (isPenalised) step += PENALTY_STEPS
            // A server that asks for a restart after each restart would otherwise be called without a pause.
            const isAtOnce = error.comeBack === 'at_once' && !isHasty
            isHasty = error.comeBack === 'at_once'
            const waitMs = isAtOnce ? 0 : Math.round(waitOf(step, limitMs) * (0.9 + random() * 0.2))
            if (!isAtOnce) step += 1
            onWait(waitMs, error)
            return timer(waitMs, scheduler)
          },
        }),
      )
    })
