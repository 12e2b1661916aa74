import type { SqliteDatabase, SqliteDriver, SqliteStatement } from '../driver.ts'

/** What is used of `Database` of `bun:sqlite`. */
export interface BunDatabase {
  exec(sql: string): unknown
  prepare(sql: string): BunStatement
  close(throwOnError?: boolean): unknown
}

/** What is used of a statement of `bun:sqlite`. */
export interface BunStatement {
  get(...values: readonly (Uint8Array | string | number)[]): unknown
  all(...values: readonly (Uint8Array | string | number)[]): unknown[]
  run(...values: readonly (Uint8Array | string | number)[]): unknown
  finalize(): unknown
}

/** The class `Database` of `bun:sqlite`. */
export type BunConstructor = new (path: string, options?: { readonly readonly?: boolean; readonly readwrite?: boolean; readonly create?: boolean }) => BunDatabase

/** `bun:sqlite`. */
export const bunSqlite = (Database: BunConstructor): SqliteDriver => ({
  open: (path, mode): SqliteDatabase => {
    const database = new Database(path, mode === 'read_only' ? { readonly: true } : { readwrite: true, create: true })
    const statements: BunStatement[] = []
    return {
      exec: (sql) => void database.exec(sql),
      prepare: (sql): SqliteStatement => {
        const statement = database.prepare(sql)
        statements.push(statement)
        return {
          get: (...values) => statement.get(...values),
          all: (...values) => statement.all(...values),
          run: (...values) => void statement.run(...values),
        }
      },
      close: () => {
        // A connection with living statements stays open, and locked, until they are collected.
        for (const statement of statements) statement.finalize()
        database.close(true)
      },
    }
  },
})
