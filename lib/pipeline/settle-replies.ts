import { asyncScheduler, filter, Observable, timer, type MonoTypeOperatorFunction, type SchedulerLike } from 'rxjs'

import { ReplyMalformed, RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import { PassingMap } from '../collections/passing-map.ts'
import type { Request, RequestDescription } from '../requests/request.ts'
import { sameJid, SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'

/** Answer limit of a request that states none (protocol document 02, section 4.2). */
export const REQUEST_LIMIT_MS = 75_000

/** What waits for an answer on one connection. */
export interface WaitingRequests {
  readonly request: Request
  /**
   * Calls once with the server's `<ack>` of the stanza with this id, or with the reason why none will come; what is
   * returned calls it off. No Observable, because every message waits like this.
   */
  readonly whenAcked: (id: string, settle: (ack: Stanza) => void, fail: (error: Error) => void) => () => void
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

const nothing = (): void => undefined

interface Waiter {
  readonly askedAtMs: number
  readonly settle: (reply: Stanza) => void
  readonly fail: (error: Error) => void
}

/** The waiting room of one connection; ids are never used twice. */
export const createWaitingRequests = ({ write, idPrefix, scheduler = asyncScheduler }: WaitingRequestsParts): WaitingRequests => {
  const waiters = new PassingMap<string, Waiter>()
  let counter = 0
  let over: Error | undefined

  const waitFor = (id: string, settle: (reply: Stanza) => void, fail: (error: Error) => void): (() => void) => {
    if (over) {
      fail(over)
      return nothing
    }
    const waiter: Waiter = { askedAtMs: scheduler.now(), settle, fail }
    waiters.set(id, waiter)
    // Whoever got an answer may wait for another one under the same id already.
    return () => void (waiters.get(id) === waiter && waiters.delete(id))
  }

  const request = <Reply>(description: RequestDescription<Reply>): Observable<Reply> =>
    new Observable((subscriber) => {
      const { name, type, xmlns, to = SERVER, content, timeoutMs = REQUEST_LIMIT_MS } = description
      const id = `${idPrefix}-${(counter += 1)}`
      const iq = stanza('iq', { id, xmlns, type, to }, content)
      const limit = timer(timeoutMs, scheduler).subscribe(() => subscriber.error(new RequestTimedOut(name, timeoutMs)))
      subscriber.add(limit)
      const settle = (reply: Stanza): void => {
        try {
          const outcome = readReply(description, reply)
          if (outcome.kind === 'refused') subscriber.error(outcome.error)
          else {
            subscriber.next(outcome.reply)
            subscriber.complete()
          }
        } catch (error) {
          subscriber.error(error)
        }
      }
      subscriber.add(waitFor(id, settle, (error) => subscriber.error(error)))
      if (!subscriber.closed) write(iq)
    })

  return {
    request,
    whenAcked: (id, settle, fail) => waitFor(`ack/${id}`, settle, fail),
    settle: (reply) => {
      const { tag, attrs } = reply
      const id = attrs['id']
      if (typeof id !== 'string') return false
      // A server ping also is an iq with an id; only answers are settled.
      const isReply = tag === 'iq' && (attrs['type'] === 'result' || attrs['type'] === 'error')
      const waiter = tag === 'ack' ? waiters.get(`ack/${id}`) : isReply ? waiters.get(id) : undefined
      if (!waiter) return false
      waiters.delete(tag === 'ack' ? `ack/${id}` : id)
      waiter.settle(reply)
      return true
    },
    oldestAskedAtMs: () => waiters.oldest()?.askedAtMs,
    end: (error) => {
      over = error
      for (const waiter of waiters.clear()) waiter.fail(error)
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
