import { aesCbcDecrypt, aesCbcEncrypt, hmacSha256, sha256 } from '#crypto'
import { concat, equalBytes } from '../bytes/bytes.ts'
import { CryptoFailed } from '../errors/crypto-error.ts'
import { MediaRejected } from '../errors/media-error.ts'
import type { MediaKeys } from './media-keys.ts'

/** What a sender says of a file; what it leaves out is not checked. */
export interface MediaClaims {
  readonly fileSha256?: Uint8Array
  readonly fileEncSha256?: Uint8Array
  /** Bytes of the plain file. */
  readonly fileLength?: number
}

/** An encrypted file, ready to be put somewhere. */
export interface SealedMedia extends Required<MediaClaims> {
  readonly bytes: Uint8Array
}

const MAC_BYTES = 10
const BLOCK_BYTES = 16

/** Opens a file that is in memory (protocol document 07, section 4). @throws MediaRejected */
export const openMedia = (file: Uint8Array, { iv, cipherKey, macKey }: MediaKeys, claims: MediaClaims = {}): Uint8Array => {
  const { fileSha256, fileEncSha256, fileLength } = claims
  if (file.length < MAC_BYTES + BLOCK_BYTES || (file.length - MAC_BYTES) % BLOCK_BYTES !== 0) throw new MediaRejected('malformed')
  if (fileEncSha256 && !equalBytes(sha256(file), fileEncSha256)) throw new MediaRejected('wrong_file')
  const ciphertext = file.subarray(0, -MAC_BYTES)
  if (!equalBytes(hmacSha256(macKey, iv, ciphertext).subarray(0, MAC_BYTES), file.subarray(-MAC_BYTES))) throw new MediaRejected('bad_mac')
  const plain = decrypt(cipherKey, iv, ciphertext)
  if (fileSha256 && !equalBytes(sha256(plain), fileSha256)) throw new MediaRejected('wrong_file')
  if (fileLength !== undefined && plain.length !== fileLength) throw new MediaRejected('wrong_file')
  return plain
}

const decrypt = (cipherKey: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array => {
  try {
    return aesCbcDecrypt(cipherKey, iv, ciphertext)
  } catch (cause) {
    if (cause instanceof CryptoFailed) throw new MediaRejected('bad_padding', { cause })
    throw cause
  }
}

/** Seals a file that is in memory. The keys are for this file alone. */
export const sealMedia = (plain: Uint8Array, { iv, cipherKey, macKey }: MediaKeys): SealedMedia => {
  const ciphertext = aesCbcEncrypt(cipherKey, iv, plain)
  const bytes = concat(ciphertext, hmacSha256(macKey, iv, ciphertext).subarray(0, MAC_BYTES))
  return { bytes, fileSha256: sha256(plain), fileEncSha256: sha256(bytes), fileLength: plain.length }
}
