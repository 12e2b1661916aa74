import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'

import { RecentMap } from '../../collections/recent-map.ts'
import { CryptoFailed } from '../../errors/crypto-error.ts'

// Keys are imported as JWK: by DER the import costs ten times the operation itself.
const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')

type Curve = 'X25519' | 'Ed25519'

export const importPublic = (curve: Curve, publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64Url(publicKey) }, format: 'jwk' })

/** Node derives the public part from `d`; `x` only has to be there. */
const UNUSED_X = base64Url(new Uint8Array(32))

export const importPrivate = (curve: Curve, privateKey: Uint8Array): KeyObject =>
  createPrivateKey({ key: { kty: 'OKP', crv: curve, x: UNUSED_X, d: base64Url(privateKey) }, format: 'jwk' })

export const requireKey = (raw: Uint8Array): void => {
  if (raw.length !== 32) throw new CryptoFailed('bad_key')
}

/** Private key objects by the array that holds the raw key, and as long as it; keys are never changed in place. */
const keptPrivate = (curve: Curve): ((raw: Uint8Array) => KeyObject) => {
  const objects = new WeakMap<Uint8Array, KeyObject>()
  return (raw) => {
    const known = objects.get(raw)
    if (known) return known
    requireKey(raw)
    const object = importPrivate(curve, raw)
    objects.set(raw, object)
    return object
  }
}

/** Of an X25519 key. */
export const privateObject = keptPrivate('X25519')
/** Of the seed of an Ed25519 key. */
export const seedObject = keptPrivate('Ed25519')

/**
 * Public keys are agreed with twice in a row and then lie in a ratchet for long, so only the latest keep
 * their key object, which takes two kilobytes.
 */
const RECENT_KEYS = 32
const recentKeys = new RecentMap<Uint8Array, KeyObject>(RECENT_KEYS)

/** Of an X25519 key. */
export const publicObject = (raw: Uint8Array): KeyObject => {
  const known = recentKeys.get(raw)
  if (known) return known
  requireKey(raw)
  const object = importPublic('X25519', raw)
  recentKeys.set(raw, object)
  return object
}

const fromBase64Url = (text: string | undefined): Uint8Array => {
  if (text === undefined) throw new CryptoFailed('bad_key')
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

/** The public part that Node worked out when it imported a private key. */
export const publicPartOf = (object: KeyObject): Uint8Array => fromBase64Url(object.export({ format: 'jwk' }).x)
