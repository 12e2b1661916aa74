import { generateKeyPair, randomBytes, sha1, sign, type KeyPair } from '#crypto'
import { serializeKey } from './serialized-key.ts'

/** A one-time prekey of ours. */
export interface Prekey {
  /** 1 to 16,777,215. */
  readonly id: number
  readonly pair: KeyPair
}

/** A prekey that our identity vouches for. */
export interface SignedPrekey extends Prekey {
  /** 64 bytes over the serialized public key. */
  readonly signature: Uint8Array
}

/** Ids have 24 bits on the wire; after the last comes 1. */
const LAST_ID = 0xffffff

/** The id after another: one more, and 1 after the last. Holds for one-time and for signed prekeys. */
export const idAfter = (id: number): number => (id >= LAST_ID ? 1 : id + 1)

/** Fresh one-time prekeys with consecutive ids from `firstId` on; after the last id comes 1. */
export const generatePrekeys = (firstId: number, count: number, generate: () => KeyPair = generateKeyPair): readonly Prekey[] => {
  const prekeys: Prekey[] = []
  for (let id = firstId; prekeys.length < count; id = idAfter(id)) prekeys.push({ id, pair: generate() })
  return prekeys
}

/** 1 to 16380, as the web clients draw it. */
export const generateRegistrationId = (): number => {
  const [high, low] = randomBytes(2)
  return (((high! << 8) | low!) % 16_380) + 1
}

/** A fresh prekey signed by an identity. */
export const generateSignedPrekey = (identity: KeyPair, id: number): SignedPrekey => {
  const pair = generateKeyPair()
  return { id, pair, signature: sign(identity, serializeKey(pair.publicKey)) }
}

/** The window of prekeys that exist but were never offered: from `firstUnuploadedPrekeyId` up to `nextPrekeyId`. */
export interface PrekeyWindow {
  readonly nextPrekeyId: number
  readonly firstUnuploadedPrekeyId: number
}

/** An upload: which kept prekeys are offered, which are new, and the window afterwards. */
export interface PrekeyUploadPlan extends PrekeyWindow {
  readonly reusedIds: readonly number[]
  readonly generated: readonly Prekey[]
}

/**
 * Plans an upload of `wanted` prekeys: oldest unoffered ones first, the rest generated (protocol
 * document 04, section 2.1). A window that would cross the last id starts again at 1.
 */
export const planPrekeyUpload = (
  { nextPrekeyId, firstUnuploadedPrekeyId }: PrekeyWindow,
  wanted: number,
  generate: () => KeyPair = generateKeyPair,
): PrekeyUploadPlan => {
  const crosses = Math.max(nextPrekeyId, firstUnuploadedPrekeyId + wanted) > LAST_ID + 1
  const first = crosses ? 1 : firstUnuploadedPrekeyId
  const next = crosses ? 1 : nextPrekeyId
  const reused = Math.min(Math.max(next - first, 0), wanted)
  const generated = generatePrekeys(next, wanted - reused, generate)
  return {
    reusedIds: Array.from({ length: reused }, (_, index) => first + index),
    generated,
    nextPrekeyId: next + generated.length,
    firstUnuploadedPrekeyId: first + wanted,
  }
}

/** What the server's digest of our published keys has to be, 20 bytes (protocol document 04, section 2.4). */
export const keyDigest = (identity: Uint8Array, { pair, signature }: SignedPrekey, prekeys: readonly Uint8Array[]): Uint8Array =>
  sha1(identity, pair.publicKey, signature, ...prekeys)
