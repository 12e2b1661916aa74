import { OptionInvalid } from '../../errors/option-invalid.ts'
import { RxwaError } from '../../errors/rxwa-error.ts'
import { StoreFailed, StoreInUse } from '../../errors/store-errors.ts'
import type { OpenStore, Store } from '../store.ts'
import { accountRows } from './account-rows.ts'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { loadDriver } from './load-driver.ts'
import { takeLock } from './lock.ts'
import { IN_MEMORY, inspectFile, openDatabase } from './open-database.ts'

/** What an SQLite store can be told. */
export interface SqliteStoreOptions {
  /** Which of the accounts in the file: 1 to 64 of `A-Z a-z 0-9 . _ + @ -`; default `default`. */
  readonly account?: string
  /** The SQLite to use; default: what the runtime has, else the package `better-sqlite3`. */
  readonly driver?: SqliteDriver
}

/**
 * A store in an SQLite file, which survives crashes of the process and of the machine: every commit is on
 * the disk before it answers. One file holds any number of accounts, each open once at a time, in whichever
 * process. Beside the file appear its logs (`-wal`, `-shm`) and an empty `.lock` per account; copy a file only
 * while it is closed, or use `backupStore`. After opening every call answers at once. Use a local disk:
 * network file systems do not lock reliably.
 *
 * The file holds the keys of the account in the clear, readable by its owner only; `encryptedStore` hides them.
 *
 * @param path a file, made when there is none (its folder has to be there), or `:memory:` for tests, which is
 * empty again after closing
 * @throws OptionInvalid at once; opening rejects with `StoreInUse`, `StoreForeign`, `StoreTooNew`,
 * `StoreDriverMissing` or `StoreFailed`; a file that is not ours is not written to
 * @example
 * const client = createClient({ store: sqliteStore('bot.db', { account: 'support' }) })
 */
export const sqliteStore = (path: string, { account = 'default', driver }: SqliteStoreOptions = {}): Store => {
  requireOptions(path, account, driver)
  let isOpen = false

  const openWith = async (sqlite: SqliteDriver): Promise<OpenStore> => {
    const file = path === IN_MEMORY ? undefined : await inspectFile(sqlite, path)
    const unlock = file === undefined ? undefined : takeLock(sqlite, file, account)
    let database: SqliteDatabase | undefined
    const release = (): void => {
      isOpen = false
      try {
        database?.close()
      } finally {
        unlock?.()
      }
    }
    try {
      database = openDatabase(sqlite, file ?? IN_MEMORY)
      return accountRows(database, account, release)
    } catch (cause) {
      release()
      throw cause
    }
  }

  return {
    open: async () => {
      if (isOpen) throw new StoreInUse()
      isOpen = true
      try {
        return await openWith(driver ?? (await loadDriver()))
      } catch (cause) {
        isOpen = false
        throw cause instanceof RxwaError ? cause : new StoreFailed('open', { cause })
      }
    },
  }
}

const requireOptions = (path: unknown, account: unknown, driver: unknown): void => {
  const isPath = typeof path === 'string' && path !== '' && !path.includes('\0') && !path.startsWith('file:') && !(path.startsWith(':') && path !== IN_MEMORY)
  if (!isPath) throw new OptionInvalid('path', 'the path of a file or :memory:', kindOf(path))
  if (typeof account !== 'string' || !/^[\w.+@-]{1,64}$/.test(account)) {
    throw new OptionInvalid('account', '1 to 64 of the characters A-Z, a-z, 0-9 and . _ + @ -', kindOf(account))
  }
  if (driver !== undefined && typeof (driver as Partial<SqliteDriver> | null)?.open !== 'function') {
    throw new OptionInvalid('driver', 'a driver, for example betterSqlite3(Database)', kindOf(driver))
  }
}

const kindOf = (value: unknown): string => (typeof value === 'string' ? `a text of ${value.length} characters` : value === null ? 'null' : typeof value)
