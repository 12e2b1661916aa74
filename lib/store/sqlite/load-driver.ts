import { StoreDriverMissing } from '../../errors/store-errors.ts'
import { betterSqlite3, type BetterConstructor } from './drivers/better-sqlite3.ts'
import { bunSqlite, type BunConstructor } from './drivers/bun-sqlite.ts'
import { nodeSqlite, type NodeConstructor } from './drivers/node-sqlite.ts'
import type { SqliteDriver } from './driver.ts'
import { IN_MEMORY } from './open-database.ts'

/** How a module is imported; a parameter so that every runtime can be played in tests. */
export type ImportModule = (name: string) => Promise<unknown>

const importModule: ImportModule = (name) => import(name)

interface Candidate {
  readonly module: string
  readonly driverOf: (exports: Readonly<Record<string, unknown>>) => SqliteDriver
}

/** In order of preference: what the runtime brings needs no compiler. */
const CANDIDATES: readonly Candidate[] = [
  { module: 'bun:sqlite', driverOf: (exports) => bunSqlite(exports['Database'] as BunConstructor) },
  { module: 'node:sqlite', driverOf: (exports) => nodeSqlite(exports['DatabaseSync'] as NodeConstructor) },
  { module: 'better-sqlite3', driverOf: (exports) => betterSqlite3(exports['default'] as BetterConstructor) },
]

/**
 * The first SQLite that works: of Bun, of Node or Deno, or the package `better-sqlite3`. Nothing is loaded
 * before this is called.
 *
 * @throws StoreDriverMissing with what each of them said
 */
export const loadDriver = async (load: ImportModule = importModule): Promise<SqliteDriver> => {
  const reasons: unknown[] = []
  for (const { module, driverOf } of CANDIDATES) {
    try {
      const driver = driverOf((await load(module)) as Readonly<Record<string, unknown>>)
      // A package can be there without its compiled part, because npm was not let run its install script.
      driver.open(IN_MEMORY, 'read_write').close()
      return driver
    } catch (reason) {
      reasons.push(reason)
    }
  }
  throw new StoreDriverMissing({ cause: new AggregateError(reasons) })
}
