import { aeadOf, agree, hkdfSha256, hmacSha256, randomBytes, sha256 } from '#crypto'
import { equalBytes, utf8 } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { PasskeyFailed } from '../errors/passkey-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import {
  CompanionEphemeralIdentity,
  EncryptedPairingRequest,
  PairingRequest,
  PrimaryEphemeralIdentity,
  ProloguePayload,
} from '../proto/core.generated.ts'
import { codeOf } from './pairing-code.ts'

/** How long the secret of an interrupted link vouches for its passkey. */
export const HANDOFF_LIFETIME_MS = 300_000

/** Both sides' keys and nonces, 32 bytes each. */
const PART_BYTES = 32

/**
 * The key by which a link that was interrupted for a passkey is recognised, 32 bytes (protocol document
 * 03, section 5).
 *
 * @param advSecret the secret of the interrupted link
 */
export const handoffKeyOf = (advSecret: Uint8Array): Uint8Array => hkdfSha256(advSecret, undefined, 'shortcake-passkey-handoff-v1', 32)

/** Proves that a prologue comes from the device of the interrupted link, 32 bytes. */
export const handoffProof = (handoffKey: Uint8Array, prologue: Uint8Array): Uint8Array => hmacSha256(handoffKey, prologue)

/** Who the new device is for this one attempt. */
export interface CompanionEphemeral {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** `DeviceProps.PlatformType`. */
  readonly deviceType: number
  /** The server's name for the attempt. */
  readonly ref: string
}

/** The new device's first word: who it is, and a promise of a nonce it shows later. */
export const encodePrologue = (ephemeral: CompanionEphemeral, nonce: Uint8Array): Uint8Array => {
  const companionEphemeralIdentity = CompanionEphemeralIdentity.encode(ephemeral)
  return ProloguePayload.encode({ companionEphemeralIdentity, commitment: { hash: sha256(companionEphemeralIdentity, nonce) } })
}

/** A prologue as the phone reads it. */
export interface Prologue extends CompanionEphemeral {
  /** Whether this nonce is the one that was promised. */
  readonly isKeptBy: (nonce: Uint8Array) => boolean
}

/**
 * Reads a prologue.
 *
 * @throws PasskeyFailed `malformed`
 */
export const decodePrologue = (bytes: Uint8Array): Prologue =>
  orMalformed(() => {
    const { companionEphemeralIdentity: identity, commitment } = ProloguePayload.decode(bytes)
    const hash = commitment?.hash
    const { publicKey, deviceType, ref } = CompanionEphemeralIdentity.decode(identity ?? new Uint8Array(0))
    if (!identity || publicKey?.length !== PART_BYTES || hash?.length !== PART_BYTES || !ref) throw new PasskeyFailed('malformed')
    return { publicKey, deviceType: deviceType ?? 0, ref, isKeptBy: (nonce) => equalBytes(sha256(identity, nonce), hash) }
  })

/** The phone's answer to a prologue, 32 bytes each. */
export interface PrimaryEphemeral {
  readonly publicKey: Uint8Array
  readonly nonce: Uint8Array
}

/** The phone's answer as it travels. */
export const encodePrimaryEphemeral = (primary: PrimaryEphemeral): Uint8Array => PrimaryEphemeralIdentity.encode(primary)

/**
 * Reads the phone's answer.
 *
 * @throws PasskeyFailed `malformed` when a part is missing or not 32 bytes
 */
export const decodePrimaryEphemeral = (bytes: Uint8Array): PrimaryEphemeral =>
  orMalformed(() => {
    const { publicKey, nonce } = PrimaryEphemeralIdentity.decode(bytes)
    if (publicKey?.length !== PART_BYTES || nonce?.length !== PART_BYTES) throw new PasskeyFailed('malformed')
    return { publicKey: publicKey.slice(), nonce: nonce.slice() }
  })

/** The eight characters both sides show, which differ when somebody sits in between. */
export const verificationCode = (companionNonce: Uint8Array, { publicKey, nonce }: PrimaryEphemeral): string => {
  const mask = sha256(companionNonce, publicKey)
  return codeOf(nonce.subarray(0, 5).map((byte, index) => byte ^ mask[index]!))
}

/**
 * The key of the pairing request, 32 bytes; the same on both sides.
 *
 * @param privateKey one's own ephemeral key
 * @param theirs the other's ephemeral public key
 */
export const pairingRequestKey = (privateKey: Uint8Array, theirs: Uint8Array, { deviceType, ref }: Omit<CompanionEphemeral, 'publicKey'>): Uint8Array =>
  orMalformed(() =>
    hkdfSha256(agree(privateKey, theirs), utf8(`Companion Pairing ${deviceType} with ref ${ref}`), 'Pairing Information Encryption Key', 32),
  )

/** What a phone needs to link a device, 32 bytes each. */
export interface PairingSecrets {
  /** Public static key of the connection. */
  readonly noise: Uint8Array
  /** Public identity of the new device. */
  readonly identity: Uint8Array
  readonly advSecret: Uint8Array
}

const IV_BYTES = 12

/** Encrypts what the phone needs. */
export const sealPairingRequest = (key: Uint8Array, { noise, identity, advSecret }: PairingSecrets, iv = randomBytes(IV_BYTES)): Uint8Array => {
  const plaintext = PairingRequest.encode({ companionPublicKey: noise, companionIdentityKey: identity, advSecret })
  return EncryptedPairingRequest.encode({ encryptedPayload: aeadOf(key).seal(iv, undefined, plaintext), iv })
}

/**
 * Opens it on the phone.
 *
 * @throws PasskeyFailed `malformed` when it does not open, or a part has a wrong size
 */
export const openPairingRequest = (key: Uint8Array, bytes: Uint8Array): PairingSecrets =>
  orMalformed(() => {
    const { encryptedPayload, iv } = EncryptedPairingRequest.decode(bytes)
    if (!encryptedPayload || iv?.length !== IV_BYTES) throw new PasskeyFailed('malformed')
    const request = PairingRequest.decode(aeadOf(key).open(iv, undefined, encryptedPayload))
    const { companionPublicKey: noise, companionIdentityKey: identity, advSecret } = request
    if (noise?.length !== PART_BYTES || identity?.length !== PART_BYTES || advSecret?.length !== PART_BYTES) throw new PasskeyFailed('malformed')
    return { noise, identity, advSecret }
  })

const orMalformed = <T>(step: () => T): T => {
  try {
    return step()
  } catch (cause) {
    throw cause instanceof CryptoFailed || cause instanceof ProtoMalformed ? new PasskeyFailed('malformed', { cause }) : cause
  }
}
