import { hkdfSha256, hmacSha256 } from '#crypto'
import { utf8 } from '../bytes/bytes.ts'

const MESSAGE_INPUT = Uint8Array.of(1)
const NEXT_CHAIN = Uint8Array.of(2)

// What each derivation is for; encoded once because they run for every message.
const MESSAGE_KEYS = utf8('WhisperMessageKeys')
const RATCHET = utf8('WhisperRatchet')
const FIRST = utf8('WhisperText')

/** Input for the keys of the message a chain is at, 32 bytes. */
export const messageSeed = (chainKey: Uint8Array): Uint8Array => hmacSha256(chainKey, MESSAGE_INPUT)

/** The chain one message further. */
export const nextChainKey = (chainKey: Uint8Array): Uint8Array => hmacSha256(chainKey, NEXT_CHAIN)

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
