import { describe, expect, it } from '@jest/globals'

import { loadDriver, type ImportModule } from '../../../lib/store/sqlite/load-driver.ts'

/** A runtime that has some modules, each of which tells when it makes a database in a file; what is not compiled makes none. */
const runtime = (present: readonly string[], uncompiled?: string): { readonly load: ImportModule; readonly log: readonly string[] } => {
  const log: string[] = []
  const load: ImportModule = async (name) => {
    if (!present.includes(name)) throw new Error(`no ${name}`)
    const Database = class {
      constructor(path: string) {
        if (name === uncompiled) throw new Error(`${name} is not compiled`)
        if (path !== ':memory:') log.push(name)
      }
      close(): void {}
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

  it('passes over a package without its compiled part, and says how to have it', async () => {
    await expect(loadDriver(runtime(['better-sqlite3'], 'better-sqlite3').load)).rejects.toMatchObject({
      code: 'store_driver_missing',
      message: expect.stringContaining('npm rebuild better-sqlite3'),
      cause: { errors: [{ message: 'no bun:sqlite' }, { message: 'no node:sqlite' }, { message: 'better-sqlite3 is not compiled' }] },
    })
    const { load, log } = runtime(['node:sqlite', 'better-sqlite3'], 'node:sqlite')
    ;(await loadDriver(load)).open('bot.db', 'read_write')
    expect(log).toEqual(['better-sqlite3'])
  })

  it('says what to install when there is none, and why each was refused', async () => {
    await expect(loadDriver(runtime([]).load)).rejects.toMatchObject({
      code: 'store_driver_missing',
      message: expect.stringContaining('npm install better-sqlite3'),
      cause: { errors: [{ message: 'no bun:sqlite' }, { message: 'no node:sqlite' }, { message: 'no better-sqlite3' }] },
    })
  })
})
