import { OptionInvalid, requireObject } from '../../errors/option-invalid.ts'
import type { FaultAction, FaultRule, FaultTarget, SeededChoice, SeededKind } from './fault-rule.ts'

/** What {@link seeded} takes. */
export interface SeededOptions {
  /** Any whole number; the same one makes the same faults of the same traffic. */
  readonly seed: number
  /** From 0 to 1; default 0.05. */
  readonly probability?: number
  /** Default: all. */
  readonly kinds?: readonly SeededKind[]
  /** Default: every stanza in both directions. */
  readonly on?: FaultTarget
  /** Longest delay; default 2000. */
  readonly limitMs?: number
}

/** All kinds that {@link seeded} draws from. */
export const SEEDED_KINDS: readonly SeededKind[] = ['drop', 'delay', 'duplicate', 'reorder', 'corrupt', 'close']

/**
 * A rule that breaks things by chance, and the same things each time.
 *
 * @throws OptionInvalid for a probability outside of 0 to 1, a kind that is none, or a seed that is no whole number
 */
export const seeded = (options: SeededOptions): FaultRule => {
  requireObject('options', options, 'an object with `seed`')
  const { seed, probability = 0.05, kinds = SEEDED_KINDS, on, limitMs = 2_000 } = options
  if (!Number.isSafeInteger(seed)) throw new OptionInvalid('seed', 'a whole number', String(seed))
  if (!(probability >= 0 && probability <= 1)) throw new OptionInvalid('probability', 'a number from 0 to 1', String(probability))
  if (kinds.length === 0 || kinds.some((kind) => !SEEDED_KINDS.includes(kind))) throw new OptionInvalid('kinds', `some of ${SEEDED_KINDS.join(', ')}`, kinds.length === 0 ? 'none' : kinds.join(', '))
  return { ...(on && { on }), do: { kind: 'seeded', seed, probability, kinds, limitMs } }
}

/** Draws for one seeded rule, one action or none each time. */
export const createDraw = ({ seed, probability, kinds, limitMs }: SeededChoice): (() => FaultAction | undefined) => {
  const next = createRandom(seed)
  return () => {
    // Always three numbers, so that what is drawn later does not depend on what was drawn before.
    const [chance, choice, size] = [next(), next(), next()]
    if (chance >= probability) return undefined
    const kind = kinds[Math.floor(choice * kinds.length)]!
    switch (kind) {
      case 'delay':
        return { kind, ms: Math.ceil(size * limitMs) }
      case 'reorder':
        return { kind, behind: 1 + Math.floor(size * 3) }
      case 'close':
        return { kind, isAbrupt: size < 0.5 }
      default:
        return { kind }
    }
  }
}

/** Numbers from 0 to below 1 that look like chance: a counter through a mixing function of 32 bits. */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 0x1_0000_0000
  }
}
