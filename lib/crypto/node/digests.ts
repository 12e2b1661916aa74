import nodeCrypto, { createHash, createHmac, hkdfSync, pbkdf2Sync } from 'node:crypto'

import { allocate } from '../../bytes/allocate.ts'
import type { CryptoBackend } from '../crypto.ts'
import { isSmallHkdf, SMALL_KEY, SMALL_MESSAGE, smallHkdfSha256, smallHmacSha256, smallHmacSha256OfTwo, smallSha256 } from '../small-hmac.ts'
import { plain } from './plain.ts'

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
