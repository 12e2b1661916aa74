import type { SchedulerLike, Subscription } from 'rxjs'

import { stanza, type Stanza } from '../stanza/stanza.ts'

/** Ids in one receipt (protocol document 06, section 10.1). */
export const MOST_JOINED = 256

/** Writes the answers to what arrived. */
export interface Answering {
  /** Writes the answers to one stanza. */
  readonly answer: (received: Stanza, answers: readonly Stanza[]) => void
  /** Forgets what was not written; the server delivers those messages again. */
  readonly end: () => void
}

/** What answering needs of its connection. */
export interface AnsweringParts {
  readonly write: (stanza: Stanza) => void
  readonly scheduler: SchedulerLike
}

/**
 * Answers what arrives at once, except for messages of the backlog: receipts for what became durable
 * together leave together, one for everything a device wrote (protocol document 06, section 10.1).
 */
export const joinReceipts = ({ write, scheduler }: AnsweringParts): Answering => {
  /** Those that may be one, each list with its first receipt in front. */
  const joined = new Map<string, Stanza[]>()
  let flushing: Subscription | undefined

  const flush = (): void => {
    flushing = undefined
    const all = [...joined.values()]
    joined.clear()
    for (const receipts of all) write(oneOf(receipts, scheduler.now()))
  }

  const join = (receipt: Stanza): void => {
    const { to, participant, type, recipient } = receipt.attrs
    const key = `${to}/${participant}/${type}/${recipient}`
    const receipts = joined.get(key)
    if (!receipts) joined.set(key, [receipt])
    else if (receipts.push(receipt) === MOST_JOINED) {
      joined.delete(key)
      write(oneOf(receipts, scheduler.now()))
    }
    flushing ??= scheduler.schedule(flush)
  }

  return {
    answer: ({ attrs }, answers) => {
      const isBacklog = attrs['offline'] !== undefined
      for (const answer of answers) {
        if (isBacklog && isDelivery(answer)) join(answer)
        else write(answer)
      }
    },
    end: () => {
      flushing?.unsubscribe()
      joined.clear()
    },
  }
}

/** Receipts of which documents show that they can be one; those for status posts have a context of their own. */
const isDelivery = ({ tag, attrs: { type, context } }: Stanza): boolean =>
  tag === 'receipt' && context === undefined && (type === undefined || type === 'inactive' || type === 'sender')

const oneOf = (receipts: readonly Stanza[], nowMs: number): Stanza => {
  const [first, ...others] = receipts
  if (others.length === 0) return first!
  return stanza('receipt', { ...first!.attrs, t: Math.floor(nowMs / 1000) }, [stanza('list', {}, others.map(({ attrs }) => stanza('item', { id: attrs['id'] })))])
}
