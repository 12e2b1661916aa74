import { describe, expect, it } from '@jest/globals'

import { loadDriver, type ImportModule } from '../../../lib/store/sqlite/load-driver.ts'

/** A runtime that has some modules, each of which tells when it makes a database. */
const runtime = (present: readonly string[]): { readonly load: ImportModule; readonly log: readonly string[] } => {
  const log: string[] = []
  const load: ImportModule = async (name) => {
    if (!present.includes(name)) throw new Error(`no ${name}`)
    const Database = class {
      constructor() {
        log.push(name)
      }
    }
    return name === 'bun:sqlite' ? { Database } : name === 'node:sqlite' ? { DatabaseSync: Database } : { default: Database }
  }
  return { load, log }
}

describe('loadDriver', () => {
  it.each([
    ['bun:sqlite', ['bun:sqlite', 'node:sqlite', 'better-sqlite3']],
    ['node:sqlite', ['node:sqlite', 'better-sqlite3']],
    ['better-sqlite3', ['better-sqlite3']],
  ])('takes %s first of %p', async (expected, present) => {
    const { load, log } = runtime(present)
    ;(await loadDriver(load)).open('bot.db', 'read_write')
    expect(log).toEqual([expected])
  })

  it('says what to install when there is none, and why each was refused', async () => {
    await expect(loadDriver(runtime([]).load)).rejects.toMatchObject({
      code: 'store_driver_missing',
      message: expect.stringContaining('npm install better-sqlite3'),
      cause: { errors: [{ message: 'no bun:sqlite' }, { message: 'no node:sqlite' }, { message: 'no better-sqlite3' }] },
    })
  })
})
