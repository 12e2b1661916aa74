import { catchError, concat, defer, EMPTY, filter, from, ignoreElements, map, merge, mergeMap, of, tap, throwError, timer, type Observable } from 'rxjs'

import { RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import { NoDeviceReachable } from '../errors/send-errors.ts'
import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import { gather } from '../pipeline/gather.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { ANSWER_LIMIT_MS, type OpenWish } from '../pipeline/placeholder-book.ts'
import { KEYS_PER_REQUEST, placeholderRequest } from '../pipeline/placeholder-request.ts'
import { received } from './explain-messages.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import { sendToPhone } from './send-to-phone.ts'

/** What asking needs. */
export interface AskPhoneParts {
  readonly live: Live
  readonly settings: Pick<Settings, 'scheduler' | 'logger'>
  readonly explanations: ExplanationBook
}

/** Requests are put together for this long (protocol document 06, section 7). */
const GATHER_MS = 200

/**
 * Asks our own phone for messages this device cannot read: at once for what was never sent to it, after a
 * pause for what its sender was asked for without effect (protocol document 06, section 7). A message without
 * content is acknowledged once the phone was asked, so that a crash in between makes the server repeat it.
 * What was wished for on an earlier connection and not asked yet is asked on this one.
 */
export const askPhone = (parts: AskPhoneParts, handled$: Observable<Parsed>): Observable<never> =>
  defer(() => {
    const { live, settings: { scheduler } } = parts
    const { placeholders } = live.session
    const fresh$ = handled$.pipe(
      tap((parsed) => {
        if (!placeholders.isIdle()) forgetArrived(live, parsed)
      }),
      filter((parsed): parsed is Parsed & Required<Pick<Parsed, 'placeholder'>> => parsed.placeholder !== undefined),
      mergeMap(({ placeholder }) => {
        const wish = placeholders.want(placeholder)
        if (wish) return of(wish)
        // Asked for already, as when the server repeats itself.
        return placeholder.acknowledgement ? live.write(placeholder.acknowledgement) : EMPTY
      }),
    )
    return merge(from(placeholders.waiting()), fresh$).pipe(
      mergeMap((wish) => (wish.isUrgent ? of(wish) : timer(Math.max(0, wish.dueAtMs - scheduler.now()), scheduler).pipe(map(() => wish)))),
      filter(placeholders.isWaiting),
      gather(KEYS_PER_REQUEST, GATHER_MS, scheduler),
      mergeMap((wishes) => ask(parts, wishes.filter(placeholders.isWaiting))),
    )
  })

/** A message that can be read after all is not asked for. */
const forgetArrived = ({ session }: Live, { events }: Parsed): void => {
  for (const event of events) if (event.type === 'message') session.placeholders.arrived(event.info)
}

const ask = ({ live, settings: { scheduler, logger }, explanations }: AskPhoneParts, wishes: readonly OpenWish[]): Observable<never> => {
  if (wishes.length === 0) return EMPTY
  const { session } = live
  const { placeholders } = session
  const acknowledge = (): Observable<never> => concat(...wishes.flatMap(({ acknowledgement }) => (acknowledgement ? [live.write(acknowledgement)] : [])))
  let requestId: string | undefined
  const giveUp = (id: string, outcome: 'no_answer' | 'not_reachable'): void => {
    for (const { info } of placeholders.expire(id)) explanations.note(received(info), { kind: 'phone_answered', outcome })
  }
  return concat(
    sendToPhone(live, placeholderRequest(wishes, session.link(), session.directory), 'high_force').pipe(
      tap((id) => {
        requestId = id
        placeholders.asked(id, wishes)
        for (const { info } of wishes) explanations.note(received(info), { kind: 'phone_asked', requestId: id })
      }),
      catchError((error: unknown) => {
        if (!isHarmless(error)) {
          if (requestId !== undefined) placeholders.takeBack(requestId)
          return throwError(() => error)
        }
        logger?.debug({ code: error.code, count: wishes.length }, 'the phone could not be asked for messages')
        placeholders.asked('', wishes)
        giveUp('', 'not_reachable')
        return EMPTY
      }),
    ),
    acknowledge(),
    defer(() => (requestId === undefined ? EMPTY : timer(ANSWER_LIMIT_MS, scheduler))).pipe(tap(() => giveUp(requestId ?? '', 'no_answer'))),
  ).pipe(ignoreElements())
}

type Harmless = NoDeviceReachable | ServerRefused | RequestTimedOut

/** Errors that concern this request only. */
const isHarmless = (error: unknown): error is Harmless =>
  error instanceof NoDeviceReachable || error instanceof ServerRefused || error instanceof RequestTimedOut
