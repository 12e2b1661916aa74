import { Subject, type Observable } from 'rxjs'

import type { Explanation, ExplanationFact, ExplanationStep } from '../events/explanation.ts'
import type { Jid } from '../stanza/jid.ts'

/** What a chain is about. */
export interface ExplainedMessage {
  readonly direction: 'in' | 'out'
  readonly id: string
  readonly chat: Jid
  readonly sender?: Jid
}

/** Chains of causes for messages that went wrong; what goes right is not written down. */
export interface ExplanationBook {
  /** Adds a fact to the chain of a message, beginning one where there is none. */
  readonly note: (message: ExplainedMessage, fact: ExplanationFact) => void
  /** Adds a fact if the message has a chain already. */
  readonly noteKnown: (message: ExplainedMessage, fact: ExplanationFact) => void
  /** Whether any message has a chain. */
  readonly isEmpty: () => boolean
  readonly has: (id: string) => boolean
  /** What is known now; undefined when nothing went wrong, or too long ago. */
  readonly explain: (id: string) => Explanation | undefined
  /** The whole chain each time it grows. */
  readonly explanations$: Observable<Explanation>
  /** Completes it. */
  readonly complete: () => void
}

/** Messages with a chain; the one that has not grown for longest is forgotten first. */
const MOST_CHAINS = 1_000

/** A chain that has not grown for this long is forgotten. */
const KEPT_MS = 86_400_000

/** Steps of one chain; the first and the latest tell most. */
const MOST_STEPS = 64
const FIRST_STEPS = 16

/** A book without chains. */
export const createExplanationBook = (nowMs: () => number): ExplanationBook => {
  const chains = new Map<string, Explanation>()
  const grown$ = new Subject<Explanation>()

  const isOld = ({ steps }: Explanation): boolean => nowMs() - steps.at(-1)!.at.getTime() >= KEPT_MS

  const forgetOld = (): void => {
    for (const [id, chain] of chains) {
      if (chains.size <= MOST_CHAINS && !isOld(chain)) return
      chains.delete(id)
    }
  }

  const note = ({ direction, id, chat, sender }: ExplainedMessage, fact: ExplanationFact): void => {
    const known = chains.get(id)
    const step: ExplanationStep = { ...fact, at: new Date(nowMs()) }
    const all = [...(known?.steps ?? []), step]
    const isFull = all.length > MOST_STEPS
    const steps = isFull ? [...all.slice(0, FIRST_STEPS), ...all.slice(FIRST_STEPS + 1)] : all
    const chain: Explanation = {
      ...(known ?? { id, direction, chat, ...(sender && { sender }) }),
      steps,
      droppedSteps: (known?.droppedSteps ?? 0) + (isFull ? 1 : 0),
      outcome: direction === 'in' ? outcomeOfReceived(steps) : outcomeOfSent(steps),
    }
    chains.delete(id)
    chains.set(id, chain)
    forgetOld()
    grown$.next(chain)
  }

  return {
    note,
    noteKnown: (message, fact) => {
      if (chains.has(message.id)) note(message, fact)
    },
    isEmpty: () => chains.size === 0,
    has: (id) => chains.has(id),
    explain: (id) => {
      const chain = chains.get(id)
      return chain && !isOld(chain) ? chain : undefined
    },
    explanations$: grown$.asObservable(),
    complete: () => grown$.complete(),
  }
}

const outcomeOfReceived = (steps: readonly ExplanationStep[]): Explanation['outcome'] => {
  if (steps.some(({ kind }) => kind === 'read')) return 'mended'
  const wasAsked = steps.some(({ kind }) => kind === 'retry_sent' || kind === 'phone_asked')
  const last = steps.at(-1)!
  if (last.kind === 'phone_answered' && last.outcome !== 'handed_over') return 'lost'
  return wasAsked || last.kind === 'phone_answered' ? 'open' : 'lost'
}

/** Each device that asked is served by the last word about it. */
const outcomeOfSent = (steps: readonly ExplanationStep[]): Explanation['outcome'] => {
  if (steps.some(({ kind }) => kind === 'not_sent')) return 'lost'
  const unserved = new Map<string, Explanation['outcome']>()
  for (const step of steps) {
    if (!('device' in step)) continue
    const device = step.device.toString()
    if (step.kind === 'sent_again') unserved.delete(device)
    else if (step.kind !== 'session_mended') unserved.set(device, step.kind === 'not_sent_again' || step.kind === 'retry_refused' ? 'lost' : 'open')
  }
  const left = [...unserved.values()]
  if (left.includes('open')) return 'open'
  if (left.length > 0) return 'lost'
  return steps.some(({ kind }) => kind === 'sent_again') ? 'mended' : 'open'
}
