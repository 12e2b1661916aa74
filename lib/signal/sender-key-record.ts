import { aesCbcDecrypt, verify } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { senderMessageKeys } from './chain.ts'
import { takeSeed, type ReceivingChain } from './receiving-chain.ts'
import type { SenderKeyDistribution, SenderKeyMessage } from './sender-key-messages.ts'
import { limits } from './signal-limits.ts'

/** One sender key of somebody else, as far as it was followed. */
export interface SenderKeyState extends ReceivingChain {
  readonly keyId: number
  /** Public key of the signatures, 32 bytes. */
  readonly signingKey: Uint8Array
  /** Counter of the first message it can read: what was written before was written for others. */
  readonly start: number
}

/** The sender keys of one sender in one group, newest first; immutable. */
export type SenderKeyRecord = readonly SenderKeyState[]

/**
 * Takes a sender key in. One that is known already keeps its state, which may be ahead, learns what was
 * written before when it is told from an earlier place, and comes to the front; the same number with another
 * signing key replaces it; of too many the oldest is dropped.
 */
export const learnSenderKey = (record: SenderKeyRecord, distribution: SenderKeyDistribution): SenderKeyRecord => {
  const { keyId, iteration, chainKey, signingKey } = distribution
  const known = record.find((state) => state.keyId === keyId)
  const isSame = known !== undefined && equalBytes(known.signingKey, signingKey)
  const state: SenderKeyState = isSame ? fromEarlier(known, distribution) : { keyId, signingKey, chainKey, index: iteration, skipped: [], start: iteration }
  return state === record[0] ? record : [state, ...record.filter((other) => other !== known)].slice(0, limits.senderKeyStates)
}

/**
 * The first message under a key brings it from its beginning; when a later one was there before it, with the
 * key from further on, the keys in between are made now. Too many are left out.
 */
const fromEarlier = (known: SenderKeyState, { iteration, chainKey }: SenderKeyDistribution): SenderKeyState => {
  if (iteration >= known.start || known.start - iteration > limits.skippedKeys) return known
  const { next } = takeSeed({ chainKey, index: iteration, skipped: [] }, known.start, limits.skippedKeys)
  return { ...known, start: iteration, skipped: [...next.skipped, ...known.skipped].slice(-limits.skippedKeys) }
}

/** An opened message of a group and the record to store with it. */
export interface DecryptedFromGroup {
  readonly record: SenderKeyRecord
  /** Still padded. */
  readonly plaintext: Uint8Array
}

/** Whether a record holds the key of a message. */
export const holdsKey = (record: SenderKeyRecord, keyId: number): boolean => record.some((state) => state.keyId === keyId)

/**
 * Opens a message of a group. The signature is verified before anything is derived.
 *
 * @throws SignalFailed `no_sender_key`, `bad_signature`, `duplicate_message`, `too_far_in_future`, `invalid_message`; the record stays as it was
 */
export const decryptFromGroup = (record: SenderKeyRecord, { keyId, iteration, ciphertext, covered, signature }: SenderKeyMessage): DecryptedFromGroup => {
  const state = record.find((known) => known.keyId === keyId)
  if (!state) throw new SignalFailed('no_sender_key')
  if (!verify(state.signingKey, covered, signature)) throw new SignalFailed('bad_signature')
  // Written before we had the key: no repetition of what was read.
  if (iteration < state.start) throw new SignalFailed('no_sender_key')
  const { seed, next } = takeSeed(state, iteration, limits.senderKeyJump)
  const { cipherKey, iv } = senderMessageKeys(seed)
  const plaintext = decryptBody(cipherKey, iv, ciphertext)
  const moved: SenderKeyState = { keyId, signingKey: state.signingKey, start: state.start, ...next }
  return { record: record.map((known) => (known === state ? moved : known)), plaintext }
}

const decryptBody = (cipherKey: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array => {
  try {
    return aesCbcDecrypt(cipherKey, iv, ciphertext)
  } catch (cause) {
    if (cause instanceof CryptoFailed) throw new SignalFailed('invalid_message', { cause })
    throw cause
  }
}
