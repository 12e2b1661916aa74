import { catchError, concatMap, defer, EMPTY, ignoreElements, merge, repeat, tap, throwError, timer, type Observable, type SchedulerLike } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RequestTimedOut } from '../errors/request-errors.ts'

/** What keeping a connection alive needs (protocol document 02, section 8). */
export interface KeepAliveParts {
  /** Anything that arrives, stanzas or not. */
  readonly received$: Observable<unknown>
  /** Asks for a sign of life; errors with `RequestTimedOut` when there is none. */
  readonly ping: () => Observable<unknown>
  /** When the oldest unanswered request was asked: its answer would be a sign of life as well. */
  readonly oldestAskedAtMs: () => number | undefined
  readonly minimumMs: number
  readonly maximumMs: number
  /** 0 to 1, picks the pause between the two. */
  readonly random: () => number
  readonly scheduler: SchedulerLike
}

/** A connection that said something this recently needs no ping. */
const FRESH_MS = 15_000

/** Silent for this long, it is asked although requests are open. */
const SILENT_MS = 20_000

/** A request unanswered for this long, while nothing but pongs came, means a server that is alive but deaf to us. */
const DEAF_MS = 40_000

/** Shortest pause between two looks. */
const LEAST_PAUSE_MS = 1_000

/**
 * Pings a silent connection and emits nothing. Errors with a `ConnectionLost` that comes back at once
 * when a ping stays unanswered in silence, or two in a row although other things arrive, or when pings
 * are answered and nothing else is. A silence is noticed within one pause and the time for an answer.
 */
export const keepAlive = ({ received$, ping, oldestAskedAtMs, minimumMs, maximumMs, random, scheduler }: KeepAliveParts): Observable<never> =>
  defer(() => {
    let receivedAt = scheduler.now()
    /** When something other than the answer to a ping arrived. */
    let heardAt = receivedAt
    let receivedSincePing = 0
    let failures = 0
    const silenceMs = (): number => scheduler.now() - receivedAt

    const received = (): void => {
      receivedAt = scheduler.now()
      heardAt = receivedAt
      receivedSincePing += 1
    }

    const isDeaf = (): boolean => {
      const askedAt = oldestAskedAtMs()
      return askedAt !== undefined && heardAt <= askedAt && scheduler.now() - askedAt >= DEAF_MS
    }

    const pingOnce = (): Observable<unknown> =>
      defer(() => {
        const heardBefore = heardAt
        receivedSincePing = 0
        return ping().pipe(
          tap(() => {
            failures = 0
            if (receivedSincePing <= 1) heardAt = heardBefore
          }),
        )
      })

    const check = (): Observable<unknown> => {
      if (isDeaf()) return throwError(() => new ConnectionLost('deaf', 'at_once'))
      if (silenceMs() < FRESH_MS || (oldestAskedAtMs() !== undefined && silenceMs() < SILENT_MS)) return EMPTY
      return pingOnce().pipe(
        catchError((error: unknown) => {
          // A refusal is an answer too.
          if (!(error instanceof RequestTimedOut)) return error instanceof ConnectionLost ? throwError(() => error) : EMPTY
          failures += 1
          return failures > 1 || silenceMs() >= SILENT_MS
            ? throwError(() => new ConnectionLost('no_answer_to_keepalive', 'at_once', { cause: error }))
            : EMPTY
        }),
      )
    }

    /** Counted from the last thing that arrived, so that a silence is never looked at late. */
    const pauseMs = (): number => Math.max(LEAST_PAUSE_MS, minimumMs + random() * (maximumMs - minimumMs) - silenceMs())

    return merge(
      received$.pipe(tap(received)),
      defer(() => timer(pauseMs(), scheduler)).pipe(
        concatMap(() => check()),
        repeat(),
      ),
    ).pipe(ignoreElements())
  })
