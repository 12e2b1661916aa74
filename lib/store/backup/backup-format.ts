import { sha256 } from '#crypto'
import { bigEndian, concat, utf8 } from '../../bytes/bytes.ts'

/*
 * A backup, version 1. Numbers are unsigned and big endian, texts UTF-8.
 *
 *   "rxwa-backup" 01
 *   any number of: 01, length of table (1), table, length of key (4), key, length of value (4), value
 *   00, number of rows (6), checksum (32)
 *
 * The checksum is a chain: it starts as SHA-256 of the twelve bytes of the header, and every row, and the end
 * up to the checksum, makes it SHA-256 of the checksum so far and its own bytes.
 */

/** What a backup begins with, its version last. */
export const HEADER = concat(utf8('rxwa-backup'), Uint8Array.of(1))

/** First byte of a row. */
export const ROW = 1
/** First byte of the end. */
export const END = 0

/** Bytes of the number of rows. */
export const COUNT_BYTES = 6
/** Bytes of the checksum. */
export const CHECKSUM_BYTES = 32

/** The checksum after so many more bytes. */
export const chained = (checksum: Uint8Array, bytes: Uint8Array): Uint8Array => sha256(checksum, bytes)

/** The checksum of a backup with nothing in it yet. */
export const firstChecksum = (): Uint8Array => sha256(HEADER)

/** The bytes of one row. */
export const encodeRow = (table: string, key: string, value: Uint8Array): Uint8Array => {
  const tableBytes = utf8(table)
  const keyBytes = utf8(key)
  return concat(Uint8Array.of(ROW, tableBytes.length), tableBytes, bigEndian(keyBytes.length, 4), keyBytes, bigEndian(value.length, 4), value)
}

/** The bytes of the end, the checksum included. */
export const encodeEnd = (rows: number, checksum: Uint8Array): Uint8Array => {
  const end = concat(Uint8Array.of(END), bigEndian(rows, COUNT_BYTES))
  return concat(end, chained(checksum, end))
}
