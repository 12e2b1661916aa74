import { aesCbcDecrypt, aesCbcEncrypt, hmacSha256 } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { agreement } from './agreement.ts'
import { chainStep, messageKeys, nextChainKey, rootStep } from './chain.ts'
import { serializeKey } from './serialized-key.ts'
import { limits, type LocalIdentity, type ReceiverChain, type SessionState, type SkippedKey } from './session-state.ts'
import { WireWriter } from './wire-fields.ts'
import { MAC_BYTES, VERSION, type SignalMessage } from './wire-messages.ts'
import type { GenerateKeyPair } from './x3dh.ts'

/** A ratchet after an operation, and what came of it. */
export interface RatchetResult {
  readonly state: SessionState
  readonly bytes: Uint8Array
}

const macOf = (macKey: Uint8Array, from: Uint8Array, to: Uint8Array, covered: Uint8Array): Uint8Array =>
  hmacSha256(macKey, serializeKey(from), serializeKey(to), covered).subarray(0, MAC_BYTES)

/** Encrypts one message on the sending chain: a whole `msg` envelope. */
export const ratchetEncrypt = (state: SessionState, plaintext: Uint8Array, { identity }: LocalIdentity): RatchetResult => {
  const { sender } = state
  const [seed, chainKey] = chainStep(sender.chainKey)
  const { cipherKey, macKey, iv } = messageKeys(seed)
  const writer = new WireWriter()
    .byte(VERSION)
    .key(1, sender.ratchet.publicKey)
    .number(2, sender.index)
    .number(3, state.previousCounter)
    .bytes(4, aesCbcEncrypt(cipherKey, iv, plaintext))
  writer.raw(macOf(macKey, identity.publicKey, state.remoteIdentity, writer.written()))
  return {
    state: { ...state, sender: { ratchet: sender.ratchet, chainKey, index: sender.index + 1 } },
    bytes: writer.written(),
  }
}

/**
 * Opens one message with one state; the state given is never changed.
 *
 * @param jump how far the counter may be ahead
 * @throws SignalFailed `duplicate_message`, `too_far_in_future`, `bad_mac`, `invalid_message`
 */
export const ratchetDecrypt = (
  state: SessionState,
  message: SignalMessage,
  { identity }: LocalIdentity,
  jump: number,
  generate: GenerateKeyPair,
): RatchetResult => {
  const known = state.receivers.find(({ ratchetKey }) => equalBytes(ratchetKey, message.ratchetKey))
  const begun = known ? undefined : beginChain(state, message.ratchetKey)
  const chain = known ?? begun!.chain
  const { seed, next } = takeSeed(chain, message.counter, jump)
  const { cipherKey, macKey, iv } = messageKeys(seed)
  if (!equalBytes(macOf(macKey, state.remoteIdentity, identity.publicKey, message.covered), message.mac))
    throw new SignalFailed('bad_mac')
  const bytes = decryptBody(cipherKey, iv, message.ciphertext)

  if (known) {
    const receivers = state.receivers.map((receiver) => (receiver === known ? next : receiver))
    return { state: { ...state, receivers, pending: undefined }, bytes }
  }
  // The message proved itself: only now is a new ratchet key drawn for our answers.
  const ratchet = generate()
  const sending = rootStep(begun!.rootKey, agreement(ratchet.privateKey, message.ratchetKey))
  return {
    state: {
      ...state,
      rootKey: sending.rootKey,
      sender: { ratchet, chainKey: sending.chainKey, index: 0 },
      receivers: [...state.receivers, next].slice(-limits.receiverChains),
      previousCounter: Math.max(state.sender.index - 1, 0),
      pending: undefined,
    },
    bytes,
  }
}

const beginChain = (state: SessionState, ratchetKey: Uint8Array): { readonly rootKey: Uint8Array; readonly chain: ReceiverChain } => {
  const { rootKey, chainKey } = rootStep(state.rootKey, agreement(state.sender.ratchet.privateKey, ratchetKey))
  return { rootKey, chain: { ratchetKey, chainKey, index: 0, skipped: [] } }
}

/** The key of one counter, and the chain after it was taken. */
const takeSeed = (chain: ReceiverChain, counter: number, jump: number): { readonly seed: Uint8Array; readonly next: ReceiverChain } => {
  if (counter < chain.index) {
    const key = chain.skipped.find((skipped) => skipped.counter === counter)
    if (!key) throw new SignalFailed('duplicate_message')
    return { seed: key.seed, next: { ...chain, skipped: chain.skipped.filter((skipped) => skipped !== key) } }
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
  return { seed, next: { ratchetKey: chain.ratchetKey, chainKey: next, index: counter + 1, skipped } }
}

const decryptBody = (cipherKey: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array => {
  try {
    return aesCbcDecrypt(cipherKey, iv, ciphertext)
  } catch (cause) {
    if (cause instanceof CryptoFailed) throw new SignalFailed('invalid_message', { cause })
    throw cause
  }
}
