import { describe, expect, it } from '@jest/globals'

import { memoryStore } from '../../lib/store/memory/memory-store.ts'

const bytes = (value: number): Uint8Array => Uint8Array.of(value)

describe('memoryStore', () => {
  it('reads what was committed, one or many, in order', async () => {
    const open = await memoryStore().open()
    await open.commit([
      { table: 'sessions', key: 'b', value: bytes(2) },
      { table: 'sessions', key: 'a', value: bytes(1) },
      { table: 'identities', key: 'a', value: bytes(9) },
      { table: 'sessions', key: 'c', value: bytes(3) },
      { table: 'sessions', key: 'c', value: undefined },
    ])
    expect(await open.read('sessions', 'a')).toEqual(bytes(1))
    expect(await open.readMany('sessions', ['c', 'b', 'x'])).toEqual([undefined, bytes(2), undefined])
    expect(await open.scan('sessions', undefined, 10)).toEqual([
      { key: 'a', value: bytes(1) },
      { key: 'b', value: bytes(2) },
    ])
    expect(await open.scan('sessions', 'a', 1)).toEqual([{ key: 'b', value: bytes(2) }])
    expect(await open.scan('inbox', undefined, 10)).toEqual([])
  })

  it('is open once at a time, and keeps its rows in between', async () => {
    const store = memoryStore()
    const open = await store.open()
    expect(() => store.open()).toThrow(expect.objectContaining({ code: 'store_in_use' }))
    await open.commit([{ table: 'account', key: 'x', value: bytes(1) }])
    await open.close()
    expect(() => open.read('account', 'x')).toThrow(expect.objectContaining({ code: 'store_failed', during: 'read' }))
    const again = await store.open()
    await open.close()
    expect(() => store.open()).toThrow(expect.objectContaining({ code: 'store_in_use' }))
    expect(await again.read('account', 'x')).toEqual(bytes(1))
  })
})
