import { StoreForeign, StoreInUse } from '../../errors/store-errors.ts'
import type { SqliteDriver } from './driver.ts'
import { isResult } from './result-code.ts'

/**
 * Takes the lock of one account: a transaction that is never ended on an empty database of its own beside
 * the file, `<path>.<account>.lock`. The operating system drops it with the process, however that ends.
 * The file stays: removing it would let two processes lock two files of one name.
 *
 * @returns gives the lock back
 * @throws StoreInUse at once when somebody has it
 */
export const takeLock = (driver: SqliteDriver, path: string, account: string): (() => void) => {
  const lock = driver.open(`${path}.${account}.lock`, 'read_write')
  try {
    lock.exec('PRAGMA busy_timeout = 0')
    lock.exec('BEGIN EXCLUSIVE')
    return () => lock.close()
  } catch (cause) {
    lock.close()
    throw lockError(cause)
  }
}

const lockError = (cause: unknown): unknown => {
  if (isResult(cause, 'busy')) return new StoreInUse()
  return isResult(cause, 'not_a_database') ? new StoreForeign({ cause }) : cause
}

