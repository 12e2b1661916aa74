import { seededRandom } from '../fuzz/random.ts'

/** What may happen, with how often it does in relation to the others. */
const WEIGHTS = {
  /** Our client writes to a person. */
  send: 22,
  /** A person writes to us. */
  receive: 22,
  /** Our client writes to a group. */
  send_to_group: 14,
  /** Somebody writes to a group of ours. */
  receive_from_group: 14,
  /** The other client, a companion of Ben, writes to us or to a group. */
  companion_sends: 6,
  /** One of the next stanzas on our line is lost, comes twice, too late, behind the next one, or spoilt. */
  drop: 2,
  duplicate: 3,
  reorder: 3,
  delay: 2,
  corrupt: 3,
  /** One bit of each ciphertext of the next message anybody sends. */
  corrupt_next: 3,
  /** The line breaks. */
  disconnect: 3,
  /** One of the next commits fails, without or with its effect. */
  fail_write: 2,
  /** The process is killed, now or at one of its next commits; later there is another one. */
  kill: 4,
  /** Our application hangs up and calls again: nothing of the store is in memory any more. */
  evict: 2,
  /** Our store comes back without a session, as from an old backup; a process that is not there only. */
  lose_own_session: 2,
  /** A phone loses its session with us. */
  peer_loses_session: 3,
  /** Cleo installs the app anew; everybody hears of it, or nobody. */
  reinstall: 1,
  phone_offline: 3,
  phone_online: 4,
  leave_group: 2,
  join_group: 3,
  /** Ben links the other client, or unlinks it. */
  companion_comes: 2,
  companion_goes: 1,
  companion_sleeps: 2,
  companion_wakes: 3,
  /** The server tells LIDs from now on, groups change their form. */
  migrate: 1,
  rotate_group_key: 1,
  /** Time passes. */
  wait: 4,
} as const

export type StepKind = keyof typeof WEIGHTS

/** One step; what its numbers choose is up to its kind, so that steps can be left out without changing the others. */
export interface Step {
  readonly kind: StepKind
  /** From 0 to below 1000. */
  readonly a: number
  readonly b: number
  /** Time that passes after it. */
  readonly waitMs: number
}

const WAITS_MS = [0, 0, 0, 0, 1, 1, 1, 5, 5, 30, 200] as const
const LONG_WAITS_MS = [1_000, 5_000, 12_000, 40_000] as const

const kinds = Object.entries(WEIGHTS).flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind as StepKind))

/** The steps of a seed. */
export const drawSteps = (seed: number, count: number): readonly Step[] => {
  const { below, pick } = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const kind = pick(kinds)
    return { kind, a: below(1_000), b: below(1_000), waitMs: kind === 'wait' ? pick(LONG_WAITS_MS) : pick(WAITS_MS) }
  })
}

/** Steps as a person reads them. */
export const showStep = ({ kind, a, b, waitMs }: Step): string => `${kind} ${a} ${b}${waitMs > 0 ? `, ${waitMs} ms` : ''}`

/** A step in one word after the other, as {@link readSteps} takes it. */
export const writeStep = ({ kind, a, b, waitMs }: Step): string => `${kind} ${a} ${b} ${waitMs}`

const isKind = (text: string | undefined): text is StepKind => text !== undefined && text in WEIGHTS

/** Steps as {@link writeStep} writes them, with semicolons in between. @throws TypeError naming a step that is none */
export const readSteps = (script: string): readonly Step[] =>
  script.split(';').map((line) => {
    const [kind, ...numbers] = line.trim().split(/\s+/)
    const [a = 0, b = 0, waitMs = 0] = numbers.map(Number)
    if (!isKind(kind)) throw new TypeError(`"${line}" is no step`)
    return { kind, a, b, waitMs }
  })
