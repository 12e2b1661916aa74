import type { SqliteDatabase, SqliteDriver, SqliteStatement } from '../driver.ts'

/** What is used of `DatabaseSync` of `node:sqlite`. */
export interface NodeDatabase {
  exec(sql: string): unknown
  prepare(sql: string): NodeStatement
  close(): unknown
}

type Bound = Uint8Array | string | number

/** What is used of a statement of `node:sqlite`. */
export interface NodeStatement {
  get(...values: readonly Bound[]): unknown
  all(...values: readonly Bound[]): unknown[]
  run(...values: readonly Bound[]): unknown
}

/** The class `DatabaseSync` of `node:sqlite`. */
export type NodeConstructor = new (path: string, options?: { readonly readOnly?: boolean }) => NodeDatabase

/** Node 22 binds an array over an empty buffer as NULL, one without bytes over a buffer that has some as what it is. */
const EMPTY = new Uint8Array(1).subarray(1)

const isEmpty = (value: Bound): boolean => typeof value === 'object' && value.length === 0

const bound = (values: readonly Bound[]): readonly Bound[] => (values.some(isEmpty) ? values.map((value) => (isEmpty(value) ? EMPTY : value)) : values)

/** `node:sqlite` of Node 22.13 and newer, and of Deno 2.2 and newer. */
export const nodeSqlite = (DatabaseSync: NodeConstructor): SqliteDriver => ({
  open: (path, mode): SqliteDatabase => {
    const database = new DatabaseSync(path, { readOnly: mode === 'read_only' })
    return {
      exec: (sql) => void database.exec(sql),
      prepare: (sql): SqliteStatement => {
        const statement = database.prepare(sql)
        return {
          get: (...values) => statement.get(...bound(values)),
          all: (...values) => statement.all(...bound(values)),
          run: (...values) => void statement.run(...bound(values)),
        }
      },
      close: () => void database.close(),
    }
  },
})
