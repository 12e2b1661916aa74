import type { KeyPair } from './crypto.ts'

const HIDDEN = '[key pair]'

/** A pair that shows nothing of itself in logs, JSON and templates. */
class HiddenKeyPair implements KeyPair {
  readonly publicKey: Uint8Array
  readonly privateKey: Uint8Array
  readonly seed?: Uint8Array

  constructor(publicKey: Uint8Array, privateKey: Uint8Array, seed: Uint8Array | undefined) {
    this.publicKey = publicKey
    this.privateKey = privateKey
    if (seed) this.seed = seed
  }

  toJSON(): string {
    return HIDDEN
  }

  toString(): string {
    return HIDDEN
  }

  /** What Node's `inspect` and `console` print. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}

/** A pair of keys that hides itself, see {@link KeyPair}. */
export const keyPairOf = (publicKey: Uint8Array, privateKey: Uint8Array, seed?: Uint8Array): KeyPair => new HiddenKeyPair(publicKey, privateKey, seed)
