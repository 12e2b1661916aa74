import { aeadOf, aesCtr, hkdfSha256, hmacSha256, randomBytes, type Aead } from '#crypto'
import { concat, equalBytes, fromBase64, toBase64, utf8 } from '../../bytes/bytes.ts'
import { CryptoFailed } from '../../errors/crypto-error.ts'
import { openKeyTables, tables, type Table } from '../store.ts'

/** How rows look where they are stored. */
export interface RowCipher {
  /** The key a row is stored under; the same for the same row for ever. */
  readonly storedKeyOf: (table: Table, key: string) => string
  /** The key of a stored row. A key that is not ours comes back as something that leads to the same row. */
  readonly keyOf: (table: Table, storedKey: string) => string
  readonly seal: (table: Table, key: string, value: Uint8Array) => Uint8Array
  /** Undefined when the bytes were not sealed for this row by this key, or were changed since. */
  readonly open: (table: Table, key: string, sealed: Uint8Array) => Uint8Array | undefined
}

/** First byte of every sealed value. */
const FORMAT = 1
const NONCE_BYTES = 12
const IV_BYTES = 16

/** A lone surrogate, which no key of an owner begins with: what follows is a stored key as it is. */
const UNREADABLE = '\ud800'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Seals values with AES-256-GCM, one derived key per table, a random nonce, and the table and the key bound to
 * them: `01 ‖ nonce (12) ‖ ciphertext ‖ tag (16)`. Row keys are sealed as in SIV (RFC 5297): AES-256-CTR whose
 * counter block is the HMAC-SHA256 of table and key, cut to 16 bytes, which is checked again when reading;
 * stored as base64 of both.
 *
 * @param key 32 bytes
 */
export const rowCipher = (key: Uint8Array): RowCipher => {
  const derive = (purpose: string): Uint8Array => hkdfSha256(key, undefined, `rxwa store 1 ${purpose}`, 32)
  const macKey = derive('row key authentication')
  const keyKey = derive('row key')
  const aeads: ReadonlyMap<Table, Aead> = new Map(tables.map((table) => [table, aeadOf(derive(`value ${table}`))]))
  const open: ReadonlySet<Table> = new Set(openKeyTables)

  const ivOf = (table: Table, plainKey: Uint8Array): Uint8Array => hmacSha256(macKey, utf8(`${table}\0`), plainKey).subarray(0, IV_BYTES)

  return {
    storedKeyOf: (table, plainKey) => {
      if (open.has(table)) return plainKey
      if (plainKey.startsWith(UNREADABLE)) return plainKey.slice(UNREADABLE.length)
      const bytes = utf8(plainKey)
      const iv = ivOf(table, bytes)
      return toBase64(concat(iv, aesCtr(keyKey, iv, bytes)))
    },
    keyOf: (table, storedKey) => {
      if (open.has(table)) return storedKey
      const bytes = fromBase64(storedKey)
      if (!bytes || bytes.length < IV_BYTES || toBase64(bytes) !== storedKey) return UNREADABLE + storedKey
      const iv = bytes.subarray(0, IV_BYTES)
      const plainKey = aesCtr(keyKey, iv, bytes.subarray(IV_BYTES))
      return equalBytes(iv, ivOf(table, plainKey)) ? decoder.decode(plainKey) : UNREADABLE + storedKey
    },
    seal: (table, plainKey, value) => {
      const nonce = randomBytes(NONCE_BYTES)
      return concat(Uint8Array.of(FORMAT), nonce, aeads.get(table)!.seal(nonce, utf8(`${table}\0${plainKey}`), value))
    },
    open: (table, plainKey, sealed) => {
      if (sealed[0] !== FORMAT || sealed.length < 1 + NONCE_BYTES) return undefined
      try {
        return aeads.get(table)!.open(sealed.subarray(1, 1 + NONCE_BYTES), utf8(`${table}\0${plainKey}`), sealed.subarray(1 + NONCE_BYTES))
      } catch (cause) {
        if (cause instanceof CryptoFailed) return undefined
        throw cause
      }
    },
  }
}
