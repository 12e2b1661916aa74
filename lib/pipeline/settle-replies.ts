import { asyncScheduler, filter, Observable, timer, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs'

import { ReplyMalformed, RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import type { Request, RequestDescription } from '../requests/request.ts'
import { sameJid, SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'

/** Answer limit of a request that states none (protocol document 02, section 4.2). */
export const REQUEST_LIMIT_MS = 75_000

/** What waits for an answer on one connection. */
export interface WaitingRequests {
  readonly request: Request
  /** Emits the server's `<ack>` of the stanza with this id, once. Cold: waits from subscription on. */
  readonly awaitAck: (id: string) => Observable<Stanza>
  /** Hands a stanza to whoever waits for it; false when nobody does. */
  readonly settle: (stanza: Stanza) => boolean
  /** When the oldest request that is still unanswered was asked, by the scheduler's clock; undefined when there is none. */
  readonly oldestAskedAtMs: () => number | undefined
  /** Fails everything that waits; nothing can be asked afterwards. */
  readonly end: (error: Error) => void
}

/** What waiting requests need of their connection. */
export interface WaitingRequestsParts {
  readonly write: (stanza: Stanza) => void
  /** Two random 16-bit numbers that make ids unique to this connection. */
  readonly idPrefix: string
  readonly scheduler?: SchedulerLike
}

interface Waiter {
  readonly askedAtMs: number
  readonly settle: (reply: Stanza) => void
  readonly fail: (error: Error) => void
}

/** The waiting room of one connection; ids are never used twice. */
export const createWaitingRequests = ({ write, idPrefix, scheduler = asyncScheduler }: WaitingRequestsParts): WaitingRequests => {
  const waiters = new Map<string, Waiter>()
  let counter = 0
  let over: Error | undefined

  const waitFor = (id: string, start: () => void): Observable<Stanza> =>
    new Observable((subscriber) => {
      if (over) {
        subscriber.error(over)
        return undefined
      }
      const waiter: Waiter = {
        askedAtMs: scheduler.now(),
        settle: (reply) => {
          subscriber.next(reply)
          subscriber.complete()
        },
        fail: (error) => subscriber.error(error),
      }
      waiters.set(id, waiter)
      start()
      // Whoever got an answer may wait for another one under the same id already.
      return () => void (waiters.get(id) === waiter && waiters.delete(id))
    })

  const request = <Reply>(description: RequestDescription<Reply>): Observable<Reply> =>
    new Observable((subscriber) => {
      const { name, type, xmlns, to = SERVER, content, timeoutMs = REQUEST_LIMIT_MS } = description
      const id = `${idPrefix}-${(counter += 1)}`
      const iq = stanza('iq', { id, xmlns, type, to }, content)
      const limit = timer(timeoutMs, scheduler).subscribe(() => subscriber.error(new RequestTimedOut(name, timeoutMs)))
      subscriber.add(limit)
      subscriber.add(
        waitFor(id, () => write(iq)).subscribe({
          next: (reply) => {
            const outcome = readReply(description, reply)
            if (outcome.kind === 'refused') subscriber.error(outcome.error)
            else subscriber.next(outcome.reply)
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      )
    })

  return {
    request,
    awaitAck: (id) => waitFor(`ack/${id}`, () => undefined),
    settle: (reply) => {
      const { tag, attrs } = reply
      const id = attrs['id']
      if (typeof id !== 'string') return false
      // A server ping also is an iq with an id; only answers are settled.
      const isReply = tag === 'iq' && (attrs['type'] === 'result' || attrs['type'] === 'error')
      const waiter = tag === 'ack' ? waiters.get(`ack/${id}`) : isReply ? waiters.get(id) : undefined
      waiter?.settle(reply)
      return waiter !== undefined
    },
    // The map keeps the order of asking.
    oldestAskedAtMs: () => (waiters.values().next().value as Waiter | undefined)?.askedAtMs,
    end: (error) => {
      over = error
      for (const waiter of [...waiters.values()]) waiter.fail(error)
    },
  }
}

/**
 * Takes the answers out of the stream and gives them to the requests that wait for them. It never
 * waits itself, and stands before every slow stage: a stage that waits for an answer would otherwise
 * wait for itself.
 */
export const settleReplies = (waiting: Pick<WaitingRequests, 'settle'>): MonoTypeOperatorFunction<Stanza> =>
  filter((stanza) => !waiting.settle(stanza))

type ReplyOutcome<Reply> = { readonly kind: 'reply'; readonly reply: Reply } | { readonly kind: 'refused'; readonly error: Error }

/** Reads the answer to a described request; also used where answers are checked without a connection. */
export const readReply = <Reply>(
  { name, parse, refusals, to }: RequestDescription<Reply>,
  reply: Stanza,
): ReplyOutcome<Reply> => {
  const read = attributesOf(reply)
  const from = read.optionalJid('from')
  if (to && from && !sameJid(from, to)) read.faults.push('iq: from is not the one who was asked')
  if (read.optionalText('type') === 'error') {
    const error = childOf(reply, 'error')
    const readError = error && attributesOf(error)
    const status = readError?.optionalInteger('code') ?? 0
    const text = readError?.optionalText('text') ?? refusals?.[status] ?? (error ? '' : 'malformed')
    return { kind: 'refused', error: new ServerRefused(name, status, text, readError?.optionalInteger('backoff')) }
  }
  const parsed = parse(reply, read.faults)
  return read.faults.length > 0 || parsed === undefined
    ? { kind: 'refused', error: new ReplyMalformed(name, read.faults) }
    : { kind: 'reply', reply: parsed }
}
