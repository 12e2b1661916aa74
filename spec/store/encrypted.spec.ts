import { describe, expect, it } from '@jest/globals'

import { fromHex, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { deriveStoreKey } from '../../lib/store/encrypted/derive-store-key.ts'
import { encryptedStore } from '../../lib/store/encrypted/encrypted-store.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import { openKeyTables, tables, type OpenStore, type Row, type Store, type Table, type Write } from '../../lib/store/store.ts'

const key = Uint8Array.from({ length: 32 }, (_, index) => index)
const otherKey = key.toReversed()
const secret = utf8('a secret of sixteen bytes and more')
const put = (table: Table, rowKey: string, value = secret): Write => ({ table, key: rowKey, value })

/** Fills a store through the cipher, then gives what lies underneath to `look`. */
const beneath = async (writes: readonly Write[], look: (inner: OpenStore) => unknown, store: Store = memoryStore()): Promise<Store> => {
  const open = await encryptedStore(store, { key }).open()
  await open.commit(writes)
  await open.close()
  const inner = await store.open()
  await look(inner)
  await inner.close()
  return store
}

const everyRow = async (store: OpenStore): Promise<readonly (Row & { readonly table: Table })[]> =>
  (await Promise.all(tables.map(async (table) => (await store.scan(table, undefined, 1_000)).map((row) => ({ ...row, table }))))).flat()

describe('encryptedStore', () => {
  it('leaves no value readable, and no key except counters and the names of account', async () => {
    await beneath(
      tables.map((table) => put(table, '15550100002')),
      async (inner) => {
        for (const { table, key: stored, value } of await everyRow(inner)) {
          expect(toHex(value)).not.toContain(toHex(secret))
          if (stored !== 'rxwa-encryption') expect(stored === '15550100002').toBe(openKeyTables.includes(table))
        }
      },
    )
  })

  it('makes every value look new, and every key of a row the same', async () => {
    const rows: Row[] = []
    const store = memoryStore()
    for (let time = 0; time < 2; time += 1) {
      await beneath([put('sessions', 'a'), put('identities', 'a')], async (inner) => rows.push(...(await inner.scan('sessions', undefined, 9)), ...(await inner.scan('identities', undefined, 9))), store)
    }
    const [session, identity, sessionAgain, identityAgain] = rows
    expect([sessionAgain!.key, identityAgain!.key]).toEqual([session!.key, identity!.key])
    expect(session!.key).not.toBe(identity!.key)
    expect(new Set(rows.map(({ value }) => toHex(value))).size).toBe(4)
  })

  it('refuses another key before it reads anything else, and gives the store back', async () => {
    const store = await beneath([put('account', 'credentials')], () => undefined)
    const asked: string[] = []
    const watched: Store = {
      open: async () => {
        const inner = await store.open()
        return { ...inner, read: (table, rowKey) => (asked.push(`${table}/${rowKey}`), inner.read(table, rowKey)), scan: () => expect(true).toBe(false) as never }
      },
    }
    for (let time = 0; time < 2; time += 1) await expect(encryptedStore(watched, { key: otherKey }).open()).rejects.toMatchObject({ code: 'store_key_wrong', fault: 'other_key' })
    expect(asked).toEqual(['account/rxwa-encryption', 'account/rxwa-encryption'])
    expect(() => encryptedStore(store, { key: otherKey }).open()).toThrow(expect.objectContaining({ code: 'store_key_wrong' }))
    await (await encryptedStore(store, { key }).open()).close()
  })

  it('refuses a store whose rows were never encrypted, and leaves it as it is', async () => {
    const store = memoryStore()
    const inner = await store.open()
    await inner.commit([put('outbox', '1')])
    await inner.close()
    expect(() => encryptedStore(store, { key }).open()).toThrow(expect.objectContaining({ code: 'store_key_wrong', fault: 'not_encrypted' }))
    expect(await everyRow(await store.open())).toEqual([{ table: 'outbox', key: '1', value: secret }])
  })

  it('shows an inner reader bytes where the credentials are, so that it starts no new account', async () => {
    await beneath([put('account', 'credentials')], async (inner) => expect(await inner.read('account', 'credentials')).toBeInstanceOf(Uint8Array))
  })

  it('hides its own row, in pages too, and lets nobody write it', async () => {
    const open = await encryptedStore(memoryStore(), { key }).open()
    await open.commit([put('account', 'a'), put('account', 'z')])
    expect((await open.scan('account', undefined, 2)).map((row) => row.key)).toEqual(['a', 'z'])
    expect((await open.scan('account', 'a', 1)).map((row) => row.key)).toEqual(['z'])
    expect(() => open.commit([put('account', 'rxwa-encryption')])).toThrow(expect.objectContaining({ code: 'store_failed', during: 'commit' }))
  })

  const flip = (bytes: Uint8Array, place: number): Uint8Array => bytes.map((byte, index) => (index === place ? byte ^ 1 : byte))
  const spoilings: readonly (readonly [string, (row: Row) => Uint8Array])[] = [
    ['its format', ({ value }) => flip(value, 0)],
    ['its nonce', ({ value }) => flip(value, 1)],
    ['its ciphertext', ({ value }) => flip(value, 14)],
    ['its tag', ({ value }) => flip(value, value.length - 1)],
    ['its length', ({ value }) => value.slice(0, -1)],
    ['everything', () => new Uint8Array(0)],
    ['all but a few bytes', ({ value }) => value.slice(0, 20)],
  ]

  it.each(spoilings)('reads no bytes where a row was changed in %s', async (_, spoil) => {
    const store = await beneath([put('sessions', 'a'), put('sessions', 'b'), put('account', 'credentials')], async (inner) => {
      for (const table of ['sessions', 'account'] as const) {
        const [row] = await inner.scan(table, undefined, 1)
        await inner.commit([{ table, key: row!.key, value: spoil(row!) }])
      }
    })
    const open = await encryptedStore(store, { key }).open()
    const values = (await open.readMany('sessions', ['a', 'b'])).map((value) => value?.length)
    expect(values.toSorted()).toEqual([0, secret.length])
    expect((await open.scan('sessions', undefined, 9)).map(({ value }) => value.length).toSorted()).toEqual([0, secret.length])
    expect(() => open.read('account', 'credentials')).toThrow(expect.objectContaining({ code: 'credentials_corrupt' }))
    expect(() => open.scan('account', undefined, 9)).toThrow(expect.objectContaining({ code: 'credentials_corrupt' }))
  })

  it('does not take a row for another one', async () => {
    const store = await beneath([put('outbox', '1'), put('inbox', '1'), put('inbox', '2', utf8('two'))], async (inner) => {
      const [outbox, one] = [await inner.read('outbox', '1'), await inner.read('inbox', '1')]
      await inner.commit([
        { table: 'inbox', key: '1', value: outbox },
        { table: 'inbox', key: '2', value: one },
      ])
    })
    const open = await encryptedStore(store, { key }).open()
    expect(await open.readMany('inbox', ['1', '2'])).toEqual([new Uint8Array(0), new Uint8Array(0)])
  })

  it.each(['AAAA', 'no base64!', 'A'.repeat(64)])('shows a row under the unreadable key %p empty, goes on after it, and can remove it', async (stored) => {
    const store = await beneath([put('sessions', 'a')], (inner) => inner.commit([{ table: 'sessions', key: stored, value: secret }]))
    const open = await encryptedStore(store, { key }).open()
    const pages = [await open.scan('sessions', undefined, 1)]
    pages.push(await open.scan('sessions', pages[0]![0]!.key, 1))
    expect(await open.scan('sessions', pages[1]![0]!.key, 1)).toEqual([])
    const strange = pages.flat().find((row) => row.key !== 'a')!
    expect(strange.value).toEqual(new Uint8Array(0))
    await open.commit([{ table: 'sessions', key: strange.key, value: undefined }])
    expect((await open.scan('sessions', undefined, 9)).map((row) => row.key)).toEqual(['a'])
  })

  it('reads what an earlier version of the format wrote', async () => {
    const store = memoryStore()
    const inner = await store.open()
    for (const [table, stored, value] of WRITTEN) await inner.commit([{ table, key: stored, value: fromHex(value) }])
    await inner.close()
    const open = await encryptedStore(store, { key }).open()
    expect(await open.read('sessions', '15550100002')).toEqual(utf8('a ratchet'))
    expect((await open.scan('sessions', undefined, 9)).map((row) => row.key)).toEqual(['15550100002'])
  })

  it.each([new Uint8Array(31), new Uint8Array(33), 'x'.repeat(32), undefined])('refuses a key that is no 32 bytes', (bad) => {
    expect(() => encryptedStore(memoryStore(), { key: bad as Uint8Array })).toThrow(expect.objectContaining({ code: 'option_invalid', option: 'key' }))
  })
})

/** Rows under the key of this file, as they lie in the inner store. */
const WRITTEN: readonly (readonly [Table, string, string])[] = [
  ['account', 'rxwa-encryption', '0135d9fbefd285e7869e942328da4fed166534442fd7d3276557962b57'],
  ['sessions', 'JkyF3eKsmm3T+xPq3vL9X8JnYsr7+ST0R6nJ', '011f38fedd4c202783cc45971cc47341f412ed7c1d81cca8cbc6d4d878f673ba2df59bd463f0'],
]

describe('deriveStoreKey', () => {
  const salt = Uint8Array.from({ length: 16 }, (_, index) => index)

  it('is PBKDF2-HMAC-SHA256 of the composed passphrase', () => {
    // By another implementation, of the five bytes of "\u00e9t\u00e9".
    expect(toHex(deriveStoreKey('e\u0301t\u00e9', salt, 100_000))).toBe('2deec5290c8f0cc39cd3a9a00f913c6c0403ed1cd5cc7381ec037f8867ef02f6')
  })

  it.each([
    ['passphrase', '', salt, 100_000],
    ['salt', 'x', salt.slice(1), 100_000],
    ['iterations', 'x', salt, 99_999],
    ['iterations', 'x', salt, 100_000.5],
  ])('refuses a bad %s', (option, passphrase, badSalt, iterations) => {
    expect(() => deriveStoreKey(passphrase, badSalt, iterations)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
  })
})
