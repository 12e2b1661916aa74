import { requireStore } from '../require-store.ts'
import { OptionInvalid } from '../../errors/option-invalid.ts'
import { StoreNotEmpty } from '../../errors/store-errors.ts'
import { isEmpty } from '../is-empty.ts'
import type { Store } from '../store.ts'
import type { BackupProgress } from './backup-store.ts'
import { byteReader } from './byte-reader.ts'
import { readBackup } from './read-backup.ts'

/** What a restoration can be told. */
export interface RestoreOptions {
  /** Largest backup to take, in bytes; it is held in memory until it is known to be whole. Default 1 GiB. */
  readonly limitBytes?: number
  /** Called after each row that was read; nothing is stored before the last one. */
  readonly onProgress?: (progress: BackupProgress) => void
}

const LIMIT_BYTES = 1024 ** 3

/**
 * Puts a backup into an empty store, all of it or nothing: it is read and checked to its end first, then
 * committed at once. The store is closed again afterwards. Answers how much it was.
 *
 * @throws StoreNotEmpty, BackupInvalid, StoreInUse, StoreFailed, OptionInvalid
 * @example
 * await restoreStore(sqliteStore('new.db'), createReadStream('bot.backup'))
 */
export const restoreStore = async (
  store: Store,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { limitBytes = LIMIT_BYTES, onProgress }: RestoreOptions = {},
): Promise<BackupProgress> => {
  requireStore(store)
  if (!Number.isSafeInteger(limitBytes) || limitBytes < 1) throw new OptionInvalid('limitBytes', 'a whole number from 1', String(limitBytes))
  const open = await store.open()
  try {
    if (!(await isEmpty(open))) throw new StoreNotEmpty()
    const reader = byteReader(source, limitBytes)
    try {
      const writes = await readBackup(reader, (rows) => onProgress?.({ rows, bytes: reader.taken() }))
      await open.commit(writes)
      return { rows: writes.length, bytes: reader.taken() }
    } finally {
      await reader.leave()
    }
  } finally {
    await open.close()
  }
}
