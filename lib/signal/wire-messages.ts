import { SignalFailed } from '../errors/signal-error.ts'
import { rawKey } from './serialized-key.ts'
import { readFields } from './wire-fields.ts'

/** Message version 3, current version 3. */
export const VERSION = 0x33

/** Bytes of the shortened MAC behind a message. */
export const MAC_BYTES = 8

/** A `msg` envelope (protocol document 04, section 6). */
export interface SignalMessage {
  /** 32 bytes. */
  readonly ratchetKey: Uint8Array
  readonly counter: number
  readonly ciphertext: Uint8Array
  /** What the MAC covers: version byte and protobuf as received. */
  readonly covered: Uint8Array
  readonly mac: Uint8Array
}

/** A `pkmsg` envelope. */
export interface PrekeyMessage {
  /** Absent when no one-time prekey was used. */
  readonly prekeyId: number | undefined
  readonly signedPrekeyId: number
  readonly baseKey: Uint8Array
  readonly identity: Uint8Array
  readonly registrationId: number
  readonly message: SignalMessage
}

/** Refuses what is shorter than `least` or of another message version. @throws SignalFailed `malformed` */
export const requireVersion = (bytes: Uint8Array, least: number): void => {
  if (bytes.length < least || bytes[0]! >> 4 !== 3) throw new SignalFailed('malformed')
}

const requireKey = (bytes: Uint8Array | undefined): Uint8Array => {
  const key = bytes && rawKey(bytes)
  if (!key) throw new SignalFailed('malformed')
  return key
}

/** Reads a `msg`. @throws SignalFailed `malformed` */
export const readSignalMessage = (bytes: Uint8Array): SignalMessage => {
  requireVersion(bytes, 1 + MAC_BYTES)
  const end = bytes.length - MAC_BYTES
  const fields = readFields(bytes.subarray(1, end), [2, 3], [1, 4])
  const counter = fields.number(2)
  const ciphertext = fields.bytes(4)
  if (counter === undefined || !ciphertext) throw new SignalFailed('malformed')
  return {
    ratchetKey: requireKey(fields.bytes(1)),
    counter,
    ciphertext,
    covered: bytes.subarray(0, end),
    mac: bytes.subarray(end),
  }
}

/** Reads a `pkmsg` and the `msg` inside. @throws SignalFailed `malformed` */
export const readPrekeyMessage = (bytes: Uint8Array): PrekeyMessage => {
  requireVersion(bytes, 2)
  const fields = readFields(bytes.subarray(1), [1, 5, 6], [2, 3, 4])
  const signedPrekeyId = fields.number(6)
  const message = fields.bytes(4)
  if (signedPrekeyId === undefined || !message) throw new SignalFailed('malformed')
  return {
    prekeyId: fields.number(1),
    signedPrekeyId,
    baseKey: requireKey(fields.bytes(2)),
    identity: requireKey(fields.bytes(3)),
    registrationId: fields.number(5) ?? 0,
    message: readSignalMessage(message),
  }
}
