import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import type { SqliteDriver } from '../../../lib/store/sqlite/driver.ts'
import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import type { OpenStore, Write } from '../../../lib/store/store.ts'
import { freshPaths } from './folder.ts'
import { driver as found } from './sqlite-driver.ts'

const driver = found!
const freshPath = freshPaths()
const open = async (path: string, options = {}): Promise<OpenStore> => sqliteStore(path, { driver, ...options }).open()
const put = (key: string, value: Uint8Array): Write => ({ table: 'sessions', key, value })

/** Runs SQL on a file, as another program would. */
const runSql = (path: string, sql: string): void => {
  const database = driver.open(path, 'read_write')
  database.exec(sql)
  database.close()
}

const optionInvalid = (option: string) => expect.objectContaining({ code: 'option_invalid', option })

describe('sqliteStore options', () => {
  it.each(['', 'file:bot.db', 'a\0b', ':other:', 7, undefined])('refuses the path %p', (path) => {
    expect(() => sqliteStore(path as string)).toThrow(optionInvalid('path'))
  })

  it.each(['', 'a/b', 'a b', 'x'.repeat(65), null])('refuses the account %p', (account) => {
    expect(() => sqliteStore('bot.db', { account: account as string })).toThrow(optionInvalid('account'))
  })

  it('refuses a driver that is none', () => {
    expect(() => sqliteStore('bot.db', { driver: {} as SqliteDriver })).toThrow(optionInvalid('driver'))
  })
})

const describeWithSqlite = found ? describe : describe.skip

describeWithSqlite('the file of sqliteStore', () => {
  it('answers at once after opening, and leaves nothing beside the file but its lock', async () => {
    const path = freshPath()
    const store = await open(path, { account: 'bot.1' })
    expect(store.commit([put('a', Uint8Array.of(1))])).toBeUndefined()
    expect(store.read('sessions', 'a')).toEqual(Uint8Array.of(1))
    expect(store.scan('sessions', undefined, 1)).toEqual([{ key: 'a', value: Uint8Array.of(1) }])
    await store.close()
    const beside = readdirSync(dirname(path)).filter((name) => name.startsWith(basename(path)))
    expect(beside.toSorted()).toEqual([basename(path), `${basename(path)}.bot.1.lock`])
    expect(statSync(`${path}.bot.1.lock`).size).toBe(0)
  })

  it('is for its owner only', async () => {
    const path = freshPath()
    const store = await open(path)
    await store.commit([put('a', Uint8Array.of(1))])
    const others = process.platform === 'win32' ? 0 : 0o077
    for (const name of [path, `${path}-wal`]) expect(statSync(name).mode & others).toBe(0)
    await store.close()
  })

  it('carries our mark and version, a write-ahead log, and what is durable', async () => {
    const path = freshPath()
    const store = await open(path)
    const database = driver.open(path, 'read_only')
    expect(Object.values(database.prepare('PRAGMA application_id').get() as object)).toEqual([0x72787761])
    expect(Object.values(database.prepare('PRAGMA user_version').get() as object)).toEqual([1])
    expect(Object.values(database.prepare('PRAGMA journal_mode').get() as object)).toEqual(['wal'])
    database.close()
    await store.close()
  })

  it('opens an empty file as a new store', async () => {
    const path = freshPath()
    writeFileSync(path, '')
    const store = await open(path)
    expect(await store.read('account', 'a')).toBeUndefined()
    await store.close()
  })

  it('is refused while another store object has the same account open, however the path is spelt', async () => {
    const path = freshPath()
    const store = await open(path)
    const link = freshPath()
    symlinkSync(path, link)
    for (const name of [path, `${dirname(path)}/./${basename(path)}`, link]) await expect(open(name)).rejects.toMatchObject({ code: 'store_in_use' })
    await store.close()
    await (await open(path)).close()
  })

  it.each([
    ['a text', (path: string) => writeFileSync(path, 'dear diary, '.repeat(100))],
    ['a short text', (path: string) => writeFileSync(path, 'hello')],
    ['a database with tables', (path: string) => runSql(path, "CREATE TABLE notes (a); INSERT INTO notes VALUES ('mine')")],
    ['a database with a log', (path: string) => runSql(path, 'PRAGMA journal_mode = WAL; CREATE TABLE notes (a)')],
    ['a database of another application', (path: string) => runSql(path, 'PRAGMA application_id = 7')],
    ['a database with a version', (path: string) => runSql(path, 'PRAGMA user_version = 7')],
  ])('refuses %s, and leaves it as it is', async (_, make) => {
    const path = freshPath()
    make(path)
    const before = readFileSync(path)
    await expect(open(path)).rejects.toMatchObject({ code: 'store_foreign' })
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(readdirSync(dirname(path))).not.toContain(`${basename(path)}.default.lock`)
  })

  it('leaves the unmerged log of another program alone', async () => {
    const path = freshPath()
    const owner = driver.open(path, 'read_write')
    owner.exec('PRAGMA journal_mode = WAL; CREATE TABLE notes (a); INSERT INTO notes VALUES (1)')
    const copy = freshPath()
    for (const end of ['', '-wal']) writeFileSync(copy + end, readFileSync(path + end))
    owner.close()
    const before = [readFileSync(copy), readFileSync(`${copy}-wal`)]
    await expect(open(copy)).rejects.toMatchObject({ code: 'store_foreign' })
    expect([readFileSync(copy), readFileSync(`${copy}-wal`)].map((bytes, index) => bytes.equals(before[index]!))).toEqual([true, true])
  })

  it('opens after a crash that left a transaction half written', async () => {
    const path = freshPath()
    const store = await open(path)
    await store.commit(Array.from({ length: 100 }, (_, index) => put(String(index), new Uint8Array(500).fill(1))))
    await store.close()
    const writer = driver.open(path, 'read_write')
    // Without room in memory the change reaches the file before its end; the journal says how to undo it.
    writer.exec('PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE; UPDATE entries SET value = zeroblob(500)')
    const copy = freshPath()
    for (const end of ['', '-journal']) writeFileSync(copy + end, readFileSync(path + end))
    writer.close()
    const again = await open(copy)
    const rows = await again.scan('sessions', undefined, 1_000)
    expect([rows.length, rows.every(({ value }) => value.every((byte) => byte === 1))]).toEqual([100, true])
    await again.close()
  })

  it('refuses the store of a later version, and leaves it as it is', async () => {
    const path = freshPath()
    await (await open(path)).close()
    runSql(path, 'PRAGMA user_version = 2')
    const before = readFileSync(path)
    await expect(open(path)).rejects.toMatchObject({ code: 'store_too_new', version: 2, supported: 1 })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  it('refuses a folder, and a path in a folder that is not there', async () => {
    const path = freshPath()
    mkdirSync(path)
    await expect(open(path)).rejects.toMatchObject({ code: 'store_failed', during: 'open' })
    await expect(open(`${path}/none/bot.db`)).rejects.toMatchObject({ code: 'store_failed', during: 'open', cause: expect.objectContaining({ code: 'ENOENT' }) })
  })

  it('gives the lock back when opening fails', async () => {
    const path = freshPath()
    const broken: SqliteDriver = {
      open: (name, mode) => {
        const database = driver.open(name, mode)
        return { ...database, prepare: (sql) => (sql.startsWith('SELECT value') ? raise() : database.prepare(sql)) }
      },
    }
    const raise = (): never => {
      throw new Error('no statement today')
    }
    const store = sqliteStore(path, { driver: broken })
    for (let time = 0; time < 2; time += 1) await expect(store.open()).rejects.toMatchObject({ code: 'store_failed', during: 'open' })
    await (await open(path)).close()
  })
})

describeWithSqlite('sqliteStore on a failing disk', () => {
  const large = new Uint8Array(200_000).fill(7)

  it('says so when the disk is full, changes nothing, and goes on when there is room', async () => {
    let limit = (pages: number): void => void pages
    const small: SqliteDriver = {
      open: (path, mode) => {
        const database = driver.open(path, mode)
        if (mode === 'read_write' && !path.endsWith('.lock')) limit = (pages) => database.exec(`PRAGMA max_page_count = ${pages}`)
        return database
      },
    }
    const store = await open(freshPath(), { driver: small })
    await store.commit([put('a', Uint8Array.of(1))])
    limit(20)
    for (let time = 0; time < 2; time += 1) {
      expect(() => store.commit([put('a', Uint8Array.of(2)), put('b', large)])).toThrow(
        expect.objectContaining({ code: 'store_failed', during: 'commit', cause: expect.objectContaining({ message: expect.stringContaining('full') }) }),
      )
      expect(await store.readMany('sessions', ['a', 'b'])).toEqual([Uint8Array.of(1), undefined])
    }
    await store.commit([put('a', Uint8Array.of(3))])
    limit(1_000)
    await store.commit([put('b', large)])
    expect((await store.readMany('sessions', ['a', 'b'])).map((value) => value?.length)).toEqual([1, large.length])
    await store.close()
  })

  it('says so when it may only read', async () => {
    const path = freshPath()
    await (await open(path)).close()
    const readOnly: SqliteDriver = { open: (name, mode) => driver.open(name, name.endsWith('.lock') ? mode : 'read_only') }
    const store = await open(path, { driver: readOnly })
    expect(() => store.commit([put('a', Uint8Array.of(1))])).toThrow(expect.objectContaining({ code: 'store_failed', during: 'commit' }))
    expect(await store.read('sessions', 'a')).toBeUndefined()
    await store.close()
  })

  it('says so when the middle of the file is damaged', async () => {
    const path = freshPath()
    const whole = await open(path)
    await whole.commit(Array.from({ length: 500 }, (_, index) => put(String(index), new Uint8Array(300).fill(index))))
    await whole.close()
    const file = readFileSync(path)
    file.fill(0x5a, 3 * 4096)
    writeFileSync(path, file)
    const store = await open(path)
    expect(() => store.scan('sessions', undefined, 1_000)).toThrow(
      expect.objectContaining({ code: 'store_failed', during: 'read', cause: expect.objectContaining({ message: expect.stringContaining('malformed') }) }),
    )
    await store.close()
  })
})
