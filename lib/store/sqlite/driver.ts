/** What may be bound to a statement. */
export type SqliteValue = Uint8Array | string | number

/** A prepared statement; every call runs it to its end. */
export interface SqliteStatement {
  /** The first row by column name, if there is one. */
  readonly get: (...values: readonly SqliteValue[]) => unknown
  readonly all: (...values: readonly SqliteValue[]) => readonly unknown[]
  readonly run: (...values: readonly SqliteValue[]) => void
}

/** One connection to a database file. */
export interface SqliteDatabase {
  /** Runs statements separated by semicolons; what they answer is dropped. */
  readonly exec: (sql: string) => void
  readonly prepare: (sql: string) => SqliteStatement
  /** Closes the connection and gives its locks back at once. */
  readonly close: () => void
}

/** An SQLite library, everything of it synchronous. */
export interface SqliteDriver {
  /** A connection; `read_write` makes the file when there is none. Throws what the library throws. */
  readonly open: (path: string, mode: 'read_only' | 'read_write') => SqliteDatabase
}
