import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { decodeAccount } from '../../lib/account/account-codec.ts'
import { textOf } from '../../lib/index.ts'
import { findPrekeys } from '../../lib/pipeline/prekey-shelf.ts'
import { bytesOf, childOf } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const DAY_MS = 86_400_000

const linked = async () => {
  const store = memoryStore()
  const world = createTestWorld({ store, prekeyCount: 5 })
  await world.connect()
  world.hangUp()
  /** So much later, one connection. */
  const later = async (days: number): Promise<void> => {
    await world.clock.advance(days * DAY_MS)
    await world.connect()
    world.hangUp()
  }
  const account = async () => {
    const open = await store.open()
    const row = await open.read('account', 'credentials')
    await open.close()
    return decodeAccount(row!)
  }
  return { ...world, store, later, account }
}

const rotationsOf = ({ sent }: TestWorld): readonly Uint8Array[] =>
  sent.flatMap((stanza) => {
    const rotate = childOf(stanza, 'rotate')
    return rotate ? [bytesOf(childOf(childOf(rotate, 'skey')!, 'value'))!] : []
  })

describe('the signed prekey', () => {
  it('is replaced at the first login after 27 days, and not before', async () => {
    const world = await linked()
    const first = await world.account()
    expect(first.signedPrekeyAtMs).toBeGreaterThan(0)
    await world.later(26.9)
    expect(rotationsOf(world)).toEqual([])
    await world.later(0.2)
    expect(rotationsOf(world)).toHaveLength(1)
    expect(world.simulator.signedPrekeyOf(world.device)).toBe(2)
    const second = await world.account()
    expect(second.signedPrekey.id).toBe(2)
    expect(second.olderSignedPrekeys).toEqual([first.signedPrekey])
    expect(second.stagedSignedPrekey).toBeUndefined()
    await world.later(1)
    expect(rotationsOf(world)).toHaveLength(1)
  })

  it('is replaced on a connection that lasts, too', async () => {
    const world = createTestWorld({ prekeyCount: 5, keepAlive: { minimumMs: 3_600_000, maximumMs: 3_600_000 } })
    await world.connect()
    await world.clock.advance(28.5 * DAY_MS)
    expect(world.simulator.signedPrekeyOf(world.device)).toBe(2)
    world.hangUp()
    expect(world.clock.pendingTimers()).toBe(0)
  }, 30_000)

  it('keeps two older ones for first messages that are under way', async () => {
    const world = await linked()
    for (let turn = 0; turn < 4; turn += 1) await world.later(28)
    const account = await world.account()
    expect([account.signedPrekey.id, account.olderSignedPrekeys?.map(({ id }) => id)]).toEqual([5, [4, 3]])
    const lookup = await firstValueFrom(findPrekeys(await world.store.open(), account, undefined))
    expect([5, 4, 3, 2, 1].map((id) => lookup.signed(id) !== undefined)).toEqual([true, true, true, false, false])
  })

  it('serves old and new first messages', async () => {
    const world = await linked()
    const other = world.simulator.phone()
    const texts: (string | undefined)[] = []
    world.client.messages$.subscribe(({ message }) => texts.push(textOf(message)))
    world.ben.send(world.ana.lid, 'by the old key')
    await world.later(28)
    other.send(world.ana.lid, 'by the new key')
    await world.later(0)
    expect(texts).toEqual(['by the old key', 'by the new key'])
    expect(world.events.filter(({ type }) => type === 'undecryptable_message')).toEqual([])
  })

  it.each([
    [500, true, 1],
    [503, true, 1],
    [406, false, 27],
    [409, false, 27],
    [400, true, 27],
  ])('that is refused with %i is offered again (the same: %s) after %i days', async (code, isSame, days) => {
    const world = await linked()
    world.simulator.refuseSignedPrekeys(code)
    await world.later(27)
    await world.later(days - 0.1)
    expect(rotationsOf(world)).toHaveLength(1)
    expect((await world.account()).signedPrekey.id).toBe(1)
    world.simulator.refuseSignedPrekeys(undefined)
    await world.later(0.2)
    const [first, second] = rotationsOf(world)
    expect(first!.every((byte, index) => byte === second![index])).toBe(isSame)
    expect(world.simulator.signedPrekeyOf(world.device)).toBe(2)
  })
})
