import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createSessionPool } from '../../lib/pipeline/session-pool.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Quarantine } from '../../lib/store/quarantine.ts'
import type { OpenStore } from '../../lib/store/store.ts'
import { asyncStore } from '../../lib/testing/index.ts'

const noQuarantine = { put: () => undefined } as unknown as Quarantine
const identityOf = (index: number): Uint8Array => new Uint8Array(32).fill(index % 251)

const storeWith = (people: number): OpenStore => {
  const store = memoryStore().open() as OpenStore
  void store.commit(Array.from({ length: people }, (_, index) => ({ table: 'identities' as const, key: `${index}:0@lid`, value: identityOf(index) })))
  return store
}

describe('a pool of sessions', () => {
  it('lends more than it keeps at hand', async () => {
    const people = 10_050
    const pool = createSessionPool(storeWith(people), noQuarantine)
    const addresses = Array.from({ length: people }, (_, index) => `${index}:0@lid`)
    expect((await firstValueFrom(pool.identities(addresses))).every((identity, index) => identity?.[0] === index % 251)).toBe(true)
    const loan = await firstValueFrom(pool.borrow(addresses))
    expect(addresses.every((address, index) => loan.peer(address).identity?.[0] === index % 251)).toBe(true)
    loan.put(addresses[0]!, { identity: undefined })
    expect(loan.writes()).toEqual([{ table: 'identities', key: addresses[0], value: undefined }])
    loan.release()
  })

  it('does not put what it reads over what was kept meanwhile', async () => {
    const inner = memoryStore()
    const opened = inner.open() as OpenStore
    await opened.commit([{ table: 'identities', key: '1:0@lid', value: identityOf(1) }])
    await opened.close()
    const store = await asyncStore(inner).open()
    const pool = createSessionPool(store, noQuarantine)
    const reading = firstValueFrom(pool.identities(['1:0@lid']))
    const loan = await firstValueFrom(pool.borrow(['1:0@lid']))
    loan.put('1:0@lid', { identity: identityOf(2) })
    loan.keep()
    await reading
    expect(await firstValueFrom(pool.identities(['1:0@lid']))).toEqual([identityOf(2)])
    await store.close()
  })
})
