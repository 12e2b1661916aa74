import { diffieHellman } from 'node:crypto'

import { CryptoFailed } from '../../errors/crypto-error.ts'
import type { CryptoBackend } from '../crypto.ts'
import { keyPairOf } from '../key-pair.ts'
import { clamp, montgomeryOf } from '../montgomery.ts'
import { sha512 } from './digests.ts'
import { privateObject, publicObject, publicPartOf, seedObject } from './key-objects.ts'
import { plain } from './plain.ts'
import { randomBytes } from './random-bytes.ts'

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

/** The public key of a seed, as Ed25519 has it. */
export const edwardsOfSeed = (seed: Uint8Array): Uint8Array => {
  const known = edwardsBySeed.get(seed)
  if (known) return known
  const edwards = publicPartOf(seedObject(seed))
  edwardsBySeed.set(seed, edwards)
  return edwards
}
