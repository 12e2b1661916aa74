import { sign as nodeSign, verify as nodeVerify, type KeyObject } from 'node:crypto'

import { RecentMap } from '../../collections/recent-map.ts'
import type { CryptoBackend, KeyPair } from '../crypto.ts'
import { edwardsOf, edwardsOfAll } from '../montgomery.ts'
import { signByLadder, type Ladder } from '../xeddsa-ladder.ts'
import { edwardsOfSeed } from './agreement.ts'
import { sha512 } from './digests.ts'
import { importPrivate, importPublic, publicPartOf, requireKey, seedObject } from './key-objects.ts'
import { plain } from './plain.ts'
import { randomBytes } from './random-bytes.ts'

const ladder: Ladder = {
  multiplyBase: (scalar) => publicPartOf(importPrivate('X25519', scalar)),
  sha512,
  verify: (edwards, message, signature) => nodeVerify(null, message, importPublic('Ed25519', edwards), signature),
}

const signs = new WeakMap<Uint8Array, number>()

export const signWith: CryptoBackend['signWith'] = (privateKey, message, random) => {
  requireKey(privateKey)
  return signByLadder(ladder, signs, privateKey, message, random)
}

export const sign: CryptoBackend['sign'] = ({ seed, privateKey }: KeyPair, message) => {
  if (!seed) return signWith(privateKey, message, randomBytes(64))
  const signature = plain(nodeSign(null, message, seedObject(seed)))
  signature[63]! |= edwardsOfSeed(seed)[31]! & 0x80
  return signature
}

/** An X25519 key as Ed25519 keys by sign; a signer uses one sign for ever, so the other is rarely made. */
interface VerifyingKey {
  readonly edwards: Uint8Array
  readonly objects: [KeyObject | undefined, KeyObject | undefined]
}

/** Signers whose keys are ready for verification, at least. */
const READY_KEYS = 1_000
const verifyingKeys = new RecentMap<string, VerifyingKey>(READY_KEYS)

const verifyingKeyOf = (publicKey: Uint8Array): VerifyingKey | undefined => {
  const name = nameOfKey(publicKey)
  return verifyingKeys.get(name) ?? keepVerifyingKey(name, edwardsOf(publicKey))
}

const keepVerifyingKey = (name: string, edwards: Uint8Array | undefined): VerifyingKey | undefined => {
  if (!edwards) return undefined
  const key: VerifyingKey = { edwards, objects: [undefined, undefined] }
  verifyingKeys.set(name, key)
  return key
}

const nameOfKey = (publicKey: Uint8Array): string => Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('binary')

export const expectSigners: CryptoBackend['expectSigners'] = (publicKeys) => {
  const unknown = publicKeys.filter((key) => key.length === 32 && !verifyingKeys.has(nameOfKey(key)))
  edwardsOfAll(unknown).forEach((edwards, index) => keepVerifyingKey(nameOfKey(unknown[index]!), edwards))
}

const objectOfSign = ({ edwards, objects }: VerifyingKey, sign: 0 | 1): KeyObject => {
  const known = objects[sign]
  if (known) return known
  const signed = edwards.slice()
  if (sign) signed[31]! |= 0x80
  return (objects[sign] = importPublic('Ed25519', signed))
}

export const verify: CryptoBackend['verify'] = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64 || (signature[63]! & 0x60) !== 0) return false
  const key = verifyingKeyOf(publicKey)
  if (!key) return false
  const plainSignature = signature.slice()
  plainSignature[63]! &= 0x7f
  return nodeVerify(null, message, objectOfSign(key, signature[63]! & 0x80 ? 1 : 0), plainSignature)
}
