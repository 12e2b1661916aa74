import { cbc, ctr, gcm } from '@noble/ciphers/aes.js'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { md5 as nobleMd5, sha1 as nobleSha1 } from '@noble/hashes/legacy.js'
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha256 as nobleSha256, sha512 as nobleSha512 } from '@noble/hashes/sha2.js'

import { CryptoFailed } from '../errors/crypto-error.ts'
import type { CryptoBackend } from './crypto.ts'
import { keyPairOf } from './key-pair.ts'
import { clamp, edwardsOf, montgomeryOf } from './montgomery.ts'
import { isSmallHkdf, SMALL_KEY, SMALL_MESSAGE, smallHkdfSha256, smallHmacSha256, smallHmacSha256OfTwo } from './small-hmac.ts'
import { signWithPrivateKey } from './xeddsa.ts'

export type { Aead, CryptoBackend, KeyPair } from './crypto.ts'

const TAG_BYTES = 16

/** The platform hands out 64 KiB at a time. */
const RANDOM_LIMIT = 65_536

export const randomBytes: CryptoBackend['randomBytes'] = (length) => {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += RANDOM_LIMIT) globalThis.crypto.getRandomValues(bytes.subarray(start, start + RANDOM_LIMIT))
  return bytes
}

interface Hash {
  readonly create: () => { update(part: Uint8Array): unknown; digest(): Uint8Array }
}

const hasher =
  ({ create }: Hash) =>
  (...parts: readonly Uint8Array[]): Uint8Array => {
    const hash = create()
    for (const part of parts) hash.update(part)
    return hash.digest()
  }

export const md5: CryptoBackend['md5'] = hasher(nobleMd5)
export const sha1: CryptoBackend['sha1'] = hasher(nobleSha1)
export const sha256: CryptoBackend['sha256'] = hasher(nobleSha256)
export const sha512: CryptoBackend['sha512'] = hasher(nobleSha512)

export const hmacSha256: CryptoBackend['hmacSha256'] = (key, ...parts) => {
  let length = 0
  for (const part of parts) length += part.length
  if (length <= SMALL_MESSAGE && key.length <= SMALL_KEY) return smallHmacSha256(key, parts)
  const mac = hmac.create(nobleSha256, key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

export const hmacSha256OfTwo: CryptoBackend['hmacSha256OfTwo'] = smallHmacSha256OfTwo

export const hmacSha512: CryptoBackend['hmacSha512'] = (key, ...parts) => {
  const mac = hmac.create(nobleSha512, key)
  for (const part of parts) mac.update(part)
  return mac.digest()
}

const encoder = new TextEncoder()

export const hkdfSha256: CryptoBackend['hkdfSha256'] = (input, salt, info, length) => {
  const infoBytes = typeof info === 'string' ? encoder.encode(info) : info
  return isSmallHkdf(input, salt, infoBytes, length)
    ? smallHkdfSha256(input, salt, infoBytes, length)
    : hkdf(nobleSha256, input, salt, infoBytes, length)
}

export const pbkdf2Sha256: CryptoBackend['pbkdf2Sha256'] = (password, salt, iterations, length) =>
  pbkdf2(nobleSha256, password, salt, { c: iterations, dkLen: length })

const requireLengths = (key: Uint8Array, iv: Uint8Array): void => {
  if (key.length !== 32 || iv.length !== 16) throw new CryptoFailed('bad_key')
}

export const aesCbcEncrypt: CryptoBackend['aesCbcEncrypt'] = (key, iv, plaintext) => {
  requireLengths(key, iv)
  return cbc(key, iv).encrypt(plaintext)
}

export const aesCbcDecrypt: CryptoBackend['aesCbcDecrypt'] = (key, iv, ciphertext) => {
  requireLengths(key, iv)
  try {
    return cbc(key, iv).decrypt(ciphertext)
  } catch (cause) {
    throw new CryptoFailed('bad_padding', { cause })
  }
}

export const cbcDecryptor: CryptoBackend['cbcDecryptor'] = (key) => {
  if (key.length !== 32) throw new CryptoFailed('bad_key')
  return (iv, ciphertext) => aesCbcDecrypt(key, iv, ciphertext)
}

export const aesCtr: CryptoBackend['aesCtr'] = (key, iv, data) => {
  requireLengths(key, iv)
  return ctr(key, iv).encrypt(data)
}

export const aeadOf: CryptoBackend['aeadOf'] = (key) => ({
  seal: (iv, additional, plaintext) => gcm(key, iv, additional).encrypt(plaintext),
  open: (iv, additional, sealed) => {
    if (sealed.length < TAG_BYTES) throw new CryptoFailed('bad_tag')
    try {
      return gcm(key, iv, additional).decrypt(sealed)
    } catch (cause) {
      throw new CryptoFailed('bad_tag', { cause })
    }
  },
})

export const generateKeyPair: CryptoBackend['generateKeyPair'] = () => {
  const privateKey = clamp(randomBytes(32))
  return keyPairOf(x25519.getPublicKey(privateKey), privateKey)
}

export const generateSigningKeyPair: CryptoBackend['generateSigningKeyPair'] = () => keyPairFromSeed(randomBytes(32))

export const keyPairFromSeed: CryptoBackend['keyPairFromSeed'] = (seed) => {
  if (seed.length !== 32) throw new CryptoFailed('bad_key')
  return keyPairOf(montgomeryOf(ed25519.getPublicKey(seed)), clamp(sha512(seed).slice(0, 32)), seed)
}

export const publicKeyOf: CryptoBackend['publicKeyOf'] = (privateKey) => {
  if (privateKey.length !== 32) throw new CryptoFailed('bad_key')
  return x25519.getPublicKey(privateKey)
}

export const agree: CryptoBackend['agree'] = (privateKey, publicKey) => {
  if (privateKey.length !== 32 || publicKey.length !== 32) throw new CryptoFailed('bad_key')
  try {
    return x25519.getSharedSecret(privateKey, publicKey)
  } catch (cause) {
    throw new CryptoFailed('degenerate_agreement', { cause })
  }
}

export const sign: CryptoBackend['sign'] = ({ seed, privateKey }, message) => {
  if (!seed) return signWithPrivateKey(privateKey, message, randomBytes(64))
  const signature = ed25519.sign(message, seed)
  signature[63]! |= ed25519.getPublicKey(seed)[31]! & 0x80
  return signature
}

export const signWith: CryptoBackend['signWith'] = signWithPrivateKey

/** Keys are not kept here. */
export const expectSigners: CryptoBackend['expectSigners'] = () => undefined

export const verify: CryptoBackend['verify'] = (publicKey, message, signature) => {
  if (publicKey.length !== 32 || signature.length !== 64 || (signature[63]! & 0x60) !== 0) return false
  const edwards = edwardsOf(publicKey)
  if (!edwards) return false
  edwards[31]! |= signature[63]! & 0x80
  const plainSignature = signature.slice()
  plainSignature[63]! &= 0x7f
  return ed25519.verify(plainSignature, message, edwards, { zip215: false })
}
