import { keyPairOf } from '../crypto/key-pair.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { RecordReader, RecordWriter } from './record-bytes.ts'
import type { ReceiverChain, SendingChain, SessionRecord, SessionState } from './session-state.ts'
import { limits } from './signal-limits.ts'

/** First byte of a stored record; those before it always had a sending chain. */
const FORMAT = 2
const FORMAT_ALWAYS_SENDING = 1

/** "No prekey": ids have 24 bits. */
const NO_PREKEY = 0xffffffff

/**
 * A session record as bytes for the store. Layout: format, number of states, then per state root key, a flag
 * for the sender and it (public, private, chain key, index), previous counter, remote identity, remote registration
 * id, base key, pending flag with its three fields, number of receiver chains, each with ratchet key,
 * chain key, index, number of skipped keys and these as counter and seed. Keys are 32 bytes, numbers 4
 * bytes big endian.
 */
export const encodeSessionRecord = ({ current, archived }: SessionRecord): Uint8Array => {
  const states = [current, ...archived]
  const writer = new RecordWriter(5 + states.reduce((size, state) => size + stateSize(state), 0)).flag(FORMAT).number(states.length)
  for (const { rootKey, sender, previousCounter, remoteIdentity, remoteRegistrationId, aliceBaseKey, pending, receivers } of states) {
    writer.key(rootKey).flag(sender ? 1 : 0)
    if (sender) writer.key(sender.ratchet.publicKey).key(sender.ratchet.privateKey).key(sender.chainKey).number(sender.index)
    writer.number(previousCounter).key(remoteIdentity).number(remoteRegistrationId).key(aliceBaseKey).flag(pending ? 1 : 0)
    if (pending) writer.number(pending.prekeyId ?? NO_PREKEY).number(pending.signedPrekeyId).key(pending.baseKey)
    writer.number(receivers.length)
    for (const { ratchetKey, chainKey, index, skipped } of receivers) {
      writer.key(ratchetKey).key(chainKey).number(index).number(skipped.length)
      for (const { counter, seed } of skipped) writer.number(counter).key(seed)
    }
  }
  return writer.bytes
}

const stateSize = ({ sender, pending, receivers }: SessionState): number =>
  3 * 32 + 2 * 4 + 2 + (sender ? 100 : 0) + (pending ? 40 : 0) + 4 + receivers.reduce((size, { skipped }) => size + 72 + skipped.length * 36, 0)

/** Reads a stored record. @throws SignalFailed `malformed` when it is not whole */
export const decodeSessionRecord = (bytes: Uint8Array): SessionRecord => {
  const reader = new RecordReader(bytes)
  const receiver = (): ReceiverChain => {
    const [ratchetKey, chainKey, index] = [reader.key(), reader.key(), reader.number()]
    return { ratchetKey, chainKey, index, skipped: reader.list(limits.skippedKeys, () => ({ counter: reader.number(), seed: reader.key() })) }
  }
  const isSet = (): boolean => {
    const flag = reader.flag()
    if (flag > 1) throw new SignalFailed('malformed')
    return flag === 1
  }
  const sendingChain = (): SendingChain => {
    const publicKey = reader.key()
    const ratchet = keyPairOf(publicKey, reader.key())
    return { ratchet, chainKey: reader.key(), index: reader.number() }
  }
  const state = (): SessionState => {
    const rootKey = reader.key()
    const sender = format === FORMAT_ALWAYS_SENDING || isSet() ? sendingChain() : undefined
    const [previousCounter, remoteIdentity, remoteRegistrationId, aliceBaseKey] = [reader.number(), reader.key(), reader.number(), reader.key()]
    const pending = isSet() ? pendingPrekey() : undefined
    const receivers = reader.list(limits.receiverChains, receiver)
    // Without a chain of the peer there is nothing ours could answer.
    if (!sender && receivers.length === 0) throw new SignalFailed('malformed')
    return { rootKey, sender, previousCounter, remoteIdentity, remoteRegistrationId, aliceBaseKey, pending, receivers }
  }
  const pendingPrekey = () => {
    const prekeyId = reader.number()
    return { prekeyId: prekeyId === NO_PREKEY ? undefined : prekeyId, signedPrekeyId: reader.number(), baseKey: reader.key() }
  }

  const format = reader.flag()
  if (format !== FORMAT && format !== FORMAT_ALWAYS_SENDING) throw new SignalFailed('malformed')
  const [current, ...archived] = reader.list(1 + limits.archivedStates, state)
  reader.end()
  if (!current) throw new SignalFailed('malformed')
  return { current, archived }
}
