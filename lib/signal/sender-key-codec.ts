import { keyPairOf } from '../crypto/key-pair.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import type { OwnSenderKey } from './own-sender-key.ts'
import { RecordReader, RecordWriter } from './record-bytes.ts'
import type { SenderKeyRecord } from './sender-key-record.ts'
import { limits } from './signal-limits.ts'

// First bytes of stored rows, by what they hold.
const RECORD = 3
const OWN = 2
/** Records from before it was kept where a key begins. */
const RECORD_WITHOUT_START = 1

/**
 * Sender keys of somebody else as bytes for the store. Layout: format, number of states, then per state key
 * id, signing key, chain key, index, start, number of skipped keys and these as counter and seed. Keys are 32
 * bytes, numbers 4 bytes big endian.
 */
export const encodeSenderKeyRecord = (record: SenderKeyRecord): Uint8Array => {
  const writer = new RecordWriter(5 + record.reduce((size, { skipped }) => size + 80 + skipped.length * 36, 0)).flag(RECORD).number(record.length)
  for (const { keyId, signingKey, chainKey, index, start, skipped } of record) {
    writer.number(keyId).key(signingKey).key(chainKey).number(index).number(start).number(skipped.length)
    for (const { counter, seed } of skipped) writer.number(counter).key(seed)
  }
  return writer.bytes
}

/** Reads a stored record. @throws SignalFailed `malformed` when it is not whole */
export const decodeSenderKeyRecord = (bytes: Uint8Array): SenderKeyRecord => {
  const reader = new RecordReader(bytes)
  const format = reader.flag()
  if (format !== RECORD && format !== RECORD_WITHOUT_START) throw new SignalFailed('malformed')
  const record = reader.list(limits.senderKeyStates, () => {
    const [keyId, signingKey, chainKey, index] = [reader.number(), reader.key(), reader.key(), reader.number()]
    const start = format === RECORD ? reader.number() : 0
    return { keyId, signingKey, chainKey, index, start, skipped: reader.list(limits.skippedKeys, () => ({ counter: reader.number(), seed: reader.key() })) }
  })
  reader.end()
  return record
}

/** Our key for a group as bytes for the store: format, key id, iteration, chain key, signing pair (public, private), whether there is a seed, the seed. */
export const encodeOwnSenderKey = ({ keyId, iteration, chainKey, signing }: OwnSenderKey): Uint8Array => {
  const { publicKey, privateKey, seed } = signing
  const writer = new RecordWriter(seed ? 138 : 106).flag(OWN).number(keyId).number(iteration).key(chainKey).key(publicKey).key(privateKey).flag(seed ? 1 : 0)
  return (seed ? writer.key(seed) : writer).bytes
}

/** Reads our stored key. @throws SignalFailed `malformed` when it is not whole */
export const decodeOwnSenderKey = (bytes: Uint8Array): OwnSenderKey => {
  const reader = new RecordReader(bytes)
  if (reader.flag() !== OWN) throw new SignalFailed('malformed')
  const [keyId, iteration, chainKey, publicKey, privateKey] = [reader.number(), reader.number(), reader.key(), reader.key(), reader.key()]
  const seed = reader.flag() === 1 ? reader.key() : undefined
  reader.end()
  return { keyId, iteration, chainKey, signing: keyPairOf(publicKey, privateKey, seed) }
}
