import { loadDriver } from '../../../lib/store/sqlite/load-driver.ts'
import type { SqliteDriver } from '../../../lib/store/sqlite/driver.ts'

/**
 * The SQLite of the runtime, else the package that is installed beside these specs; undefined when neither is
 * there, because it could not be compiled.
 */
export const driver: SqliteDriver | undefined = await loadDriver((name) => import(name)).catch(() => undefined)
