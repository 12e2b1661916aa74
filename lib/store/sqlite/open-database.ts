import type { SqliteDatabase, SqliteDriver } from './driver.ts'
import { isResult } from './result-code.ts'
import { migrate, inspectVersion } from './schema.ts'

/** A database that lives in memory and is gone when it is closed. */
export const IN_MEMORY = ':memory:'

/** How long a commit waits for the commit of another account in the same file. */
const BUSY_LIMIT_MS = 5_000

/** Beyond this the write-ahead log is cut back at a checkpoint. */
const LOG_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Looks at a file without writing to it: by a connection that cannot, because opening it for writing would
 * already fold a log that another program left behind. Reading the file ourselves is no way either: closing
 * it would drop the locks SQLite holds on it in this process (sqlite.org/howtocorrupt.html, section 2.2).
 *
 * @returns the one path of the file, so that two names of it share a lock
 * @throws StoreForeign, StoreTooNew
 */
export const inspectFile = async (driver: SqliteDriver, path: string): Promise<string> => {
  const { closeSync, existsSync, openSync, realpathSync } = await import('node:fs')
  if (!existsSync(path)) {
    try {
      // Made by us, empty and for its owner only: SQLite gives its logs the same rights.
      closeSync(openSync(path, 'wx', 0o600))
    } catch (cause) {
      // Another account may have made it in between.
      if (!existsSync(path)) throw cause
    }
  }
  const database = driver.open(path, 'read_only')
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_LIMIT_MS}`)
    inspectVersion(database)
  } catch (cause) {
    // A transaction that a crash cut short can only be undone by writing; then the second look decides.
    if (!isResult(cause, 'unfinished_transaction')) throw cause
  } finally {
    database.close()
  }
  return realpathSync.native(path)
}

/**
 * A connection ready for use: durable at every commit, in the latest schema. Deleted secrets are overwritten
 * where that costs no further page.
 *
 * @throws StoreForeign, StoreTooNew
 */
export const openDatabase = (driver: SqliteDriver, path: string): SqliteDatabase => {
  const database = driver.open(path, 'read_write')
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_LIMIT_MS}`)
    migrate(database)
    useLog(database)
    database.exec(`PRAGMA synchronous = FULL; PRAGMA secure_delete = FAST; PRAGMA cell_size_check = ON; PRAGMA journal_size_limit = ${LOG_LIMIT_BYTES}`)
    return database
  } catch (cause) {
    database.close()
    throw cause
  }
}

/** How often to try again when others open a new file at the same time. */
const LOG_ATTEMPTS = 50

/**
 * Switches to a write-ahead log, which stays with the file. The switch itself does not wait for others who look
 * at the file; an exclusive transaction does, so each failure is followed by one.
 */
const useLog = (database: SqliteDatabase, attempts = LOG_ATTEMPTS): void => {
  try {
    database.exec('PRAGMA journal_mode = WAL')
  } catch (cause) {
    if (!isResult(cause, 'busy') || attempts === 0) throw cause
    database.exec('BEGIN EXCLUSIVE; ROLLBACK')
    useLog(database, attempts - 1)
  }
}
