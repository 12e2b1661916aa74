import { SignalFailed } from '../errors/signal-error.ts'
import { rawKey } from './serialized-key.ts'
import { readFields } from './wire-fields.ts'
import { requireVersion } from './wire-messages.ts'

/** Bytes of the signature behind a `skmsg`. */
export const SIGNATURE_BYTES = 64

/** What a sender gives to each device of a group, so that it can read what follows (protocol document 04, section 10). */
export interface SenderKeyDistribution {
  readonly keyId: number
  /** Counter of the first message that can be read. */
  readonly iteration: number
  /** 32 bytes. */
  readonly chainKey: Uint8Array
  /** Public key of the signatures, 32 bytes. */
  readonly signingKey: Uint8Array
}

/** A `skmsg` envelope. */
export interface SenderKeyMessage {
  readonly keyId: number
  readonly iteration: number
  readonly ciphertext: Uint8Array
  /** What the signature covers: version byte and protobuf as received. */
  readonly covered: Uint8Array
  readonly signature: Uint8Array
}

/** Reads a distribution message; all of its fields have to be there. @throws SignalFailed `malformed` */
export const readSenderKeyDistribution = (bytes: Uint8Array): SenderKeyDistribution => {
  requireVersion(bytes, 2)
  const fields = readFields(bytes.subarray(1), [1, 2], [3, 4])
  const [keyId, iteration, chainKey, serialized] = [fields.number(1), fields.number(2), fields.bytes(3), fields.bytes(4)]
  const signingKey = serialized && rawKey(serialized)
  if (keyId === undefined || iteration === undefined || chainKey?.length !== 32 || !signingKey) throw new SignalFailed('malformed')
  return { keyId, iteration, chainKey: chainKey.slice(), signingKey }
}

/** Reads a `skmsg`; all of its fields have to be there. @throws SignalFailed `malformed` */
export const readSenderKeyMessage = (bytes: Uint8Array): SenderKeyMessage => {
  requireVersion(bytes, 1 + SIGNATURE_BYTES)
  const end = bytes.length - SIGNATURE_BYTES
  const fields = readFields(bytes.subarray(1, end), [1, 2], [3])
  const [keyId, iteration, ciphertext] = [fields.number(1), fields.number(2), fields.bytes(3)]
  if (keyId === undefined || iteration === undefined || !ciphertext) throw new SignalFailed('malformed')
  return { keyId, iteration, ciphertext, covered: bytes.subarray(0, end), signature: bytes.subarray(end) }
}
