import { StoreForeign, StoreTooNew } from '../../errors/store-errors.ts'
import type { SqliteDatabase } from './driver.ts'
import { isResult } from './result-code.ts'

/** "rxwa": tells our files from those of other programs (sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x72787761

/**
 * How the schema came to be: the step at index `n` leads from version `n` to `n + 1`. Steps are only ever
 * added, and each must work on a database with rows. Keys are UTF-8 bytes, so that their order is the one
 * of the contract and no library stops at a zero. Row ids stay, because values of some kilobytes inside the
 * tree of the primary key take twice the time to write.
 */
const STEPS: readonly string[] = [
  `CREATE TABLE entries (
    account TEXT NOT NULL,
    "table" TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (account, "table", key)
  ) STRICT`,
]

/**
 * The version of the schema, 0 for a database nobody has used yet. Only reads, and of one moment.
 *
 * @throws StoreForeign, StoreTooNew
 */
export const inspectVersion = (database: SqliteDatabase): number => {
  database.exec('BEGIN')
  const version = versionOf(database)
  database.exec('COMMIT')
  return version
}

/** The version as the open transaction sees it. */
const versionOf = (database: SqliteDatabase): number => {
  try {
    const applicationId = numberOf(database, 'application_id', 'PRAGMA application_id')
    const version = numberOf(database, 'user_version', 'PRAGMA user_version')
    if (applicationId === APPLICATION_ID && version > STEPS.length) throw new StoreTooNew(version, STEPS.length)
    if (applicationId === APPLICATION_ID && version > 0) return version
    const isUnused = applicationId === 0 && version === 0 && numberOf(database, 'count', 'SELECT count(*) AS count FROM sqlite_master') === 0
    if (!isUnused) throw new StoreForeign()
    return 0
  } catch (cause) {
    throw isResult(cause, 'not_a_database') ? new StoreForeign({ cause }) : cause
  }
}

const numberOf = (database: SqliteDatabase, column: string, sql: string): number => {
  const value = (database.prepare(sql).get() as Readonly<Record<string, unknown>> | undefined)?.[column]
  if (typeof value !== 'number') throw new TypeError(`${column} is no number`)
  return value
}

/** Brings the schema to the latest version, in one transaction, when it is older; closing after a failure undoes it. */
export const migrate = (database: SqliteDatabase): void => {
  if (inspectVersion(database) === STEPS.length) return
  database.exec('BEGIN IMMEDIATE')
  // Again under the lock: another account may have been faster.
  for (const step of STEPS.slice(versionOf(database))) database.exec(step)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${STEPS.length}; COMMIT`)
}
