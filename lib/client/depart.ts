import { concatMap, defer, from, ignoreElements, Observable, of, throwError, type Subscription } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { MessageIdTaken, MessageRefused, MessageUnacknowledged } from '../errors/send-errors.ts'
import { OperationCancelled } from '../errors/operation-cancelled.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { StoreFailed } from '../errors/store-errors.ts'
import type { WaEvent } from '../events/wa-event.ts'
import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Departure } from '../pipeline/outbox.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { oneRun, type Begin } from '../reactive/one-run.ts'
import type { PassingMap } from '../collections/passing-map.ts'
import { Receiver } from '../reactive/receiver.ts'
import { isGroup, isStatus, sameUser, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { encryptDirectDraft, encryptForMissed, type EncryptedDraft, type ForMissed, type Prepared } from './encrypt-draft.ts'
import { encryptForMissedMembers, encryptGroupDraft } from './encrypt-group-draft.ts'
import { encryptForMissedOnList, encryptListDraft } from './encrypt-list-draft.ts'
import { encryptStatusDraft } from './encrypt-status-draft.ts'
import { keepSentSecret } from './keep-sent-secret.ts'
import { explainNotSent, explainSkipped, sent } from './explain-messages.ts'
import { openLive, type LiveStates } from './live-state.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { SendProgress, SentMessage } from './send-progress.ts'

/** What sending needs of its client; sends wait while there is no connection and fail when it ended for good. */
export interface DepartParts extends LiveStates {
  readonly emit: (event: WaEvent) => void
  readonly settings: Pick<Settings, 'scheduler'>
  /** Why messages could not be delivered. */
  readonly explanations: ExplanationBook
  /** Messages on their way, by id: whoever sends under the id of one joins it. */
  readonly underWay: PassingMap<string, Observable<SendProgress>>
}

/** How often a message is written before it counts as lost; always the same bytes under the same id. */
const ATTEMPTS = 3

/** Pause before the second attempt; the third waits twice as long. */
const ATTEMPT_PAUSE_MS = 750

/** Steps of one departure; whoever joins late sees them all. */
const STEPS = 8

/**
 * Brings a message to the server: from its encryption, or from wherever an earlier send under its id
 * stopped, to the server's acknowledgement. Ends with `accepted` or `failed`, never with an error for the
 * sake of the message. One run per id, however many subscribe. Not lazy: whoever calls it subscribes.
 */
export const depart = (parts: DepartParts, draft: Prepared): Observable<SendProgress> => {
  const joined$ = parts.underWay.get(draft.id)
  if (joined$) return joined$
  const run$ = oneRun(departing(parts, draft), STEPS, () => new OperationCancelled())
  parts.underWay.set(draft.id, run$)
  return run$
}

/**
 * One attempt after the other. Whoever lost the connection waits for the next one before it gives back what
 * others wait for: messages to one chat go on in the order they were sent.
 */
const departing =
  (parts: DepartParts, draft: Prepared): Begin<SendProgress> =>
  (run) => {
    let isAnnounced = false
    let running: Subscription | undefined
    /** The connection of this attempt, once there is one. */
    let used: Live | undefined
    const pauseAfter = tryingAgain(draft)
    const announce = (): void => {
      if (!isAnnounced) parts.emit({ type: 'message_sent', to: draft.chat, id: draft.id, message: draft.message })
      isAnnounced = true
    }
    const isOver = (live: Live): boolean => {
      const state = parts.liveState()
      return state.kind !== 'open' || state.live !== live
    }
    const failed = (error: unknown): void => {
      // A store that was closed after the connection ended: why it ended is what counts.
      const isLost = error instanceof StoreFailed && used !== undefined && isOver(used)
      const pauseMs = isLost ? 0 : pauseAfter(error)
      if (pauseMs === 0) begin()
      else if (pauseMs !== undefined) running = parts.settings.scheduler.schedule(begin, pauseMs)
      else if (error instanceof RxwaError) {
        explainNotSent(parts.explanations, draft, error)
        run.next({ kind: 'failed', id: draft.id, error })
        run.complete()
      } else run.error(error)
    }
    const begin = (): void => {
      if (run.closed) return
      used = undefined
      let attempt$: Observable<SendProgress>
      try {
        attempt$ = followedBy(openLive(parts), (live) => attempt(parts, (used = live), draft, announce))
      } catch (error) {
        failed(error)
        return
      }
      const attempting = attempt$.subscribe(new Receiver((progress) => run.next(progress), failed, () => run.complete()))
      // One that failed at once has begun the next one.
      if (!attempting.closed) running = attempting
    }
    begin()
    return () => {
      running?.unsubscribe()
      parts.underWay.delete(draft.id)
    }
  }

/** Goes on wherever the last attempt stopped: what was encrypted lies in the outbox. */
const attempt = (parts: DepartParts, live: Live, draft: Prepared, announce: () => void): Observable<SendProgress> =>
  followedBy(prepare(live, draft), (start): Observable<SendProgress> => {
    switch (start.kind) {
      case 'accepted':
        return of(start)
      case 'leftover':
        return transmit(parts, live, draft, start.departure)
      case 'fresh': {
        const { devices, skipped, departure } = start
        explainSkipped(parts.explanations, draft, skipped)
        return transmit(parts, live, draft, departure, { encrypted: { kind: 'encrypted', id: draft.id, devices, skipped }, announce })
      }
    }
  })

/** How long to wait after an error before the next attempt; undefined for those that are the end. */
const tryingAgain = (draft: Prepared): ((error: unknown) => number | undefined) => {
  let unanswered = 0
  let wasOutdated = false
  return (error) => {
    // On the next connection, as soon as there is one.
    if (error instanceof ConnectionLost) return 0
    if (error instanceof MessageUnacknowledged) {
      unanswered += 1
      return unanswered < ATTEMPTS ? ATTEMPT_PAUSE_MS * unanswered : undefined
    }
    // The group is addressed in another form now: once more, under the same id, after a look at it.
    if (!isOutdated(error, draft) || wasOutdated) return undefined
    wasOutdated = true
    return 0
  }
}

type Start =
  | ({ readonly kind: 'fresh' } & EncryptedDraft)
  | { readonly kind: 'leftover'; readonly departure: Departure }
  | (SendProgress & { readonly kind: 'accepted' })

/** The refusal of a message to a group in the wrong form (protocol document 05, section 7.5). */
const isOutdated = (error: unknown, { chat }: Prepared): boolean => error instanceof MessageRefused && error.status === STALE_ADDRESSING && isGroup(chat)

const STALE_ADDRESSING = '421'

/** Refusals that say that what we know of a group is wrong. */
const STALE: readonly string[] = [STALE_ADDRESSING, '409']

const encryptDraft = (live: Live, draft: Prepared): Observable<EncryptedDraft> => {
  const { chat, audience } = draft
  if (audience) return isStatus(chat) ? encryptStatusDraft(live, draft, audience) : encryptListDraft(live, draft, audience)
  return isGroup(chat) ? encryptGroupDraft(live, draft) : encryptDirectDraft(live, draft)
}

/** A message is encrypted once: what is in the outbox is sent as it is, what was taken is not sent again. */
const prepare = (live: Live, draft: Prepared): Observable<Start> => {
  const { outbox, messageCodec } = live.session
  const departure = outbox.find(draft.id)
  if (departure) return sameUser(departure.chat, draft.chat) ? atOnce({ kind: 'leftover', departure }) : throwError(() => new MessageIdTaken(draft.id))
  return followedBy(outbox.departed(draft.id), (departed): Observable<Start> => {
    if (!departed) return mapped(encryptDraft(live, draft), (fresh) => ({ kind: 'fresh', ...fresh }))
    if (!sameUser(departed.chat, draft.chat)) return throwError(() => new MessageIdTaken(draft.id))
    const message = departed.content ? messageCodec.decode(departed.content) : draft.message
    return atOnce({ kind: 'accepted', id: draft.id, sent: { id: draft.id, chat: draft.chat, timestamp: new Date(departed.atSeconds * 1000), message } })
  })
}

/** What is told of a message that was just encrypted, and not of one from an earlier connection. */
interface Fresh {
  readonly encrypted: SendProgress
  readonly announce: () => void
}

/** Writes the finished stanza and waits for its acknowledgement; errors when there is none in time. */
const transmit = (parts: DepartParts, live: Live, draft: Prepared, { outgoing }: Departure, fresh?: Fresh): Observable<SendProgress> =>
  new Observable((subscriber) => {
    const { id } = draft
    let isSent = false
    let early: Accepted | undefined

    const accept = (accepted: Accepted): void => {
      live.session.outbox.accepted(id, Math.floor(accepted.sent.timestamp.getTime() / 1000))
      keepSentSecret(live, accepted.sent)
      subscriber.next(accepted)
      subscriber.complete()
    }
    /** The acknowledgement may be there before the write has returned; it is told after it all the same. */
    const settle = (ack: Stanza): void => {
      let accepted: Accepted
      try {
        accepted = readAck(ack, draft, parts.settings.scheduler.now())
      } catch (error) {
        if (error instanceof MessageRefused) live.session.dropMessage(id)
        subscriber.error(error)
        return
      }
      if (isSent) accept(accepted)
      else early = accepted
    }
    const fail = (error: unknown): void => subscriber.error(error)

    /**
     * Writes once more, to those it went past. The server took it already: what goes wrong with them fails
     * nothing, but a lost line, after which the same is found out again.
     */
    const reachMissed = (ack: Stanza): void => {
      subscriber.add(
        defer(() => encryptAgain(live, draft, outgoing)).subscribe({
          next: (again) => {
            if (!again) {
              settle(ack)
              return
            }
            const done = (): void => {
              for (const { device, type } of again.copies) parts.explanations.note(sent(draft), { kind: 'sent_again', device, encType: type })
              settle(ack)
            }
            // Whom it goes past now is asked for with the next message.
            subscriber.add(live.whenAcked(id, (second) => (isStale(second) ? forget(done) : done()), fail))
            if (!subscriber.closed) live.writeNow(again.outgoing)
          },
          error: (error: unknown) => (error instanceof RxwaError && !(error instanceof ConnectionLost) && !(error instanceof StoreFailed) ? settle(ack) : fail(error)),
        }),
      )
    }
    const forget = (then: () => void): void => void subscriber.add(forgetMissed(parts, live, draft).subscribe({ complete: then, error: fail }))

    if (fresh) {
      subscriber.next(fresh.encrypted)
      if (subscriber.closed) return
      fresh.announce()
    }
    subscriber.add(
      live.whenAcked(
        id,
        (ack) => {
          // A hash in it says that devices were missed: their lists are asked for again.
          if (!isStale(ack)) settle(ack)
          else forget(() => (ack.attrs['error'] === undefined && !isStatus(draft.chat) ? reachMissed(ack) : settle(ack)))
        },
        fail,
      ),
    )
    subscriber.add(
      live.sendLimits.add(() => {
        // If nobody listens, the next connection takes over before the attempts are used up.
        live.doubt()
        subscriber.error(new MessageUnacknowledged(id, ATTEMPTS))
      }),
    )
    if (subscriber.closed) return
    live.writeNow(outgoing)
    isSent = true
    subscriber.next({ kind: 'sent', id })
    if (early) accept(early)
  })

/** For those it went past; of a post nobody can tell who that is. */
const encryptAgain = (live: Live, draft: Prepared, outgoing: Uint8Array): Observable<ForMissed | undefined> => {
  if (draft.audience) return encryptForMissedOnList(live, draft, draft.audience)
  return isGroup(draft.chat) ? encryptForMissedMembers(live, draft) : encryptForMissed(live, draft, outgoing)
}

const isStale = ({ attrs }: Stanza): boolean => attrs['phash'] !== undefined || STALE.includes(String(attrs['error']))

const forgetMissed = ({ explanations }: DepartParts, live: Live, draft: Prepared): Observable<void> => {
  explanations.note(sent(draft), { kind: 'devices_missed' })
  return forgetChat(live, draft)
}

/** A list has no devices, its people have. Of a post nobody can tell who was missed: all are given our key again (protocol document 05, section 7.3). */
const forgetChat = ({ session }: Live, { chat, audience }: Prepared): Observable<void> => {
  if (isGroup(chat)) return session.forgetGroup(chat)
  if (isStatus(chat)) session.ownKeys.unmarkAll(chat)
  return session.forgetDevices(...(audience?.people ?? [chat]), userOf(session.link().id))
}

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
