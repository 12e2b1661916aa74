import { utf8 } from '../../bytes/bytes.ts'
import { searchableTables, type Table } from '../store.ts'
import type { SqliteDatabase, SqliteStatement } from './driver.ts'

/** The words of searchable rows, in an index of SQLite's own (sqlite.org/fts5.html). */
export interface TextRows {
  readonly isSearchable: (table: Table) => boolean
  /** Within the transaction that writes the row. */
  readonly write: (table: Table, key: string, value: Uint8Array | undefined) => void
  readonly search: (table: Table, phrases: readonly string[], after: string | undefined, limit: number) => readonly unknown[]
  /** A transaction was undone, which may be the one that made the index. */
  readonly undone: () => void
}

/*
 * Made by the first text that is written: whoever keeps no chats has no index, and a file stays readable for a
 * build of SQLite without one.
 */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS texts (id INTEGER PRIMARY KEY, account TEXT NOT NULL, "table" TEXT NOT NULL, key BLOB NOT NULL, UNIQUE (account, "table", key)) STRICT;
  CREATE VIRTUAL TABLE IF NOT EXISTS text_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')`

/*
 * Found by their words and put in order, or gone through in order and asked for their words: left to itself SQLite
 * does the second, which for a rare word goes through everything. A cross join is done as it is written.
 */
const searchFrom = (tables: string): string => `SELECT entries.key, entries.value FROM ${tables}
  CROSS JOIN entries ON entries.account = texts.account AND entries."table" = texts."table" AND entries.key = texts.key
  WHERE text_words MATCH ? AND texts.account = ? AND texts."table" = ? AND texts.key > ?
  ORDER BY texts.key LIMIT ?`

/** More rows with the same words are not put in order: enough of them are among the first that are gone through. */
const MOST_ORDERED = 10_000

interface Statements {
  readonly name: SqliteStatement
  readonly idOf: SqliteStatement
  readonly index: SqliteStatement
  readonly forget: SqliteStatement
  readonly forgetName: SqliteStatement
  readonly count: SqliteStatement
  readonly searchFew: SqliteStatement
  readonly searchMany: SqliteStatement
}

const FIRST = new Uint8Array(0)
const decoder = new TextDecoder()

/** The index of one account; undefined for a build of SQLite that has none. */
export const textRows = (database: SqliteDatabase, account: string): TextRows | undefined => {
  if (!database.prepare(`SELECT 1 FROM pragma_module_list WHERE name = 'fts5'`).get()) return undefined
  let prepared: Statements | undefined
  const statements = (): Statements => {
    if (prepared) return prepared
    database.exec(SCHEMA)
    prepared = {
      name: database.prepare('INSERT INTO texts (account, "table", key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'),
      idOf: database.prepare('SELECT id FROM texts WHERE account = ? AND "table" = ? AND key = ?'),
      index: database.prepare('INSERT OR REPLACE INTO text_words (rowid, words) VALUES (?, ?)'),
      forget: database.prepare('DELETE FROM text_words WHERE rowid = ?'),
      forgetName: database.prepare('DELETE FROM texts WHERE id = ?'),
      count: database.prepare(`SELECT count(*) AS count FROM (SELECT 1 FROM text_words WHERE text_words MATCH ? LIMIT ${MOST_ORDERED + 1})`),
      searchFew: database.prepare(searchFrom('text_words CROSS JOIN texts ON texts.id = text_words.rowid')),
      searchMany: database.prepare(searchFrom('texts CROSS JOIN text_words ON text_words.rowid = texts.id')),
    }
    return prepared
  }
  const idOf = (table: Table, key: Uint8Array): number | undefined => {
    const row = statements().idOf.get(account, table, key) as { readonly id: number } | undefined | null
    return row?.id
  }

  return {
    isSearchable: (table) => searchableTables.includes(table),
    write: (table, key, value) => {
      const { name, index, forget, forgetName } = statements()
      const bytes = utf8(key)
      if (value) {
        name.run(account, table, bytes)
        index.run(idOf(table, bytes)!, decoder.decode(value))
        return
      }
      const id = idOf(table, bytes)
      if (id === undefined) return
      forget.run(id)
      forgetName.run(id)
    },
    search: (table, phrases, after, limit) => {
      const { count, searchFew, searchMany } = statements()
      // Quoted, so that nothing in a phrase is an operator.
      const query = phrases.map((phrase) => `"${phrase.replaceAll('"', '')}" *`).join(' AND ')
      const found = (count.get(query) as { readonly count: number }).count
      return (found > MOST_ORDERED ? searchMany : searchFew).all(query, account, table, after === undefined ? FIRST : utf8(after), limit)
    },
    undone: () => {
      prepared = undefined
    },
  }
}
