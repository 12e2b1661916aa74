import { SignalFailed } from '../errors/signal-error.ts'
import { chainStep, nextChainKey } from './chain.ts'
import { limits } from './signal-limits.ts'

/** Key of a message that was skipped, kept until it arrives. */
export interface SkippedKey {
  readonly counter: number
  /** Input of the key derivation, 32 bytes; expanded when used. */
  readonly seed: Uint8Array
}

/** How far a chain of a peer's messages was followed; immutable. */
export interface ReceivingChain {
  /** 32 bytes. */
  readonly chainKey: Uint8Array
  /** Counter of the next message. */
  readonly index: number
  /** In ascending order of counter. */
  readonly skipped: readonly SkippedKey[]
}

/** The key of one message, and the chain after it was taken. */
export interface TakenSeed {
  readonly seed: Uint8Array
  readonly next: ReceivingChain
}

/**
 * Takes the key of one counter; those it passes are kept, the oldest of too many dropped.
 *
 * @param jump how far the counter may be ahead
 * @throws SignalFailed `duplicate_message`, `too_far_in_future`
 */
export const takeSeed = (chain: ReceivingChain, counter: number, jump: number): TakenSeed => {
  if (counter < chain.index) {
    const key = chain.skipped.find((skipped) => skipped.counter === counter)
    if (!key) throw new SignalFailed('duplicate_message')
    const { chainKey, index } = chain
    return { seed: key.seed, next: { chainKey, index, skipped: chain.skipped.filter((skipped) => skipped !== key) } }
  }
  if (counter - chain.index > jump) throw new SignalFailed('too_far_in_future')
  let { chainKey } = chain
  const passed: SkippedKey[] = []
  for (let index = chain.index; index < counter; index += 1) {
    // Keys that would be dropped at once are not made.
    if (counter - index > limits.skippedKeys) chainKey = nextChainKey(chainKey)
    else {
      const [seed, next] = chainStep(chainKey)
      passed.push({ counter: index, seed })
      chainKey = next
    }
  }
  const skipped = passed.length === 0 ? chain.skipped : [...chain.skipped, ...passed].slice(-limits.skippedKeys)
  const [seed, next] = chainStep(chainKey)
  return { seed, next: { chainKey: next, index: counter + 1, skipped } }
}
