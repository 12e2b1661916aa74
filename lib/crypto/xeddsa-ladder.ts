import { Defect } from '../errors/defect.ts'
import { clamp, edwardsOf } from './montgomery.ts'

/** Order of the base point. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** 0xFE and 31 times 0xFF: keeps these hashes apart from those of Ed25519. */
const PREFIX = new Uint8Array(32).fill(0xff)
PREFIX[0] = 0xfe

const fromLittleEndian = (bytes: Uint8Array): bigint => {
  let hex = ''
  for (let index = bytes.length - 1; index >= 0; index -= 1) hex += bytes[index]!.toString(16).padStart(2, '0')
  return BigInt(`0x${hex}`)
}

const toLittleEndian = (value: bigint): Uint8Array => {
  const hex = value.toString(16).padStart(64, '0')
  const bytes = new Uint8Array(32)
  for (let index = 0; index < 32; index += 1) bytes[31 - index] = parseInt(hex.slice(index * 2, index * 2 + 2), 16)
  return bytes
}

/**
 * A scalar in the clamped form that X25519 insists on, for the same point or its negative. Of the
 * scalar and its negative exactly one has such a form (L is 5 modulo 8, and the form leaves four
 * multiples of L to choose from).
 */
const clampedForm = (scalar: bigint): Uint8Array => {
  for (const candidate of [scalar, L - scalar])
    for (let lifted = candidate + 4n * L, times = 0; times < 4; lifted += L, times += 1)
      if ((lifted & 7n) === 0n) return toLittleEndian(lifted)
  throw new Defect('a scalar without a clamped form')
}

/** What the curve operations of a native library offer. */
export interface Ladder {
  /** X25519 of a clamped scalar and the base point. */
  readonly multiplyBase: (scalar: Uint8Array) => Uint8Array
  readonly sha512: (...parts: readonly Uint8Array[]) => Uint8Array
  /** Plain Ed25519. */
  readonly verify: (edwards: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
}

/** A point without its sign, from a multiplication that yields only one coordinate. */
const unsignedPoint = (ladder: Ladder, scalar: Uint8Array): Uint8Array => {
  const point = edwardsOf(ladder.multiplyBase(scalar))
  if (!point) throw new Defect('a multiple of the base point of low order')
  return point
}

/**
 * XEdDSA with a bare X25519 private key (protocol document 04, section 1.1), byte for byte the portable
 * one, made of native operations only: no other library has to be loaded for a rare case. X25519 gives
 * the points without their signs; of the two possible signs each, the ones that make the signature
 * verify are the right ones. Candidates that fail never leave this function: two of them would give the key away.
 *
 * @param signs remembers the sign of the public key, by the array of the private key
 */
export const signByLadder = (
  ladder: Ladder,
  signs: WeakMap<Uint8Array, number>,
  privateKey: Uint8Array,
  message: Uint8Array,
  random: Uint8Array,
): Uint8Array => {
  const key = clamp(privateKey.slice())
  const nonce = fromLittleEndian(ladder.sha512(PREFIX, key, message, random)) % L
  const keyPoint = unsignedPoint(ladder, key)
  const noncePoint = unsignedPoint(ladder, clampedForm(nonce))
  const keyScalar = fromLittleEndian(key)
  key.fill(0)
  const known = signs.get(privateKey)
  for (const keySign of known === undefined ? [0, 0x80] : [known])
    for (const nonceSign of [0, 0x80]) {
      const publicEdwards = withSign(keyPoint, keySign)
      const signature = new Uint8Array(64)
      signature.set(withSign(noncePoint, nonceSign))
      const challenge = fromLittleEndian(ladder.sha512(signature.subarray(0, 32), publicEdwards, message)) % L
      signature.set(toLittleEndian((nonce + challenge * keyScalar) % L), 32)
      if (!ladder.verify(publicEdwards, message, signature)) continue
      signs.set(privateKey, keySign)
      signature[63]! |= keySign
      return signature
    }
  throw new Defect('a signature that does not verify')
}

const withSign = (point: Uint8Array, sign: number): Uint8Array => {
  const signed = point.slice()
  signed[31]! |= sign
  return signed
}
