import nodeCrypto, {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  pbkdf2Sync,
  randomBytes as nodeRandomBytes,
  randomFillSync,
  sign as nodeSign,
  verify as nodeVerify,
  type KeyObject,
} from 'node:crypto'

import { allocate } from '../bytes/allocate.ts'
import { RecentMap } from '../collections/recent-map.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import type { Aead, CryptoBackend, KeyPair } from './crypto.ts'
import { keyPairOf } from './key-pair.ts'
import { clamp, edwardsOf, edwardsOfAll, montgomeryOf } from './montgomery.ts'
import { isSmallHkdf, SMALL_KEY, SMALL_MESSAGE, smallHkdfSha256, smallHmacSha256, smallHmacSha256OfTwo, smallSha256 } from './small-hmac.ts'
import { signByLadder, type Ladder } from './xeddsa-ladder.ts'

export type { Aead, CryptoBackend, KeyPair } from './crypto.ts'

const TAG_BYTES = 16

/** A plain view: `Buffer` must not leave this file. */
const plain = (buffer: Buffer): Uint8Array => new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)

/** Random bytes drawn ahead, because a call costs more than what it brings; given out once, then wiped here. */
const drawn = new Uint8Array(4096)
let drawnFrom = drawn.length

export const randomBytes: CryptoBackend['randomBytes'] = (length) => {
  if (length > drawn.length / 8) return plain(nodeRandomBytes(length))
  if (drawnFrom + length > drawn.length) {
    randomFillSync(drawn)
    drawnFrom = 0
  }
  const bytes = drawn.slice(drawnFrom, drawnFrom + length)
  drawn.fill(0, drawnFrom, drawnFrom + length)
  drawnFrom += length
  return bytes
}

const lengthOf = (parts: readonly Uint8Array[]): number => {
  let length = 0
  for (const part of parts) length += part.length
  return length
}

const hasher =
  (name: string) =>
  (...parts: readonly Uint8Array[]): Uint8Array => {
    const hash = createHash(name)
    for (const part of parts) hash.update(part)
    return plain(hash.digest())
  }

export const md5: CryptoBackend['md5'] = hasher('md5')
export const sha1: CryptoBackend['sha1'] = hasher('sha1')
const nativeSha256 = hasher('sha256')

export const sha256: CryptoBackend['sha256'] = (...parts) => (lengthOf(parts) <= SMALL_MESSAGE ? smallSha256(parts) : nativeSha256(...parts))

export const sha512: CryptoBackend['sha512'] = hasher('sha512')

export const hmacSha256: CryptoBackend['hmacSha256'] = (key, ...parts) => {
  if (lengthOf(parts) <= SMALL_MESSAGE && key.length <= SMALL_KEY) return smallHmacSha256(key, parts)
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return plain(hmac.digest())
}

export const hmacSha256OfTwo: CryptoBackend['hmacSha256OfTwo'] = smallHmacSha256OfTwo

const BLOCK_512 = 128
const DIGEST_512 = 64
/** The longest message hashed in one call; what is longer is not copied. */
const LONGEST_512 = 4_096
// Working memory: every call writes all that it reads.
const innerMessage = new Uint8Array(BLOCK_512 + LONGEST_512)
const outerMessage = new Uint8Array(BLOCK_512 + DIGEST_512)

/** HMAC by its definition (RFC 2104): two calls cost less than an object with its updates. */
const shortHmacSha512 = (hashOnce: NonNullable<typeof once>, key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array => {
  for (let index = 0; index < BLOCK_512; index += 1) {
    const byte = index < key.length ? key[index]! : 0
    innerMessage[index] = byte ^ 0x36
    outerMessage[index] = byte ^ 0x5c
  }
  let length = BLOCK_512
  for (const part of parts) {
    innerMessage.set(part, length)
    length += part.length
  }
  writeText(hashOnce('sha512', innerMessage.subarray(0, length), 'binary'), outerMessage, BLOCK_512)
  const mac = allocate(DIGEST_512)
  writeText(hashOnce('sha512', outerMessage, 'binary'), mac, 0)
  return mac
}

/** A text of bytes: making one costs less than making an array. */
const writeText = (text: string, into: Uint8Array, place: number): void => {
  for (let index = 0; index < text.length; index += 1) into[place + index] = text.charCodeAt(index)
}

/** Runtimes that are not Node may lack it. */
const once: typeof nodeCrypto.hash | undefined = nodeCrypto.hash

export const hmacSha512: CryptoBackend['hmacSha512'] = (key, ...parts) => {
  if (once && key.length <= BLOCK_512 && lengthOf(parts) <= LONGEST_512) return shortHmacSha512(once, key, parts)
  const hmac = createHmac('sha512', key)
  for (const part of parts) hmac.update(part)
  return plain(hmac.digest())
}

const encoder = new TextEncoder()

export const hkdfSha256: CryptoBackend['hkdfSha256'] = (input, salt, info, length) => {
  const infoBytes = typeof info === 'string' ? encoder.encode(info) : info
  return isSmallHkdf(input, salt, infoBytes, length)
    ? smallHkdfSha256(input, salt, infoBytes, length)
    : new Uint8Array(hkdfSync('sha256', input, salt ?? NO_SALT, infoBytes, length))
}

const NO_SALT = new Uint8Array(32)

export const pbkdf2Sha256: CryptoBackend['pbkdf2Sha256'] = (password, salt, iterations, length) =>
  plain(pbkdf2Sync(password, salt, iterations, length, 'sha256'))

const requireLengths = (key: Uint8Array, iv: Uint8Array): void => {
  if (key.length !== 32 || iv.length !== 16) throw new CryptoFailed('bad_key')
}

/** Both pieces together; what `Buffer.concat` makes would lie in a pool shared with the whole process. */
const joined = (start: Buffer, end: Buffer): Uint8Array => {
  if (end.length === 0) return plain(start)
  const bytes = allocate(start.length + end.length)
  bytes.set(start)
  bytes.set(end, start.length)
  return bytes
}

export const aesCbcEncrypt: CryptoBackend['aesCbcEncrypt'] = (key, iv, plaintext) => {
  requireLengths(key, iv)
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return joined(cipher.update(plaintext), cipher.final())
}

export const aesCbcDecrypt: CryptoBackend['aesCbcDecrypt'] = (key, iv, ciphertext) => {
  requireLengths(key, iv)
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  const start = decipher.update(ciphertext)
  try {
    return joined(start, decipher.final())
  } catch (cause) {
    throw new CryptoFailed('bad_padding', { cause })
  }
}

const BLOCK_BYTES = 16

/** A cipher object costs three times what a short text does: one of single blocks is kept, and chained here (NIST SP 800-38A, 6.2). */
export const cbcDecryptor: CryptoBackend['cbcDecryptor'] = (key) => {
  if (key.length !== 32) throw new CryptoFailed('bad_key')
  const blocks = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false)
  return (iv, ciphertext) => {
    requireLengths(key, iv)
    const { length } = ciphertext
    if (length === 0 || length % BLOCK_BYTES !== 0) throw new CryptoFailed('bad_padding')
    const bytes = plain(blocks.update(ciphertext))
    for (let index = 0; index < BLOCK_BYTES; index += 1) bytes[index]! ^= iv[index]!
    for (let index = BLOCK_BYTES; index < length; index += 1) bytes[index]! ^= ciphertext[index - BLOCK_BYTES]!
    const padding = bytes[length - 1]!
    let wrong = padding === 0 || padding > BLOCK_BYTES ? 1 : 0
    for (let index = length - Math.min(padding, BLOCK_BYTES); index < length; index += 1) wrong |= bytes[index]! ^ padding
    if (wrong !== 0) throw new CryptoFailed('bad_padding')
    return bytes.subarray(0, length - padding)
  }
}

export const aesCtr: CryptoBackend['aesCtr'] = (key, iv, data) => {
  requireLengths(key, iv)
  return plain(createCipheriv('aes-256-ctr', key, iv).update(data))
}

export const aeadOf: CryptoBackend['aeadOf'] = (key): Aead => {
  const keyObject = createSecretKey(key)
  return {
    seal: (iv, additional, plaintext) => {
      const cipher = createCipheriv('aes-256-gcm', keyObject, iv)
      if (additional) cipher.setAAD(additional)
      const sealed = allocate(plaintext.length + TAG_BYTES)
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

const requireKey = (raw: Uint8Array): void => {
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

const privateObject = keptPrivate('X25519')
const seedObject = keptPrivate('Ed25519')

/**
 * Public keys are agreed with twice in a row and then lie in a ratchet for long, so only the latest keep
 * their key object, which takes two kilobytes.
 */
const RECENT_KEYS = 32
const recentKeys = new RecentMap<Uint8Array, KeyObject>(RECENT_KEYS)

const publicObject = (raw: Uint8Array): KeyObject => {
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
const publicPartOf = (object: KeyObject): Uint8Array => fromBase64Url(object.export({ format: 'jwk' }).x)

/**
 * Not `generateKeyPairSync`: exporting one of its keys as JWK can freeze the process for ever (Node 20:
 * a garbage collection during the export finalizes the job that made the key, which waits for the lock
 * the export holds). An imported key has no such job, costs the same and is ready for its first agreement.
 */
export const generateKeyPair: CryptoBackend['generateKeyPair'] = () => {
  const privateKey = clamp(randomBytes(32))
  return keyPairOf(publicPartOf(privateObject(privateKey)), privateKey)
}

export const generateSigningKeyPair: CryptoBackend['generateSigningKeyPair'] = () => keyPairFromSeed(randomBytes(32))

export const keyPairFromSeed: CryptoBackend['keyPairFromSeed'] = (seed) =>
  keyPairOf(montgomeryOf(edwardsOfSeed(seed)), clamp(sha512(seed).slice(0, 32)), seed)

export const publicKeyOf: CryptoBackend['publicKeyOf'] = (privateKey) => publicPartOf(privateObject(privateKey))

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
  const edwards = publicPartOf(seedObject(seed))
  edwardsBySeed.set(seed, edwards)
  return edwards
}

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
