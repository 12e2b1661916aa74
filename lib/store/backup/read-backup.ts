import { concat, equalBytes, fromBigEndian } from '../../bytes/bytes.ts'
import { BackupInvalid } from '../../errors/store-errors.ts'
import { tables, type Table, type Write } from '../store.ts'
import { CHECKSUM_BYTES, chained, COUNT_BYTES, END, firstChecksum, HEADER, ROW } from './backup-format.ts'
import type { ByteReader } from './byte-reader.ts'

const LONGEST_KEY = 64 * 1024
const LONGEST_VALUE = 64 * 1024 * 1024

/**
 * Reads a backup to its end and checks it.
 *
 * @throws BackupInvalid
 */
export const readBackup = async (reader: ByteReader, onRow: (rows: number) => void): Promise<readonly Write[]> => {
  await readHeader(reader)
  const writes: Write[] = []
  let checksum = firstChecksum()
  for (;;) {
    const kind = await reader.take(1)
    if (kind[0] === END) {
      const count = await reader.take(COUNT_BYTES)
      const isWhole = equalBytes(await reader.take(CHECKSUM_BYTES), chained(checksum, concat(kind, count)))
      if (!isWhole || fromBigEndian(count) !== writes.length || !(await reader.isAtEnd())) throw new BackupInvalid('corrupt')
      return writes
    }
    if (kind[0] !== ROW) throw new BackupInvalid('corrupt')
    const { write, bytes } = await readRow(reader)
    checksum = chained(checksum, concat(kind, ...bytes))
    writes.push(write)
    onRow(writes.length)
  }
}

/** The last byte is the version; a file that is shorter than the rest is none of ours. */
const readHeader = async (reader: ByteReader): Promise<void> => {
  for (const expected of HEADER.subarray(0, -1)) {
    if ((await reader.isAtEnd()) || (await reader.take(1))[0] !== expected) throw new BackupInvalid('not_a_backup')
  }
  if ((await reader.take(1))[0] !== HEADER.at(-1)) throw new BackupInvalid('unknown_version')
}

const readRow = async (reader: ByteReader): Promise<{ readonly write: Write; readonly bytes: readonly Uint8Array[] }> => {
  const [tableLength, table] = await takeField(reader, 1, 255)
  const [keyLength, key] = await takeField(reader, 4, LONGEST_KEY)
  const [valueLength, value] = await takeField(reader, 4, LONGEST_VALUE)
  return { write: { table: tableOf(textOf(table)), key: textOf(key), value }, bytes: [tableLength, table, keyLength, key, valueLength, value] }
}

/** A length and as many bytes, refused before they are read when there are too many. */
const takeField = async (reader: ByteReader, lengthBytes: number, limitBytes: number): Promise<readonly [Uint8Array, Uint8Array]> => {
  const length = await reader.take(lengthBytes)
  if (fromBigEndian(length) > limitBytes) throw new BackupInvalid('corrupt')
  return [length, await reader.take(fromBigEndian(length))]
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const textOf = (bytes: Uint8Array): string => {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new BackupInvalid('corrupt', { cause })
  }
}

const tableOf = (name: string): Table => {
  const table = tables.find((known) => known === name)
  if (table === undefined) throw new BackupInvalid('corrupt')
  return table
}
