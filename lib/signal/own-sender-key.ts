import { aesCbcEncrypt, generateSigningKeyPair, randomBytes, sign, type KeyPair } from '#crypto'
import { chainStep, senderMessageKeys } from './chain.ts'
import { WireWriter } from './wire-fields.ts'
import { VERSION } from './wire-messages.ts'

/** The key we encrypt for one group with; immutable, every message makes the next one. */
export interface OwnSenderKey {
  /** 31 bits, never 0. */
  readonly keyId: number
  /** Counter of the next message. */
  readonly iteration: number
  /** 32 bytes. */
  readonly chainKey: Uint8Array
  readonly signing: KeyPair
}

/** A fresh key; whoever has to read what it encrypts needs its distribution message. */
export const createSenderKey = (): OwnSenderKey => ({
  keyId: new DataView(randomBytes(4).slice().buffer).getUint32(0) >>> 1 || 1,
  iteration: 0,
  chainKey: randomBytes(32),
  signing: generateSigningKeyPair(),
})

/** What lets a device read everything from the next message on. */
export const distributionMessage = ({ keyId, iteration, chainKey, signing }: OwnSenderKey): Uint8Array =>
  new WireWriter().byte(VERSION).number(1, keyId).number(2, iteration).bytes(3, chainKey).key(4, signing.publicKey).written()

/** An encrypted message and the key to store before it leaves. */
export interface EncryptedForGroup {
  readonly key: OwnSenderKey
  /** A whole `skmsg`. */
  readonly ciphertext: Uint8Array
}

/** Encrypts for a group; the plaintext is already padded. */
export const encryptForGroup = (key: OwnSenderKey, plaintext: Uint8Array): EncryptedForGroup => {
  const [seed, chainKey] = chainStep(key.chainKey)
  const { iv, cipherKey } = senderMessageKeys(seed)
  const writer = new WireWriter().byte(VERSION).number(1, key.keyId).number(2, key.iteration).bytes(3, aesCbcEncrypt(cipherKey, iv, plaintext))
  writer.raw(sign(key.signing, writer.written()))
  return { key: { ...key, chainKey, iteration: key.iteration + 1 }, ciphertext: writer.written() }
}
