import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  pbkdf2Sync,
  randomBytes as nodeRandomBytes,
  sign as nodeSign,
  verify as nodeVerify,
  type KeyObject,
} from 'node:crypto'

import { CryptoFailed } from '../errors/crypto-error.ts'
import type { Aead, CryptoBackend, KeyPair } from './crypto.ts'
import { clamp, edwardsOf, montgomeryOf } from './montgomery.ts'
import { signWithPrivateKey } from './xeddsa.ts'

export type { Aead, CryptoBackend, KeyPair } from './crypto.ts'

const TAG_BYTES = 16

/** A plain view: `Buffer` must not leave this file. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)

export const randomBytes: CryptoBackend['randomBytes'] = (length) => plain(nodeRandomBytes(length))

const hasher =
  (name: string) =>
  (...parts: readonly Uint8Array[]): Uint8Array => {
    const hash = createHash(name)
    for (const part of parts) hash.update(part)
    return plain(hash.digest())
  }

export const md5: CryptoBackend['md5'] = hasher('md5')
export const sha1: CryptoBackend['sha1'] = hasher('sha1')
export const sha256: CryptoBackend['sha256'] = hasher('sha256')
export const sha512: CryptoBackend['sha512'] = hasher('sha512')

export const hmacSha256: CryptoBackend['hmacSha256'] = (key, ...parts) => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return plain(hmac.digest())
}

const ZERO_SALT = new Uint8Array(32)

/** Two or three HMACs take half the time of the native call for the short outputs used here. */
export const hkdfSha256: CryptoBackend['hkdfSha256'] = (input, salt, info, length) => {
  const key = createHmac('sha256', salt ?? ZERO_SALT).update(input).digest()
  const output = Buffer.allocUnsafeSlow(Math.ceil(length / 32) * 32)
  for (let block = 0; block * 32 < length; block += 1) {
    const hmac = createHmac('sha256', key)
    if (block > 0) hmac.update(output.subarray((block - 1) * 32, block * 32))
    hmac.update(info).update(Uint8Array.of(block + 1)).digest().copy(output, block * 32)
  }
  return new Uint8Array(output.buffer, 0, length)
}

export const pbkdf2Sha256: CryptoBackend['pbkdf2Sha256'] = (password, salt, iterations, length) =>
  plain(pbkdf2Sync(password, salt, iterations, length, 'sha256'))

export const aesCbcEncrypt: CryptoBackend['aesCbcEncrypt'] = (key, iv, plaintext) => {
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return plain(Buffer.concat([cipher.update(plaintext), cipher.final()]))
}

export const aesCbcDecrypt: CryptoBackend['aesCbcDecrypt'] = (key, iv, ciphertext) => {
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  const start = decipher.update(ciphertext)
  try {
    return plain(Buffer.concat([start, decipher.final()]))
  } catch (cause) {
    throw new CryptoFailed('bad_padding', { cause })
  }
}

export const aesCtr: CryptoBackend['aesCtr'] = (key, iv, data) => plain(createCipheriv('aes-256-ctr', key, iv).update(data))

export const aeadOf: CryptoBackend['aeadOf'] = (key): Aead => {
  const keyObject = createSecretKey(key)
  return {
    seal: (iv, additional, plaintext) => {
      const cipher = createCipheriv('aes-256-gcm', keyObject, iv)
      if (additional) cipher.setAAD(additional)
      const sealed = new Uint8Array(plaintext.length + TAG_BYTES)
      sealed.set(cipher.update(plaintext))
      cipher.final()
      sealed.set(cipher.getAuthTag(), plaintext.length)
      return sealed
    },
    open: (iv, additional, sealed) => {
      if (sealed.length < TAG_BYTES) throw new CryptoFailed('bad_tag')
      const decipher = createDecipheriv('aes-256-gcm', keyObject, iv)
      if (additional) decipher.setAAD(additional)
      decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
      const plaintext = plain(decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES)))
      try {
        decipher.final()
      } catch (cause) {
        throw new CryptoFailed('bad_tag', { cause })
      }
      return plaintext
    },
  }
}

// Keys are imported as JWK: by DER the import costs ten times the operation itself.
const base64Url = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')

type Curve = 'X25519' | 'Ed25519'

const importPublic = (curve: Curve, publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: curve, x: base64Url(publicKey) }, format: 'jwk' })

/** Node derives the public part from `d`; `x` only has to be there. */
const UNUSED_X = base64Url(new Uint8Array(32))

const importPrivate = (curve: Curve, privateKey: Uint8Array): KeyObject =>
  createPrivateKey({ key: { kty: 'OKP', crv: curve, x: UNUSED_X, d: base64Url(privateKey) }, format: 'jwk' })

/** Key objects by the identity of the array that holds the raw key; keys are never changed in place. */
const kept = (load: (raw: Uint8Array) => KeyObject): ((raw: Uint8Array) => KeyObject) => {
  const objects = new WeakMap<Uint8Array, KeyObject>()
  return (raw) => {
    const known = objects.get(raw)
    if (known) return known
    if (raw.length !== 32) throw new CryptoFailed('bad_key')
    const object = load(raw)
    objects.set(raw, object)
    return object
  }
}

const privateObject = kept((raw) => importPrivate('X25519', raw))
const publicObject = kept((raw) => importPublic('X25519', raw))
const seedObject = kept((raw) => importPrivate('Ed25519', raw))

const fromBase64Url = (text: string | undefined): Uint8Array => {
  if (text === undefined) throw new CryptoFailed('bad_key')
  return new Uint8Array(Buffer.from(text, 'base64url'))
}

export const generateKeyPair: CryptoBackend['generateKeyPair'] = () => {
  const { d, x } = generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })
  return { publicKey: fromBase64Url(x), privateKey: clamp(fromBase64Url(d)) }
}

export const generateSigningKeyPair: CryptoBackend['generateSigningKeyPair'] = () => keyPairFromSeed(randomBytes(32))

export const keyPairFromSeed: CryptoBackend['keyPairFromSeed'] = (seed) => ({
  publicKey: montgomeryOf(edwardsOfSeed(seed)),
  privateKey: clamp(sha512(seed).slice(0, 32)),
  seed,
})

export const publicKeyOf: CryptoBackend['publicKeyOf'] = (privateKey) =>
  fromBase64Url(createPublicKey(privateObject(privateKey)).export({ format: 'jwk' }).x)

export const agree: CryptoBackend['agree'] = (privateKey, publicKey) => {
  const ours = privateObject(privateKey)
  const theirs = publicObject(publicKey)
  try {
    return plain(diffieHellman({ privateKey: ours, publicKey: theirs }))
  } catch (cause) {
    throw new CryptoFailed('degenerate_agreement', { cause })
  }
}

const edwardsBySeed = new WeakMap<Uint8Array, Uint8Array>()

const edwardsOfSeed = (seed: Uint8Array): Uint8Array => {
  const known = edwardsBySeed.get(seed)
  if (known) return known
  const edwards = fromBase64Url(createPublicKey(seedObject(seed)).export({ format: 'jwk' }).x)
  edwardsBySeed.set(seed, edwards)
  return edwards
}

export const sign: CryptoBackend['sign'] = ({ seed, privateKey }: KeyPair, message) => {
  if (!seed) return signWithPrivateKey(privateKey, message, randomBytes(64))
  const signature = plain(nodeSign(null, message, seedObject(seed)))
  signature[63]! |= edwardsOfSeed(seed)[31]! & 0x80
  return signature
}

/** Both Ed25519 forms of an X25519 key, by sign bit. */
type VerifyingKeys = readonly [KeyObject, KeyObject]

/** Senders whose keys are ready for verification; the oldest unused is dropped first. */
const READY_KEYS = 2_000
const verifyingKeys = new Map<string, VerifyingKeys>()

const verifyingKeysOf = (publicKey: Uint8Array): VerifyingKeys | undefined => {
  const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.length).toString('latin1')
  const known = verifyingKeys.get(name)
  if (known) return known
  const edwards = edwardsOf(publicKey)
  if (!edwards) return undefined
  const negative = edwards.slice()
  negative[31]! |= 0x80
  const keys = [importPublic('Ed25519', edwards), importPublic('Ed25519', negative)] as const
  verifyingKeys.set(name, keys)
  if (verifyingKeys.size > READY_KEYS) verifyingKeys.delete(verifyingKeys.keys().next().value!)
  return keys
}

export const verify: CryptoBackend['verify'] = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64 || (signature[63]! & 0x60) !== 0) return false
  const keys = verifyingKeysOf(publicKey)
  if (!keys) return false
  const plainSignature = signature.slice()
  plainSignature[63]! &= 0x7f
  return nodeVerify(null, message, signature[63]! & 0x80 ? keys[1] : keys[0], plainSignature)
}
