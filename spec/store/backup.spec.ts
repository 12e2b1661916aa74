import { describe, expect, it } from '@jest/globals'

import { concat, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { backupStore } from '../../lib/store/backup/backup-store.ts'
import { restoreStore } from '../../lib/store/backup/restore-store.ts'
import { encryptedStore } from '../../lib/store/encrypted/encrypted-store.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import { tables, type Row, type Store, type Table, type Write } from '../../lib/store/store.ts'
import { asyncStore, faultyStore } from '../../lib/testing/store-faults.ts'

const storeOf = async (writes: readonly Write[], store = memoryStore()): Promise<Store> => {
  const open = await store.open()
  await open.commit(writes)
  await open.close()
  return store
}

const rowsOf = async (store: Store): Promise<Readonly<Record<string, readonly Row[]>>> => {
  const open = await store.open()
  const entries = await Promise.all(tables.map(async (table): Promise<readonly [Table, readonly Row[]]> => [table, await open.scan(table, undefined, 10_000)]))
  await open.close()
  return Object.fromEntries(entries.filter(([, rows]) => rows.length > 0))
}

const backupOf = async (store: Store): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  for await (const piece of backupStore(store)) pieces.push(piece)
  return concat(...pieces)
}

const some: readonly Write[] = [
  ...tables.map((table): Write => ({ table, key: `key of ${table} \u{1f600}`, value: utf8(table) })),
  ...Array.from({ length: 100 }, (_, index): Write => ({ table: 'sessions', key: String(index), value: new Uint8Array(index * 5).fill(index) })),
  { table: 'inbox', key: '', value: new Uint8Array(70_000).fill(1) },
]

/** A backup in pieces of so many bytes. */
function* inPieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}

describe('backupStore and restoreStore', () => {
  it.each([1_000_000, 4096, 13])('bring every row to another store, in pieces of %p bytes', async (size) => {
    const store = await storeOf(some)
    const backup = await backupOf(store)
    const copy = memoryStore()
    expect(await restoreStore(copy, inPieces(backup, size))).toEqual({ rows: some.length, bytes: backup.length })
    expect(await rowsOf(copy)).toEqual(await rowsOf(store))
  })

  it('change between plain, encrypted and remote stores', async () => {
    const key = new Uint8Array(32).fill(3)
    const plain = await storeOf(some)
    const encrypted = encryptedStore(memoryStore(), { key })
    await restoreStore(encrypted, backupStore(plain))
    const remote = asyncStore(memoryStore())
    await restoreStore(remote, backupStore(encrypted))
    expect(await rowsOf(remote)).toEqual(await rowsOf(plain))
  })

  it('keep an encrypted store encrypted when it is the inner one', async () => {
    const key = new Uint8Array(32).fill(3)
    const inner = memoryStore()
    await restoreStore(encryptedStore(inner, { key }), backupStore(await storeOf(some)))
    const backup = await backupOf(inner)
    expect(toHex(backup)).not.toContain(toHex(utf8('key of sessions')))
    const copy = memoryStore()
    await restoreStore(copy, [backup])
    expect(await rowsOf(encryptedStore(copy, { key }))).toEqual(await rowsOf(encryptedStore(inner, { key })))
  })

  it('write the format that is described', async () => {
    const backup = await backupOf(await storeOf([{ table: 'inbox', key: '7', value: utf8('hi') }]))
    expect(toHex(backup)).toBe(
      `${toHex(utf8('rxwa-backup'))}01` + `0105${toHex(utf8('inbox'))}0000000137000000026869` + '00000000000001' + CHECKSUM,
    )
    expect(await restoreStore(memoryStore(), [await backupOf(memoryStore())])).toEqual({ rows: 0, bytes: 12 + 1 + 6 + 32 })
  })

  it('report progress', async () => {
    const store = await storeOf(some)
    const saved: unknown[] = []
    const pieces: Uint8Array[] = []
    for await (const piece of backupStore(store, { onProgress: (progress) => saved.push(progress) })) pieces.push(piece)
    expect(saved).toHaveLength(pieces.length)
    expect(saved.at(-1)).toEqual({ rows: some.length, bytes: concat(...pieces).length })
    const restored: number[] = []
    await restoreStore(memoryStore(), pieces, { onProgress: ({ rows }) => restored.push(rows) })
    expect(restored).toEqual(some.map((_, index) => index + 1))
  })

  it('need the store for themselves, and give it back when they are left early or fail', async () => {
    const store = await storeOf(some)
    const open = await store.open()
    await expect(backupStore(store).next()).rejects.toMatchObject({ code: 'store_in_use' })
    await open.close()
    for await (const piece of backupStore(store)) {
      expect(() => store.open()).toThrow(expect.objectContaining({ code: 'store_in_use' }))
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    await expect(backupOf(faultyStore(store, { reads: (index) => (index === 3 ? 'fail_before' : 'pass') }))).rejects.toMatchObject({ code: 'store_failed', during: 'read' })
    await (await store.open()).close()
  })

  it('refuse a store that has a row, and leave it as it is', async () => {
    const store = await storeOf([{ table: 'quarantine', key: 'a', value: utf8('x') }])
    const before = await rowsOf(store)
    await expect(restoreStore(store, backupStore(await storeOf(some)))).rejects.toMatchObject({ code: 'store_not_empty' })
    expect(await rowsOf(store)).toEqual(before)
  })

  it('store nothing when the commit fails', async () => {
    const store = memoryStore()
    await expect(restoreStore(faultyStore(store, { commits: () => 'fail_before' }), backupStore(await storeOf(some)))).rejects.toMatchObject({ code: 'store_failed', during: 'commit' })
    expect(await rowsOf(store)).toEqual({})
  })
})

describe('restoreStore on a bad backup', () => {
  const small: readonly Write[] = [
    { table: 'inbox', key: '7', value: utf8('hi') },
    { table: 'ledger', key: '8', value: utf8('ho') },
  ]

  /** How a backup is refused; the store must be empty and free afterwards. */
  const faultOf = async (backup: Uint8Array, limitBytes?: number): Promise<unknown> => {
    const store = memoryStore()
    const fault = await restoreStore(store, [backup], limitBytes === undefined ? {} : { limitBytes }).catch((error: unknown) => error)
    expect(await rowsOf(store)).toEqual({})
    expect(fault).toMatchObject({ code: 'backup_invalid' })
    return (fault as { readonly fault: unknown }).fault
  }

  it('refuses every beginning of one', async () => {
    const backup = await backupOf(await storeOf(small))
    for (let length = 0; length < backup.length; length += 1) expect(await faultOf(backup.subarray(0, length))).toBe(length < 11 ? 'not_a_backup' : 'truncated')
  })

  it('refuses it with any bit changed, and with anything behind it', async () => {
    const backup = await backupOf(await storeOf(small))
    for (let place = 0; place < backup.length; place += 1) {
      const fault = await faultOf(backup.map((byte, index) => (index === place ? byte ^ (1 << place % 8) : byte)))
      expect(place < 11 ? ['not_a_backup'] : place === 11 ? ['unknown_version'] : ['corrupt', 'truncated']).toContain(fault)
    }
    expect(await faultOf(concat(backup, Uint8Array.of(0)))).toBe('corrupt')
  })

  it('refuses too much, as a whole and in one field, before it is read', async () => {
    const backup = await backupOf(await storeOf(small))
    expect(await faultOf(backup, backup.length - 1)).toBe('too_large')
    const header = backup.subarray(0, 12)
    expect(await faultOf(concat(header, Uint8Array.of(1, 5), utf8('inbox'), Uint8Array.of(0xff, 0xff, 0xff, 0xff)))).toBe('corrupt')
    expect(await faultOf(concat(header, Uint8Array.of(1, 5), utf8('inbox'), Uint8Array.of(0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff)))).toBe('corrupt')
    expect(await faultOf(concat(header, Uint8Array.of(1, 5), utf8('notes'), new Uint8Array(8)))).toBe('corrupt')
  })

  it('lets go of the source', async () => {
    let isLeft = false
    const source = (function* () {
      try {
        yield utf8('dear diary')
        yield utf8('more')
      } finally {
        isLeft = true
      }
    })()
    await expect(restoreStore(memoryStore(), source)).rejects.toMatchObject({ fault: 'not_a_backup' })
    expect(isLeft).toBe(true)
    await expect(restoreStore(memoryStore(), ['text'] as unknown as readonly Uint8Array[])).rejects.toMatchObject({ fault: 'not_a_backup' })
    await expect(restoreStore(memoryStore(), [], { limitBytes: 0 })).rejects.toMatchObject({ code: 'option_invalid', option: 'limitBytes' })
  })
})

/** Worked out by hand from the description, with another implementation of SHA-256. */
const CHECKSUM = 'a3f88aa5ab389739015121c4985d3a461713746f25352daecbb81477ba315957'
