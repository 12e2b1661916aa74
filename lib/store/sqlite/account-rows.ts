import { utf8 } from '../../bytes/bytes.ts'
import { StoreFailed } from '../../errors/store-errors.ts'
import type { OpenStore, Row, Table, Write } from '../store.ts'
import type { SqliteDatabase } from './driver.ts'
import { textRows } from './text-rows.ts'

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** The rows of one account in an open database; `release` closes it and gives the lock back. Every call answers at once. */
export const accountRows = (database: SqliteDatabase, account: string, release: () => void): OpenStore => {
  const select = database.prepare('SELECT value FROM entries WHERE account = ? AND "table" = ? AND key = ?')
  const first = database.prepare('SELECT key, value FROM entries WHERE account = ? AND "table" = ? ORDER BY key LIMIT ?')
  const next = database.prepare('SELECT key, value FROM entries WHERE account = ? AND "table" = ? AND key > ? ORDER BY key LIMIT ?')
  const upsert = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  const remove = database.prepare('DELETE FROM entries WHERE account = ? AND "table" = ? AND key = ?')
  const begin = database.prepare('BEGIN IMMEDIATE')
  const end = database.prepare('COMMIT')
  const undo = database.prepare('ROLLBACK')
  const texts = textRows(database, account)
  let isClosed = false

  const attempt = <T>(during: 'read' | 'commit', call: () => T): T => {
    try {
      if (isClosed) throw new Error('the store was closed')
      return call()
    } catch (cause) {
      throw new StoreFailed(during, { cause })
    }
  }

  const read = (table: Table, key: string): Uint8Array | undefined => {
    const row = select.get(account, table, utf8(key)) as StoredRow | undefined | null
    return row ? plain(row.value) : undefined
  }

  const write = ({ table, key, value }: Write): void => {
    if (value === undefined) remove.run(account, table, utf8(key))
    else upsert.run(account, table, utf8(key), value)
    if (texts?.isSearchable(table)) texts.write(table, key, value)
  }

  /** False when SQLite has undone it already, as after a failed write; were it still open, the next BEGIN would fail. */
  const rollBack = (): boolean => {
    try {
      undo.run()
      return true
    } catch {
      return false
    }
  }

  return {
    gathersCommits: true,
    read: (table, key) => attempt('read', () => read(table, key)),
    readMany: (table, keys) => attempt('read', () => keys.map((key) => read(table, key))),
    scan: (table, after, limit) =>
      attempt('read', () => {
        const rows = after === undefined ? first.all(account, table, limit) : next.all(account, table, utf8(after), limit)
        return (rows as readonly StoredRow[]).map(rowOf)
      }),
    ...(texts && {
      search: (table: Table, phrases: readonly string[], after: string | undefined, limit: number) =>
        attempt('read', () => (texts.search(table, phrases, after, limit) as readonly StoredRow[]).map(rowOf)),
    }),
    commit: (writes) => {
      attempt('commit', () => {
        if (writes.length === 0) return
        begin.run()
        try {
          writes.forEach(write)
          end.run()
        } catch (cause) {
          rollBack()
          texts?.undone()
          throw cause
        }
      })
    },
    close: () => {
      if (isClosed) return
      isClosed = true
      try {
        release()
      } catch (cause) {
        throw new StoreFailed('close', { cause })
      }
    },
  }
}

interface StoredRow {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

const rowOf = ({ key, value }: StoredRow): Row => ({ key: decoder.decode(key), value: plain(value) })

/** A plain array where the library hands out its own kind. */
const plain = (bytes: Uint8Array): Uint8Array =>
  Object.getPrototypeOf(bytes) === Uint8Array.prototype ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
