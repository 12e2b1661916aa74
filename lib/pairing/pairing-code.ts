import { aeadOf, aesCtr, agree, hkdfSha256, pbkdf2Sha256, randomBytes, type KeyPair } from '#crypto'
import { concat, equalBytes, utf8 } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { PairingRejected } from '../errors/pairing-errors.ts'

/** Without 0, I, O and U, which are mistaken for others. */
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTVWXYZ'

/** Characters of a code. */
export const CODE_LENGTH = 8

/** How long a code can be used. */
export const CODE_LIFETIME_MS = 180_000

/** The code of five bytes: eight characters of five bits, most significant first (protocol document 03, section 4.1). */
export const codeOf = (bytes: Uint8Array): string => {
  let bits = 0n
  for (const byte of bytes.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte)
  return Array.from({ length: CODE_LENGTH }, (_, index) => ALPHABET[Number((bits >> BigInt(35 - index * 5)) & 31n)]!).join('')
}

/** A fresh code. */
export const randomCode = (): string => codeOf(randomBytes(5))

/** A code as it is used: upper case, without dashes. Undefined when it is none. */
export const normalizeCode = (text: string): string | undefined => {
  if (typeof text !== 'string') return undefined
  const code = text.toUpperCase().replaceAll('-', '')
  return code.length === CODE_LENGTH && [...code].every((character) => ALPHABET.includes(character)) ? code : undefined
}

/** A code as it is shown. */
export const displayCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

const ITERATIONS = 131_072
const SALT_BYTES = 32
const COUNTER_BYTES = 16

/** Bytes of a wrapped ephemeral key: salt, counter, ciphertext. */
export const WRAPPED_BYTES = SALT_BYTES + COUNTER_BYTES + 32

const keyOf = (code: string, salt: Uint8Array): Uint8Array => pbkdf2Sha256(utf8(code), salt, ITERATIONS, 32)

/** Hides an ephemeral public key behind a code, 80 bytes. */
export const wrapEphemeral = (
  code: string,
  publicKey: Uint8Array,
  salt = randomBytes(SALT_BYTES),
  counter = randomBytes(COUNTER_BYTES),
): Uint8Array => concat(salt, counter, aesCtr(keyOf(code, salt), counter, publicKey))

/** The ephemeral public key behind a code; nonsense when the code is another one, which nothing tells yet. */
export const unwrapEphemeral = (code: string, wrapped: Uint8Array): Uint8Array => {
  const salt = wrapped.subarray(0, SALT_BYTES)
  const counter = wrapped.subarray(SALT_BYTES, SALT_BYTES + COUNTER_BYTES)
  return aesCtr(keyOf(code, salt), counter, wrapped.subarray(SALT_BYTES + COUNTER_BYTES))
}

const BUNDLE_INFO = 'link_code_pairing_key_bundle_encryption_key'
const IV_BYTES = 12

/** Bytes of the wrapped bundle: salt, iv, two identities and a secret, tag. */
export const BUNDLE_BYTES = SALT_BYTES + IV_BYTES + 3 * 32 + 16

/** Fresh values of one bundle, 32, 32 and 12 bytes. */
export interface BundleDraw {
  readonly secret: Uint8Array
  readonly salt: Uint8Array
  readonly iv: Uint8Array
}

const drawBundle = (): BundleDraw => ({ secret: randomBytes(32), salt: randomBytes(SALT_BYTES), iv: randomBytes(IV_BYTES) })

/** What both sides of a pairing by code have of each other. Public keys are 32 bytes. */
export interface CodeAgreement {
  /** Our ephemeral private key. */
  readonly ephemeral: Uint8Array
  readonly theirEphemeral: Uint8Array
  readonly identity: KeyPair
  readonly theirIdentity: Uint8Array
}

const advSecretOf = ({ ephemeral, theirEphemeral, identity, theirIdentity }: CodeAgreement, secret: Uint8Array): Uint8Array =>
  hkdfSha256(concat(agree(ephemeral, theirEphemeral), agree(identity.privateKey, theirIdentity), secret), undefined, 'adv_secret', 32)

/**
 * The new device's last step: the bundle for the phone and the secret that proves the link (protocol
 * document 03, section 4.3).
 *
 * @throws PairingRejected `malformed` for a key that is none
 */
export const finishCode = (agreement: CodeAgreement, draw = drawBundle()): { readonly bundle: Uint8Array; readonly advSecret: Uint8Array } =>
  orRejected(() => {
    const { ephemeral, theirEphemeral, identity, theirIdentity } = agreement
    const key = hkdfSha256(agree(ephemeral, theirEphemeral), draw.salt, BUNDLE_INFO, 32)
    const sealed = aeadOf(key).seal(draw.iv, undefined, concat(identity.publicKey, theirIdentity, draw.secret))
    return { bundle: concat(draw.salt, draw.iv, sealed), advSecret: advSecretOf(agreement, draw.secret) }
  })

/**
 * The phone's last step: opens the bundle, which fails when the code was mistyped, and works out the
 * same secret.
 *
 * @throws PairingRejected
 */
export const acceptCode = (agreement: CodeAgreement, bundle: Uint8Array): Uint8Array =>
  orRejected(() => {
    const { ephemeral, theirEphemeral, identity, theirIdentity } = agreement
    const salt = bundle.subarray(0, SALT_BYTES)
    const iv = bundle.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES)
    const key = hkdfSha256(agree(ephemeral, theirEphemeral), salt, BUNDLE_INFO, 32)
    const opened = aeadOf(key).open(iv, undefined, bundle.subarray(SALT_BYTES + IV_BYTES))
    if (!equalBytes(opened.subarray(0, 64), concat(theirIdentity, identity.publicKey))) throw new PairingRejected('malformed')
    return advSecretOf(agreement, opened.subarray(64))
  })

const orRejected = <T>(step: () => T): T => {
  try {
    return step()
  } catch (cause) {
    throw cause instanceof CryptoFailed ? new PairingRejected('malformed', { cause }) : cause
  }
}
