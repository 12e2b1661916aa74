import type { SqliteDatabase, SqliteDriver, SqliteStatement } from '../driver.ts'

/** What is used of a database of `better-sqlite3`. */
export interface BetterDatabase {
  exec(sql: string): unknown
  prepare(sql: string): BetterStatement
  close(): unknown
}

/** What is used of a statement of `better-sqlite3`. */
export interface BetterStatement {
  get(...values: readonly unknown[]): unknown
  all(...values: readonly unknown[]): unknown[]
  run(...values: readonly unknown[]): unknown
}

/** The default export of `better-sqlite3`. */
export type BetterConstructor = new (path: string, options?: { readonly readonly?: boolean; readonly fileMustExist?: boolean }) => BetterDatabase

/**
 * The npm package `better-sqlite3`, version 12.
 *
 * @example
 * import Database from 'better-sqlite3'
 * sqliteStore('bot.db', { driver: betterSqlite3(Database) })
 */
export const betterSqlite3 = (Database: BetterConstructor): SqliteDriver => ({
  open: (path, mode): SqliteDatabase => {
    const database = new Database(path, mode === 'read_only' ? { readonly: true, fileMustExist: true } : {})
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
