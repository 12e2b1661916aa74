import { aeadOf, agree, hkdfSha256, sha256, type Aead } from '#crypto'
import { concat, utf8 } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { NoiseFailed } from '../errors/noise-error.ts'

/** The handshakes of the service: first contact, resume, resume refused. */
export type NoisePattern = 'XX' | 'IK' | 'XXfallback'

/** Keys of the two directions after a handshake. */
export interface TransportKeys {
  /** Initiator to responder. */
  readonly initiator: Uint8Array
  /** Responder to initiator. */
  readonly responder: Uint8Array
}

/** The symmetric state both sides of a handshake run through (protocol document 02, section 1.1). */
export interface NoiseState {
  readonly mixHash: (data: Uint8Array) => void
  /** Mixes in the agreement of two keys. @throws NoiseFailed */
  readonly mixAgreement: (privateKey: Uint8Array, publicKey: Uint8Array) => void
  readonly encryptAndHash: (plaintext: Uint8Array) => Uint8Array
  /** @throws NoiseFailed `authentication_failed` */
  readonly decryptAndHash: (ciphertext: Uint8Array) => Uint8Array
  readonly split: () => TransportKeys
}

const EMPTY = new Uint8Array(0)

/** A name of 32 bytes is the first hash itself, a longer one is hashed. */
const initialHash = (pattern: NoisePattern): Uint8Array => {
  const name = utf8(`Noise_${pattern}_25519_AESGCM_SHA256`)
  return name.length <= 32 ? concat(name, new Uint8Array(32 - name.length)) : sha256(name)
}

/** The state at the start of a handshake. */
export const createNoiseState = (pattern: NoisePattern, prologue: Uint8Array): NoiseState => {
  let hash = initialHash(pattern)
  let chainingKey = hash
  let cipher: Aead = aeadOf(hash)
  let counter = 0

  const mixHash = (data: Uint8Array): void => {
    hash = sha256(hash, data)
  }
  mixHash(prologue)

  return {
    mixHash,
    mixAgreement: (privateKey, publicKey) => {
      const derived = hkdfSha256(agreement(privateKey, publicKey), chainingKey, EMPTY, 64)
      chainingKey = derived.slice(0, 32)
      cipher = aeadOf(derived.slice(32))
      counter = 0
    },
    encryptAndHash: (plaintext) => {
      const ciphertext = cipher.seal(nonceOf(counter), hash, plaintext)
      counter += 1
      mixHash(ciphertext)
      return ciphertext
    },
    decryptAndHash: (ciphertext) => {
      let plaintext: Uint8Array
      try {
        plaintext = cipher.open(nonceOf(counter), hash, ciphertext)
      } catch (cause) {
        throw new NoiseFailed('authentication_failed', { cause })
      }
      counter += 1
      mixHash(ciphertext)
      return plaintext
    },
    split: () => {
      const keys = hkdfSha256(EMPTY, chainingKey, EMPTY, 64)
      return { initiator: keys.slice(0, 32), responder: keys.slice(32) }
    },
  }
}

const agreement = (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array => {
  try {
    return agree(privateKey, publicKey)
  } catch (cause) {
    throw new NoiseFailed(cause instanceof CryptoFailed && cause.fault === 'bad_key' ? 'wrong_key_length' : 'authentication_failed', { cause })
  }
}

/** Eight zero bytes and the counter, big endian. @throws NoiseFailed after 2^32 messages */
export const nonceOf = (counter: number): Uint8Array => {
  const nonce = new Uint8Array(12)
  writeNonce(nonce, counter)
  return nonce
}

/** Puts a counter into a nonce that is used again. @throws NoiseFailed after 2^32 messages */
export const writeNonce = (nonce: Uint8Array, counter: number): void => {
  if (counter > 0xffffffff) throw new NoiseFailed('counter_exhausted')
  nonce[8] = counter >>> 24
  nonce[9] = (counter >>> 16) & 0xff
  nonce[10] = (counter >>> 8) & 0xff
  nonce[11] = counter & 0xff
}
