import { requireStore } from '../require-store.ts'
import { concat } from '../../bytes/bytes.ts'
import { tables, type OpenStore, type Row, type Store, type Table } from '../store.ts'
import { chained, encodeEnd, encodeRow, firstChecksum, HEADER } from './backup-format.ts'

/** How far a backup or a restoration has come. */
export interface BackupProgress {
  readonly rows: number
  readonly bytes: number
}

/** What a backup can be told. */
export interface BackupOptions {
  /** Called after each piece. */
  readonly onProgress?: (progress: BackupProgress) => void
}

const PAGE = 64
const PIECE_BYTES = 64 * 1024

/**
 * Reads a whole store into pieces of a backup, in a format that any store can be restored from. The store is
 * opened for it, so no client may be connected: what is written is one moment. Leaving the loop early gives the
 * store back.
 *
 * A backup holds the keys of the account in the clear: store it like a password, or back up the store inside an
 * `encryptedStore`, whose rows stay encrypted. Restore it only in place of the original. Two stores that both go on
 * from one moment use the same message keys twice, and an old moment no longer understands what was sent since.
 *
 * @throws StoreInUse, StoreFailed
 * @example
 * await writeFile('bot.backup', backupStore(sqliteStore('bot.db')))
 */
export async function* backupStore(store: Store, { onProgress }: BackupOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
  requireStore(store)
  const open = await store.open()
  try {
    let waiting: Uint8Array[] = [HEADER]
    let waitingBytes = HEADER.length
    let checksum = firstChecksum()
    let rows = 0
    let bytes = 0
    const piece = (): Uint8Array => {
      const joined = concat(...waiting)
      bytes += joined.length
      waiting = []
      waitingBytes = 0
      onProgress?.({ rows, bytes })
      return joined
    }
    for (const table of tables) {
      for await (const { key, value } of rowsOf(open, table)) {
        const row = encodeRow(table, key, value)
        checksum = chained(checksum, row)
        rows += 1
        waiting.push(row)
        waitingBytes += row.length
        if (waitingBytes >= PIECE_BYTES) yield piece()
      }
    }
    waiting.push(encodeEnd(rows, checksum))
    yield piece()
  } finally {
    await open.close()
  }
}

async function* rowsOf(store: OpenStore, table: Table): AsyncGenerator<Row, void, undefined> {
  let after: string | undefined
  for (;;) {
    const page = await store.scan(table, after, PAGE)
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!.key
  }
}
