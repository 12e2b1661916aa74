import { keyPairOf } from '../crypto/key-pair.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { limits, type ReceiverChain, type SessionRecord, type SessionState } from './session-state.ts'

/** First byte of a stored record. */
const FORMAT = 1

/** "No prekey": ids have 24 bits. */
const NO_PREKEY = 0xffffffff

/**
 * A session record as bytes for the store. Layout: format, number of states, then per state root key,
 * sender (public, private, chain key, index), previous counter, remote identity, remote registration
 * id, base key, pending flag with its three fields, number of receiver chains, each with ratchet key,
 * chain key, index, number of skipped keys and these as counter and seed. Keys are 32 bytes, numbers 4
 * bytes big endian.
 */
export const encodeSessionRecord = ({ current, archived }: SessionRecord): Uint8Array => {
  const states = [current, ...archived]
  const bytes = new Uint8Array(5 + states.reduce((size, state) => size + stateSize(state), 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  const number = (value: number): void => {
    view.setUint32(offset, value)
    offset += 4
  }
  const key = (value: Uint8Array): void => {
    bytes.set(value, offset)
    offset += 32
  }
  bytes[offset++] = FORMAT
  number(states.length)
  for (const state of states) {
    const { sender, pending } = state
    key(state.rootKey)
    key(sender.ratchet.publicKey)
    key(sender.ratchet.privateKey)
    key(sender.chainKey)
    number(sender.index)
    number(state.previousCounter)
    key(state.remoteIdentity)
    number(state.remoteRegistrationId)
    key(state.aliceBaseKey)
    bytes[offset++] = pending ? 1 : 0
    if (pending) {
      number(pending.prekeyId ?? NO_PREKEY)
      number(pending.signedPrekeyId)
      key(pending.baseKey)
    }
    number(state.receivers.length)
    for (const { ratchetKey, chainKey, index, skipped } of state.receivers) {
      key(ratchetKey)
      key(chainKey)
      number(index)
      number(skipped.length)
      for (const { counter, seed } of skipped) {
        number(counter)
        key(seed)
      }
    }
  }
  return bytes
}

const stateSize = ({ pending, receivers }: SessionState): number =>
  6 * 32 + 3 * 4 + 1 + (pending ? 40 : 0) + 4 + receivers.reduce((size, { skipped }) => size + 72 + skipped.length * 36, 0)

/** Reads a stored record. @throws SignalFailed `malformed` when it is not whole */
export const decodeSessionRecord = (bytes: Uint8Array): SessionRecord => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  let offset = 0
  const need = (length: number): number => {
    const start = offset
    offset += length
    if (offset > bytes.length) throw new SignalFailed('malformed')
    return start
  }
  const flag = (): number => view.getUint8(need(1))
  const number = (): number => view.getUint32(need(4))
  const key = (): Uint8Array => bytes.slice(need(32), offset)
  const count = (limit: number): number => {
    const value = number()
    if (value > limit) throw new SignalFailed('malformed')
    return value
  }
  const list = <T>(length: number, read: () => T): readonly T[] => Array.from({ length }, read)

  const receiver = (): ReceiverChain => {
    const [ratchetKey, chainKey, index] = [key(), key(), number()]
    return { ratchetKey, chainKey, index, skipped: list(count(limits.skippedKeys), () => ({ counter: number(), seed: key() })) }
  }
  const state = (): SessionState => {
    const rootKey = key()
    const publicKey = key()
    const ratchet = keyPairOf(publicKey, key())
    const sender = { ratchet, chainKey: key(), index: number() }
    const [previousCounter, remoteIdentity, remoteRegistrationId, aliceBaseKey] = [number(), key(), number(), key()]
    const hasPending = flag()
    if (hasPending > 1) throw new SignalFailed('malformed')
    const pending = hasPending === 1 ? pendingPrekey() : undefined
    return { rootKey, sender, previousCounter, remoteIdentity, remoteRegistrationId, aliceBaseKey, pending, receivers: list(count(limits.receiverChains), receiver) }
  }
  const pendingPrekey = () => {
    const prekeyId = number()
    return { prekeyId: prekeyId === NO_PREKEY ? undefined : prekeyId, signedPrekeyId: number(), baseKey: key() }
  }

  if (flag() !== FORMAT) throw new SignalFailed('malformed')
  const [current, ...archived] = list(count(1 + limits.archivedStates), state)
  if (!current || offset !== bytes.length) throw new SignalFailed('malformed')
  return { current, archived }
}
