import { pbkdf2Sha256 } from '#crypto'
import { utf8 } from '../../bytes/bytes.ts'
import { OptionInvalid } from '../../errors/option-invalid.ts'

/** The OWASP recommendation for PBKDF2 with HMAC-SHA256. */
const ITERATIONS = 600_000
const LEAST_ITERATIONS = 100_000
const MOST_ITERATIONS = 100_000_000
const LEAST_SALT_BYTES = 16

/**
 * A key for `encryptedStore` from a passphrase: 32 bytes by PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) of the
 * passphrase in Unicode form NFKC. It blocks the thread for some tenths of a second, longer without the
 * cryptography of Node, so call it once. A random key needs none of this and is stronger.
 *
 * @param salt at least 16 random bytes, made once and kept beside the store; not secret
 * @param iterations 100000 to 100000000, default 600000
 * @throws OptionInvalid
 */
export const deriveStoreKey = (passphrase: string, salt: Uint8Array, iterations = ITERATIONS): Uint8Array => {
  if (typeof passphrase !== 'string' || passphrase === '') throw new OptionInvalid('passphrase', 'a text that is not empty', typeof passphrase)
  if (!(salt instanceof Uint8Array) || salt.length < LEAST_SALT_BYTES) {
    throw new OptionInvalid('salt', `at least ${LEAST_SALT_BYTES} bytes`, salt instanceof Uint8Array ? `${salt.length} bytes` : typeof salt)
  }
  if (!Number.isInteger(iterations) || iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
    throw new OptionInvalid('iterations', `a whole number from ${LEAST_ITERATIONS} to ${MOST_ITERATIONS}`, typeof iterations === 'number' ? String(iterations) : typeof iterations)
  }
  return pbkdf2Sha256(utf8(passphrase.normalize('NFKC')), salt, iterations, 32)
}
