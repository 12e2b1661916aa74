import { aesCbcDecrypt, aesCbcEncrypt, hmacSha256 } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { agreement } from './agreement.ts'
import { chainStep, messageKeys, rootStep } from './chain.ts'
import { takeSeed } from './receiving-chain.ts'
import { serializeKey } from './serialized-key.ts'
import type { LocalIdentity, ReceiverChain, SendingChain, SessionState } from './session-state.ts'
import { limits } from './signal-limits.ts'
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

/** Encrypts one message on the sending chain, which it may begin: a whole `msg` envelope. */
export const ratchetEncrypt = (state: SessionState, plaintext: Uint8Array, { identity }: LocalIdentity, generate: GenerateKeyPair): RatchetResult => {
  const { rootKey, sender } = state.sender ? { rootKey: state.rootKey, sender: state.sender } : beginAnswers(state, generate)
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
    state: { ...state, rootKey, sender: { ratchet: sender.ratchet, chainKey, index: sender.index + 1 } },
    bytes: writer.written(),
  }
}

/**
 * Our chain that answers the newest one of the peer (protocol document 04, section 5). It is begun when we write and
 * not when we read: most of what is read is never answered, and a key pair and an agreement are a third of what a first
 * message costs. Nobody can tell.
 */
const beginAnswers = ({ rootKey, receivers }: SessionState, generate: GenerateKeyPair): { readonly rootKey: Uint8Array; readonly sender: SendingChain } => {
  const newest = receivers.at(-1)
  if (!newest) throw new SignalFailed('malformed')
  const ratchet = generate()
  const begun = rootStep(rootKey, agreement(ratchet.privateKey, newest.ratchetKey))
  return { rootKey: begun.rootKey, sender: { ratchet, chainKey: begun.chainKey, index: 0 } }
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
): RatchetResult => {
  const known = state.receivers.find(({ ratchetKey }) => equalBytes(ratchetKey, message.ratchetKey))
  const begun = known ? undefined : beginChain(state, message.ratchetKey)
  const chain = known ?? begun!.chain
  const { seed, next: moved } = takeSeed(chain, message.counter, jump)
  const next: ReceiverChain = { ratchetKey: chain.ratchetKey, ...moved }
  const { cipherKey, macKey, iv } = messageKeys(seed)
  if (!equalBytes(macOf(macKey, state.remoteIdentity, identity.publicKey, message.covered), message.mac))
    throw new SignalFailed('bad_mac')
  const bytes = decryptBody(cipherKey, iv, message.ciphertext)

  if (known) {
    const receivers = state.receivers.map((receiver) => (receiver === known ? next : receiver))
    return { state: { ...state, receivers, pending: undefined }, bytes }
  }
  return {
    state: {
      ...state,
      rootKey: begun!.rootKey,
      sender: undefined,
      receivers: [...state.receivers, next].slice(-limits.receiverChains),
      previousCounter: Math.max(begun!.answered.index - 1, 0),
      pending: undefined,
    },
    bytes,
  }
}

/** A chain of the peer and the one of ours it answers. */
interface BegunChain {
  readonly rootKey: Uint8Array
  readonly chain: ReceiverChain
  readonly answered: SendingChain
}

const beginChain = ({ rootKey: root, sender }: SessionState, ratchetKey: Uint8Array): BegunChain => {
  // Nothing was written since the last chain began, so nobody can have answered it.
  if (!sender) throw new SignalFailed('bad_mac')
  const { rootKey, chainKey } = rootStep(root, agreement(sender.ratchet.privateKey, ratchetKey))
  return { rootKey, chain: { ratchetKey, chainKey, index: 0, skipped: [] }, answered: sender }
}

const decryptBody = (cipherKey: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array => {
  try {
    return aesCbcDecrypt(cipherKey, iv, ciphertext)
  } catch (cause) {
    if (cause instanceof CryptoFailed) throw new SignalFailed('invalid_message', { cause })
    throw cause
  }
}
