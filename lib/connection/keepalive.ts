import { catchError, concatMap, defer, EMPTY, ignoreElements, merge, repeat, tap, throwError, timer, type Observable, type SchedulerLike } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RequestTimedOut } from '../errors/request-errors.ts'

/** What keeping a connection alive needs (protocol document 02, section 8). */
export interface KeepAliveParts {
  /** Anything that arrives, stanzas or not. */
  readonly received$: Observable<unknown>
  /** Asks for a sign of life; errors with `RequestTimedOut` when there is none. */
  readonly ping: () => Observable<unknown>
  /** Whether some request is unanswered: its answer would be a sign of life as well. */
  readonly isPending: () => boolean
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

/**
 * Pings a silent connection and emits nothing. Errors with a `ConnectionLost` that comes back at once
 * when a ping stays unanswered in silence, or two in a row although other things arrive.
 */
export const keepAlive = ({ received$, ping, isPending, minimumMs, maximumMs, random, scheduler }: KeepAliveParts): Observable<never> =>
  defer(() => {
    let receivedAt = scheduler.now()
    let failures = 0
    const silenceMs = (): number => scheduler.now() - receivedAt

    const check = (): Observable<unknown> => {
      if (silenceMs() < FRESH_MS || (isPending() && silenceMs() < SILENT_MS)) return EMPTY
      return ping().pipe(
        tap(() => (failures = 0)),
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

    return merge(
      received$.pipe(tap(() => (receivedAt = scheduler.now()))),
      defer(() => timer(minimumMs + random() * (maximumMs - minimumMs), scheduler)).pipe(
        concatMap(() => check()),
        repeat(),
      ),
    ).pipe(ignoreElements())
  })
