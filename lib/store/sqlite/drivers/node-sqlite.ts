import type { SqliteDatabase, SqliteDriver, SqliteStatement } from '../driver.ts'

/** What is used of `DatabaseSync` of `node:sqlite`. */
export interface NodeDatabase {
  exec(sql: string): unknown
  prepare(sql: string): NodeStatement
  close(): unknown
}

/** What is used of a statement of `node:sqlite`. */
export interface NodeStatement {
  get(...values: readonly (Uint8Array | string | number)[]): unknown
  all(...values: readonly (Uint8Array | string | number)[]): unknown[]
  run(...values: readonly (Uint8Array | string | number)[]): unknown
}

/** The class `DatabaseSync` of `node:sqlite`. */
export type NodeConstructor = new (path: string, options?: { readonly readOnly?: boolean }) => NodeDatabase

/** `node:sqlite` of Node 22.13 and newer, and of Deno 2.2 and newer. */
export const nodeSqlite = (DatabaseSync: NodeConstructor): SqliteDriver => ({
  open: (path, mode): SqliteDatabase => {
    const database = new DatabaseSync(path, { readOnly: mode === 'read_only' })
    return {
      exec: (sql) => void database.exec(sql),
      prepare: (sql): SqliteStatement => {
        const statement = database.prepare(sql)
        return {
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
          run: (...values) => void statement.run(...values),
        }
      },
      close: () => void database.close(),
    }
  },
})
