import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'

import { allocate } from '../../bytes/allocate.ts'
import { CryptoFailed } from '../../errors/crypto-error.ts'
import type { Aead, CryptoBackend } from '../crypto.ts'
import { plain } from './plain.ts'

const TAG_BYTES = 16

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
