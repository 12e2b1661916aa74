import {
  catchError,
  concat,
  concatMap,
  defer,
  EMPTY,
  finalize,
  from,
  ignoreElements,
  map,
  merge,
  mergeMap,
  of,
  ReplaySubject,
  retry,
  share,
  switchMap,
  take,
  tap,
  throwError,
  timeout,
  timer,
  type MonoTypeOperatorFunction,
  type Observable,
} from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { MessageIdTaken, MessageRefused, MessageUnacknowledged } from '../errors/send-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { WaEvent } from '../events/wa-event.ts'
import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Departure } from '../pipeline/outbox.ts'
import { isGroup, sameUser, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { encryptDirectDraft, type EncryptedDraft, type Prepared } from './encrypt-draft.ts'
import { encryptGroupDraft } from './encrypt-group-draft.ts'
import { encryptStatusDraft } from './encrypt-status-draft.ts'
import { keepSentSecret } from './keep-sent-secret.ts'
import { explainNotSent, explainSkipped, sent } from './explain-messages.ts'
import type { LiveState } from './live-state.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { SendProgress, SentMessage } from './send-progress.ts'

/** What sending needs of its client. */
export interface DepartParts {
  /** The connection in use, as it changes; sends wait while there is none and fail when it ended for good. */
  readonly live$: Observable<LiveState>
  readonly emit: (event: WaEvent) => void
  readonly settings: Pick<Settings, 'sendLimitMs' | 'scheduler'>
  /** Why messages could not be delivered. */
  readonly explanations: ExplanationBook
  /** Messages on their way, by id: whoever sends under the id of one joins it. */
  readonly underWay: Map<string, Observable<SendProgress>>
}

/** How often a message is written before it counts as lost; always the same bytes under the same id. */
const ATTEMPTS = 3

/** Pause before the second attempt; the third waits twice as long. */
const ATTEMPT_PAUSE_MS = 750

/** Steps of one departure; whoever joins late sees them all. */
const STEPS = 8

/** The present connection, or the next one. */
export const openLive = (live$: Observable<LiveState>): Observable<Live> =>
  live$.pipe(
    mergeMap((state) => {
      if (state.kind === 'ended') return throwError(() => state.error)
      return state.kind === 'open' ? of(state.live) : EMPTY
    }),
    take(1),
  )

/** Errors of a connection that comes back; the step is taken again on the next one. */
const onNextConnection = <T>({ live$ }: DepartParts, step: (live: Live) => Observable<T>): Observable<T> =>
  defer(() => openLive(live$).pipe(switchMap(step))).pipe(
    retry({ delay: (error: unknown) => (error instanceof ConnectionLost ? of(true) : throwError(() => error)) }),
  )

/**
 * Brings a message to the server: from its encryption, or from wherever an earlier send under its id
 * stopped, to the server's acknowledgement. Ends with `accepted` or `failed`, never with an error for the
 * sake of the message. One run per id, however many subscribe.
 */
export const depart = (parts: DepartParts, draft: Prepared): Observable<SendProgress> =>
  defer(() => {
    const joined$ = parts.underWay.get(draft.id)
    if (joined$) return joined$
    let isTold = false
    const attempt$ = onNextConnection(parts, (live) => prepare(live, draft)).pipe(
      concatMap((start): Observable<SendProgress> => {
        if (start.kind === 'accepted') return of(start)
        if (start.kind === 'leftover') return transmit(parts, draft, start.departure)
        const { devices, skipped, departure } = start
        explainSkipped(parts.explanations, draft, skipped)
        return concat(
          of<SendProgress>({ kind: 'encrypted', id: draft.id, devices, skipped }),
          defer(() => {
            if (!isTold) parts.emit({ type: 'message_sent', to: draft.chat, id: draft.id, message: draft.message })
            isTold = true
            return transmit(parts, draft, departure)
          }),
        )
      }),
    )
    const run$ = attempt$.pipe(
      // The group is addressed in another form now: once more, under the same id, after a look at it.
      catchError((error: unknown) => (isOutdated(error, draft) ? attempt$ : throwError(() => error))),
      catchError((error: unknown) =>
        error instanceof RxwaError ? of<SendProgress>({ kind: 'failed', id: draft.id, error }) : throwError(() => error),
      ),
      tap((progress) => {
        if (progress.kind === 'failed') explainNotSent(parts.explanations, draft, progress.error)
      }),
      finalize(() => parts.underWay.delete(draft.id)),
      share({ connector: () => new ReplaySubject<SendProgress>(STEPS), resetOnRefCountZero: true, resetOnComplete: false, resetOnError: false }),
    )
    parts.underWay.set(draft.id, run$)
    return run$
  })

type Start =
  | ({ readonly kind: 'fresh' } & EncryptedDraft)
  | { readonly kind: 'leftover'; readonly departure: Departure }
  | (SendProgress & { readonly kind: 'accepted' })

/** The refusal of a message to a group in the wrong form (protocol document 05, section 7.5). */
const isOutdated = (error: unknown, { chat }: Prepared): boolean => error instanceof MessageRefused && error.status === STALE_ADDRESSING && isGroup(chat)

const STALE_ADDRESSING = '421'

/** Refusals that say that what we know of a group is wrong. */
const STALE: readonly string[] = [STALE_ADDRESSING, '409']

const encryptDraft = (live: Live, draft: Prepared): Observable<EncryptedDraft> =>
  draft.audience ? encryptStatusDraft(live, draft, draft.audience) : isGroup(draft.chat) ? encryptGroupDraft(live, draft) : encryptDirectDraft(live, draft)

/** A message is encrypted once: what is in the outbox is sent as it is, what was taken is not sent again. */
const prepare = (live: Live, draft: Prepared): Observable<Start> => {
  const { outbox, messageCodec } = live.session
  const departure = outbox.find(draft.id)
  if (departure) return sameUser(departure.chat, draft.chat) ? of({ kind: 'leftover', departure }) : throwError(() => new MessageIdTaken(draft.id))
  return outbox.departed(draft.id).pipe(
    concatMap((departed): Observable<Start> => {
      if (!departed) return encryptDraft(live, draft).pipe(map((fresh) => ({ kind: 'fresh', ...fresh })))
      if (!sameUser(departed.chat, draft.chat)) return throwError(() => new MessageIdTaken(draft.id))
      const message = departed.content ? messageCodec.decode(departed.content) : draft.message
      return of({ kind: 'accepted', id: draft.id, sent: { id: draft.id, chat: draft.chat, timestamp: new Date(departed.atSeconds * 1000), message } })
    }),
  )
}

/** Writes the finished stanza and waits for its acknowledgement, several times and over reconnects. */
const transmit = (parts: DepartParts, draft: Prepared, { outgoing }: Departure): Observable<SendProgress> => {
  const { id } = draft
  const { sendLimitMs, scheduler } = parts.settings
  const attempt$ = onNextConnection(parts, (live) =>
    merge(
      live.awaitAck(id).pipe(
        timeout({
          first: sendLimitMs,
          scheduler,
          with: () => {
            // If nobody listens, the next connection takes over before the attempts are used up.
            live.doubt()
            return throwError(() => new MessageUnacknowledged(id, ATTEMPTS))
          },
        }),
        // A hash in the acknowledgement says that devices were missed: the next message asks for the lists again.
        concatMap((ack) => (isStale(ack) ? forgetMissed(parts, live, draft).pipe(map(() => ack)) : of(ack))),
        map((ack) => readAck(ack, draft, scheduler.now())),
        tap({
          next: ({ sent: taken }) => {
            live.session.outbox.accepted(id, Math.floor(taken.timestamp.getTime() / 1000))
            keepSentSecret(live, taken)
          },
          error: (error: unknown) => {
            if (error instanceof MessageRefused) live.session.dropMessage(id)
          },
        }),
      ),
      concat(live.writeEncoded(outgoing), of<SendProgress>({ kind: 'sent', id })),
    ).pipe(sentFirst()),
  )
  return attempt$.pipe(
    retry({
      count: ATTEMPTS - 1,
      delay: (error: unknown, count) =>
        error instanceof MessageUnacknowledged ? timer(ATTEMPT_PAUSE_MS * count, scheduler) : throwError(() => error),
    }),
  )
}

/** The acknowledgement may be there before the write has returned; it is told after it all the same. */
const sentFirst = (): MonoTypeOperatorFunction<SendProgress> => (progress$) =>
  defer(() => {
    let isSent = false
    const early: SendProgress[] = []
    return progress$.pipe(
      mergeMap((progress): readonly SendProgress[] => {
        if (progress.kind === 'sent') {
          isSent = true
          return [progress, ...early]
        }
        if (isSent) return [progress]
        early.push(progress)
        return []
      }),
    )
  })

const isStale = ({ attrs }: Stanza): boolean => attrs['phash'] !== undefined || STALE.includes(String(attrs['error']))

const forgetMissed = ({ explanations }: DepartParts, live: Live, draft: Prepared): Observable<void> => {
  explanations.note(sent(draft), { kind: 'devices_missed' })
  return forgetChat(live, draft)
}

const forgetChat = ({ session }: Live, { chat }: Prepared): Observable<void> =>
  isGroup(chat) ? session.forgetGroup(chat) : session.forgetDevices(chat).pipe(concatMap(() => session.forgetDevices(userOf(session.link().id))))

type Accepted = SendProgress & { readonly kind: 'accepted'; readonly sent: SentMessage }

const readAck = (ack: Stanza, { id, chat, message }: Prepared, nowMs: number): Accepted => {
  const read = attributesOf(ack)
  const error = read.optionalText('error')
  if (error !== undefined) throw new MessageRefused(id, error)
  return { kind: 'accepted', id, sent: { id, chat, timestamp: read.optionalInstant('t') ?? new Date(nowMs), message } }
}

/**
 * Sends what an earlier connection or process left in the outbox, in order; emits nothing. What an
 * operation of this process is bringing under way is left to it.
 */
export const departLeftovers = (parts: DepartParts, { session }: Live): Observable<never> =>
  defer(() => from(session.outbox.waiting().filter(({ id }) => !parts.underWay.has(id)))).pipe(
    concatMap(({ id, chat, stanzaType, content }) =>
      depart(parts, { id, chat, stanzaType, message: session.messageCodec.decode(content) }),
    ),
    ignoreElements(),
  )
