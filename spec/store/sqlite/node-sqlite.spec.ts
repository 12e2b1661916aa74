import { describe, expect, it } from '@jest/globals'

import { nodeSqlite } from '../../../lib/store/sqlite/drivers/node-sqlite.ts'

/** Binds as Node 22 does: an array over an empty buffer becomes NULL. */
class DatabaseSync {
  exec(): void {}
  close(): void {}
  prepare() {
    const bind = (...values: readonly unknown[]): unknown[] => values.map((value) => (value instanceof Uint8Array && value.buffer.byteLength === 0 ? null : value))
    return { get: bind, all: bind, run: bind }
  }
}

describe('nodeSqlite', () => {
  it('binds no bytes as no bytes, and not as NULL', () => {
    const statement = nodeSqlite(DatabaseSync).open(':memory:', 'read_write').prepare('')
    const empty = new Uint8Array(new ArrayBuffer(0))
    const given = ['account', 1, empty, Uint8Array.of(1)] as const
    expect(statement.get(...given)).toEqual(given)
    expect(statement.all(...given)).toEqual(given)
  })
})
