import { hkdfSha256, hmacSha256, hmacSha256OfTwo } from '#crypto'
import { utf8 } from '../bytes/bytes.ts'

const MESSAGE_INPUT = 1
const NEXT_CHAIN = 2
const nextChainInput = Uint8Array.of(NEXT_CHAIN)

// What each derivation is for; encoded once because they run for every message.
const MESSAGE_KEYS = utf8('WhisperMessageKeys')
const RATCHET = utf8('WhisperRatchet')
const FIRST = utf8('WhisperText')
const GROUP = utf8('WhisperGroup')

/** One step of a chain: the input for the keys of the message it is at, and the key after it, 32 bytes each. */
export const chainStep = (chainKey: Uint8Array): readonly [seed: Uint8Array, next: Uint8Array] =>
  hmacSha256OfTwo(chainKey, MESSAGE_INPUT, NEXT_CHAIN)

/** The chain one message further, for messages whose keys nobody will ask for. */
export const nextChainKey = (chainKey: Uint8Array): Uint8Array => hmacSha256(chainKey, nextChainInput)

/** Keys of one message. */
export interface MessageKeys {
  readonly cipherKey: Uint8Array
  readonly macKey: Uint8Array
  readonly iv: Uint8Array
}

/** Expands a seed (protocol document 04, section 5). */
export const messageKeys = (seed: Uint8Array): MessageKeys => {
  const expanded = hkdfSha256(seed, undefined, MESSAGE_KEYS, 80)
  return { cipherKey: expanded.subarray(0, 32), macKey: expanded.subarray(32, 64), iv: expanded.subarray(64, 80) }
}

/** Keys of one message of a group; a signature stands in for the MAC (protocol document 04, section 10). */
export const senderMessageKeys = (seed: Uint8Array): Pick<MessageKeys, 'cipherKey' | 'iv'> => {
  const expanded = hkdfSha256(seed, undefined, GROUP, 48)
  return { iv: expanded.subarray(0, 16), cipherKey: expanded.subarray(16, 48) }
}

/** The two halves of a key derivation. */
export interface RootStep {
  readonly rootKey: Uint8Array
  readonly chainKey: Uint8Array
}

/** The step of the root chain that an agreement makes. */
export const rootStep = (rootKey: Uint8Array, agreement: Uint8Array): RootStep =>
  halves(hkdfSha256(agreement, rootKey, RATCHET, 64))

/** Root and first chain of a new session. */
export const firstStep = (secret: Uint8Array): RootStep => halves(hkdfSha256(secret, undefined, FIRST, 64))

const halves = (derived: Uint8Array): RootStep => ({ rootKey: derived.slice(0, 32), chainKey: derived.slice(32) })
