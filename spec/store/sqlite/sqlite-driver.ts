import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { loadDriver } from '../../../lib/store/sqlite/load-driver.ts'
import type { SqliteDriver } from '../../../lib/store/sqlite/driver.ts'

/** The package that is installed for these specs, also for a build of theirs that lies elsewhere. */
const installed = (name: string): Promise<unknown> => import(pathToFileURL(createRequire(join(process.cwd(), 'spec/store/package.json')).resolve(name)).href)

/**
 * The SQLite of the runtime, else the package that is installed beside these specs; undefined when neither is
 * there, because it could not be compiled.
 */
export const driver: SqliteDriver | undefined = await loadDriver((name) => import(name).catch(() => installed(name))).catch(() => undefined)
