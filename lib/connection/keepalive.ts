import { catchError, concatMap, defer, EMPTY, exhaustMap, ignoreElements, merge, repeat, tap, throwError, timer, type Observable, type SchedulerLike } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RequestTimedOut } from '../errors/request-errors.ts'
import { mapEach } from '../reactive/map-each.ts'

/** What keeping a connection alive needs (protocol document 02, section 8). */
export interface KeepAliveParts {
  /** Anything that arrives, stanzas or not. */
  readonly received$: Observable<unknown>
  /** Asks for a sign of life; errors with `RequestTimedOut` when there is none. */
  readonly ping: () => Observable<unknown>
  /** The same by a question that takes more than a reflex; asked while other requests hang. */
  readonly probe: () => Observable<unknown>
  /** When the oldest unanswered request was asked: its answer would be a sign of life as well. */
  readonly oldestAskedAtMs: () => number | undefined
  /** Something that is always answered, such as a message, was not: the server is asked at once. */
  readonly doubt$: Observable<unknown>
  /** Told when a sign of life did not come: how often in a row, and when the last one came. */
  readonly onTimeout?: (errorCount: number, lastSuccessMs: number | undefined) => void
  /** Told when one comes again. */
  readonly onRestored?: () => void
  readonly minimumMs: number
  readonly maximumMs: number
  /** 0 to 1, picks the pause between the two. */
  readonly random: () => number
  readonly scheduler: SchedulerLike
}

const NOTHING: readonly never[] = []

/** A connection that said something this recently needs no ping. */
const FRESH_MS = 15_000

/** Silent for this long, it is asked although requests are open. */
const SILENT_MS = 20_000

/** Shortest pause between two looks. */
const LEAST_PAUSE_MS = 1_000

/**
 * Pings a silent connection and emits nothing. Errors with a `ConnectionLost` that comes back at once when
 * a ping stays unanswered in silence, or two in a row although other things arrive, or when requests hang
 * or messages are not acknowledged and another request hangs as well. A silence is noticed within one pause and the time for an answer.
 */
export const keepAlive = ({ received$, ping, probe, oldestAskedAtMs, doubt$, onTimeout, onRestored, minimumMs, maximumMs, random, scheduler }: KeepAliveParts): Observable<never> =>
  defer(() => {
    let receivedAt = scheduler.now()
    let failures = 0
    let lastSuccessMs: number | undefined
    const silenceMs = (): number => {
      const now = scheduler.now()
      // A clock that was set back by an hour must not make a silence of an hour.
      receivedAt = Math.min(receivedAt, now)
      return now - receivedAt
    }

    const ask = (question: () => Observable<unknown>, isProbe: boolean): Observable<unknown> =>
      question().pipe(
        tap(() => {
          if (failures > 0) onRestored?.()
          failures = 0
          lastSuccessMs = scheduler.now()
        }),
        catchError((error: unknown) => {
          // A refusal is an answer too.
          if (!(error instanceof RequestTimedOut)) return error instanceof ConnectionLost ? throwError(() => error) : EMPTY
          failures += 1
          onTimeout?.(failures, lastSuccessMs)
          if (silenceMs() >= SILENT_MS || (failures > 1 && !isProbe))
            return throwError(() => new ConnectionLost('no_answer_to_keepalive', 'at_once', { cause: error }))
          return isProbe ? throwError(() => new ConnectionLost('deaf', 'at_once', { cause: error })) : EMPTY
        }),
      )

    const check = (): Observable<unknown> => {
      const askedAt = oldestAskedAtMs()
      // Whatever else arrives: nobody listens to what we ask, or to that one question.
      if (askedAt !== undefined && scheduler.now() - askedAt >= SILENT_MS) return ask(probe, true)
      if (silenceMs() < FRESH_MS || (askedAt !== undefined && silenceMs() < SILENT_MS)) return EMPTY
      return ask(ping, false)
    }

    /** Counted from the last thing that arrived, so that a silence is never looked at late. */
    const pauseMs = (): number => Math.max(LEAST_PAUSE_MS, minimumMs + random() * (maximumMs - minimumMs) - silenceMs())

    return merge(
      // Every frame passes here, and nothing of it goes on.
      received$.pipe(
        mapEach((): readonly never[] => {
          receivedAt = scheduler.now()
          return NOTHING
        }),
      ),
      doubt$.pipe(exhaustMap(() => ask(probe, true))),
      defer(() => timer(pauseMs(), scheduler)).pipe(
        concatMap(() => check()),
        repeat(),
      ),
    ).pipe(ignoreElements())
  })
