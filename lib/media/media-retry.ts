import { aeadOf, hkdfSha256, randomBytes } from '#crypto'
import { utf8 } from '../bytes/bytes.ts'

/** Where a file is asked for again, and answered, under a key made from the file's own (protocol document 07, section 7). */
export interface SealedRetry {
  readonly ciphertext: Uint8Array
  /** 12 bytes. */
  readonly iv: Uint8Array
}

const keyOf = (mediaKey: Uint8Array): Uint8Array => hkdfSha256(mediaKey, undefined, 'WhatsApp Media Retry Notification', 32)

/** Seals a `ServerErrorReceipt` or a `MediaRetryNotification` for a message. */
export const sealMediaRetry = (mediaKey: Uint8Array, messageId: string, plain: Uint8Array, iv: Uint8Array = randomBytes(12)): SealedRetry => ({
  ciphertext: aeadOf(keyOf(mediaKey)).seal(iv, utf8(messageId), plain),
  iv,
})

/** Opens one. @throws CryptoFailed when it is not for this message and file */
export const openMediaRetry = (mediaKey: Uint8Array, messageId: string, { ciphertext, iv }: SealedRetry): Uint8Array =>
  aeadOf(keyOf(mediaKey)).open(iv, utf8(messageId), ciphertext)
