import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { clamp } from './montgomery.ts'

const { Fn } = ed25519.Point

/** 0xFE and 31 times 0xFF: keeps these hashes apart from those of Ed25519. */
const PREFIX = new Uint8Array(32).fill(0xff)
PREFIX[0] = 0xfe

/** Little-endian bytes as a number modulo the order of the group. */
const scalarOf = (bytes: Uint8Array): bigint => {
  let value = 0n
  for (let index = bytes.length - 1; index >= 0; index -= 1) value = (value << 8n) | BigInt(bytes[index]!)
  return Fn.create(value)
}

const hashToScalar = (...parts: readonly Uint8Array[]): bigint => {
  const hash = sha512.create()
  for (const part of parts) hash.update(part)
  return scalarOf(hash.digest())
}

/**
 * XEdDSA with a bare X25519 private key (protocol document 04, section 1.1), for keys that have no seed.
 *
 * @param random 64 bytes that make the signature differ each time
 */
export const signWithPrivateKey = (privateKey: Uint8Array, message: Uint8Array, random: Uint8Array): Uint8Array => {
  const key = clamp(privateKey.slice())
  const keyScalar = scalarOf(key)
  const publicEdwards = ed25519.Point.BASE.multiply(keyScalar).toBytes()
  const nonce = hashToScalar(PREFIX, key, message, random)
  const noncePoint = ed25519.Point.BASE.multiply(nonce).toBytes()
  const challenge = hashToScalar(noncePoint, publicEdwards, message)
  const signature = new Uint8Array(64)
  signature.set(noncePoint)
  signature.set(Fn.toBytes(Fn.create(nonce + challenge * keyScalar)), 32)
  signature[63]! |= publicEdwards[31]! & 0x80
  key.fill(0)
  return signature
}
