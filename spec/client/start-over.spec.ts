import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { decodeAccount } from '../../lib/account/account-codec.ts'
import { stanza, type Stanza } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { tables, type OpenStore, type Row, type Store, type Table } from '../../lib/store/store.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/** All rows of a store that nobody has open. */
const rowsOf = async (store: Store): Promise<ReadonlyMap<Table, readonly Row[]>> => {
  const open = await store.open()
  const rows = new Map<Table, readonly Row[]>()
  for (const table of tables) rows.set(table, await open.scan(table, undefined, 100_000))
  await open.close()
  return rows
}

const accountOf = async (store: Store) => decodeAccount((await rowsOf(store)).get('account')![0]!.value)

const linkedWorld = async (store = memoryStore()): Promise<TestWorld> => {
  const world = createTestWorld({ store })
  await world.connect()
  return world
}

const attempt = async (world: TestWorld): Promise<unknown> => {
  const outcome = firstValueFrom(world.client.connection$).catch((error: unknown) => error)
  await world.clock.advance(5)
  return outcome
}

describe('credentials the server no longer takes', () => {
  it.each<[string, Stanza, number]>([
    ['failure 401', stanza('failure', { reason: '401' }), 401],
    ['failure 403', stanza('failure', { reason: '403' }), 403],
    ['failure 406', stanza('failure', { reason: '406' }), 406],
    ['a removed device', stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]), 401],
    ['another conflict', stanza('stream:error', {}, [stanza('conflict', { type: 'novelty' })]), 401],
    ['code 401', stanza('stream:error', { code: '401' }), 401],
    ['code 516', stanza('stream:error', { code: '516' }), 401],
  ])('are marked after %s and not used again', async (_, reason, expected) => {
    const store = memoryStore()
    const world = await linkedWorld(store)
    world.simulator.disconnect(world.device, reason)
    await world.clock.advance(5)
    expect(world.ended()).toMatchObject({ code: 'logged_out', reason: expected })
    expect(await accountOf(store)).toMatchObject({ revokedReason: expected, link: { isLidMigrated: true } })

    const handshakes = world.simulator.handshakes().length
    world.events.length = 0
    expect(await attempt(world)).toMatchObject({ code: 'logged_out', reason: expected, message: expect.stringContaining('unlink') })
    expect(world.events).toEqual([{ type: 'connection_state', state: { kind: 'ended', because: 'logged_out' } }])
    expect([world.simulator.handshakes().length, world.openSockets(), world.clock.pendingTimers()]).toEqual([handshakes, 0, 0])
    await expect(world.client.pairWithCode(world.ana.phoneNumber.user).result()).rejects.toMatchObject({ code: 'logged_out' })
  })

  it('are those of a logout of our own too', async () => {
    const store = memoryStore()
    const world = await linkedWorld(store)
    await world.client.logout()
    expect(world.events.at(-1)).toMatchObject({ state: { kind: 'ended', because: 'logged_out' } })
    expect(world.events.filter(({ type }) => type === 'logged_out')).toHaveLength(1)
    expect(await accountOf(store)).toMatchObject({ revokedReason: 401 })
    expect(await attempt(world)).toMatchObject({ code: 'logged_out' })
  })

  it.each<[string, Stanza]>([
    ['a replaced stream', stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })])],
    ['an outdated client', stanza('failure', { reason: '405' })],
    ['a ban', stanza('failure', { reason: '402', code: '101', expire: '60' })],
  ])('are not those of %s', async (_, reason) => {
    const store = memoryStore()
    const world = await linkedWorld(store)
    world.simulator.disconnect(world.device, reason)
    await world.clock.advance(5)
    expect((await accountOf(store)).revokedReason).toBeUndefined()
    await world.connect()
    world.hangUp()
  })

})

describe('unlink', () => {
  it('empties every table and makes credentials that can be linked', async () => {
    const store = memoryStore()
    const world = await linkedWorld(store)
    await world.client.send(world.ben.phoneNumber, { text: 'hello' })
    world.ben.send(world.ana.lid, 'hello')
    await world.client.logout()
    const open = await store.open()
    const filler = tables.flatMap((table) => (table === 'account' ? [] : Array.from({ length: 2_500 }, (_, index) => ({ table, key: `k${index}`, value: Uint8Array.of(1) }))))
    await open.commit(filler)
    await open.close()
    const before = await accountOf(store)

    await world.client.unlink()
    const rows = await rowsOf(store)
    expect([...rows].flatMap(([table, { length }]) => (length > 0 ? [`${table} ${length}`] : []))).toEqual(['account 1'])
    const after = await accountOf(store)
    expect([after.link, after.revokedReason]).toEqual([undefined, undefined])
    expect(after.identity.publicKey).not.toEqual(before.identity.publicKey)
    expect(after.noise.publicKey).not.toEqual(before.noise.publicKey)

    const code = firstValueFrom(world.client.pairingQrCodes$)
    const connected = firstValueFrom(world.client.connected$)
    const connection = world.client.connection$.subscribe()
    await world.clock.advance(5)
    void world.ana.scan((await code).code)
    await world.clock.advance(20)
    await connected
    connection.unsubscribe()
  })

  it('is refused while somebody is subscribed, waiting included', async () => {
    const world = await linkedWorld()
    await expect(world.client.unlink().result()).rejects.toMatchObject({ code: 'still_connected' })
    world.simulator.disconnect(world.device)
    await world.clock.advance(0)
    expect(world.events.at(-1)).toMatchObject({ state: { kind: 'waiting' } })
    await expect(world.client.unlink().result()).rejects.toMatchObject({ code: 'still_connected' })
    world.hangUp()
    await world.client.unlink()
  })

  it('may be called where the connection ends', async () => {
    const world = await linkedWorld()
    const unlinked = new Promise<void>((resolve, reject) => {
      world.client.connection$.subscribe({ error: () => void world.client.unlink().then(resolve, reject) })
    })
    world.ana.unlink(1)
    await world.clock.advance(5)
    await unlinked
  })

  it('cut short leaves nothing that logs in', async () => {
    const memory = memoryStore()
    const world = await linkedWorld(memory)
    world.hangUp()
    let commits = 0
    const failing: Store = {
      open: async () => {
        const open: OpenStore = await memory.open()
        return {
          ...open,
          commit: (writes) => {
            commits += 1
            if (commits > 2) throw new Error('the disk is full')
            return open.commit(writes)
          },
        }
      },
    }
    const { client } = createTestWorld({ store: failing })
    await expect(client.unlink().result()).rejects.toMatchObject({ code: 'store_failed', during: 'commit' })
    expect(await attempt(world)).toMatchObject({ code: 'logged_out' })
    await world.client.unlink()
    expect((await accountOf(memory)).link).toBeUndefined()
  })

  it('mends credentials that cannot be read', async () => {
    const store = memoryStore()
    const open = await store.open()
    await open.commit([{ table: 'account', key: 'credentials', value: Uint8Array.of(1) }])
    await open.close()
    const world = createTestWorld({ store })
    expect(await attempt(world)).toMatchObject({ code: 'credentials_corrupt' })
    await world.client.unlink()
    await world.connect()
    world.hangUp()
  })
})
