import { describe, expect, it } from '@jest/globals'
import { concatMap, firstValueFrom, from, of, take } from 'rxjs'

import { decodeAccount } from '../../lib/account/account-codec.ts'
import { createClient, type Stanza, type WaEvent } from '../../lib/index.ts'
import { ClientPairingProps } from '../../lib/proto/core.generated.ts'
import { childOf } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import type { PairingSwitches } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/** A store that answers a turn of the event loop later, as one on a disk does. */
const slow = (store: Store): Store => ({
  open: async () => {
    const open = await store.open()
    return {
      read: async (table, key) => open.read(table, key),
      readMany: async (table, keys) => open.readMany(table, keys),
      scan: async (table, after, limit) => open.scan(table, after, limit),
      commit: async (writes) => {
        await new Promise((resolve) => setImmediate(resolve))
        await open.commit(writes)
      },
      close: async () => open.close(),
    }
  },
})

const typesOf = (events: readonly WaEvent[]): readonly string[] => events.map(({ type }) => type)

const answersTo = (sent: readonly Stanza[]): readonly Stanza[] =>
  sent.filter((stanza) => stanza.tag === 'iq' && (childOf(stanza, 'pair-device-sign') ?? childOf(stanza, 'error')) !== undefined)

const accountIn = async (store: Store) => {
  const open = await store.open()
  const row = await open.read('account', 'credentials')
  await open.close()
  return decodeAccount(row!)
}

const bent = (switches: PairingSwitches, store: Store = memoryStore()): TestWorld & { readonly store: Store } => {
  const world = createTestWorld({ store })
  world.simulator.bendPairing(switches)
  return { ...world, store }
}

describe('a link', () => {
  it('that is announced twice is answered once and told once', async () => {
    const world = bent({ isTwice: true })
    await world.connect()
    expect(answersTo(world.sent)).toHaveLength(1)
    expect(typesOf(world.events).filter((type) => type.startsWith('pair_'))).toEqual(['pair_success'])
    world.hangUp()
  })

  it.each<[PairingSwitches, string, string]>([
    [{ hasBadHmac: true }, 'wrong_hmac', '401'],
    [{ hasBadSignature: true }, 'bad_account_signature', '401'],
    [{ clientProps: Uint8Array.of(0x0b) }, 'malformed', '500'],
    [{ hasBadHmac: true, isHosted: true }, 'wrong_hmac', '401'],
    [{ hasBadSignature: true, isHosted: true }, 'bad_account_signature', '401'],
  ])('with %j is refused, changes nothing, and the next one holds', async (switches, fault, code) => {
    const world = bent(switches)
    const connection = world.client.connection$.subscribe()
    await world.clock.advance(5)
    expect(world.events.find(({ type }) => type === 'pair_error')).toMatchObject({ error: { code: 'pairing_rejected', fault } })
    expect(childOf(answersTo(world.sent)[0]!, 'error')!.attrs['code']).toBe(code)
    const shown = world.events.findLast((event) => event.type === 'pairing_qr_code')
    if (shown?.type !== 'pairing_qr_code') throw new Error('no QR code')
    world.simulator.bendPairing()
    void world.ana.scan(shown.code)
    await world.clock.advance(20)
    expect(typesOf(world.events)).toContain('connected')
    connection.unsubscribe()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('to a hosted account holds', async () => {
    const world = bent({ isHosted: true })
    await world.connect()
    expect(typesOf(world.events)).toContain('connected')
    world.hangUp()
  })

  it.each<[PairingSwitches, object]>([
    [{}, { platform: 'android' }],
    [{ isWithoutPlatform: true }, { platform: '' }],
    [{ businessName: 'Bakery' }, { platform: 'android', businessName: 'Bakery' }],
  ])('with %j tells %j', async (switches, expected) => {
    const world = bent(switches)
    await world.connect()
    const told = world.events.find(({ type }) => type === 'pair_success')
    expect(told).toMatchObject(expected)
    expect('businessName' in told!).toBe('businessName' in expected)
    world.hangUp()
    // The server's name for us beats the one of the business.
    expect(await accountIn(world.store)).toMatchObject({ link: expected, pushName: 'Ana' })
  })

  it.each([
    [undefined, true],
    [ClientPairingProps.encode({}), true],
    [ClientPairingProps.encode({ isChatDbLidMigrated: true }), true],
    [ClientPairingProps.encode({ isChatDbLidMigrated: false }), false],
  ])('%#: keeps whether chats moved to hidden numbers', async (clientProps, isLidMigrated) => {
    const world = bent(clientProps ? { clientProps } : {})
    await world.connect()
    world.hangUp()
    expect((await accountIn(world.store)).link).toMatchObject({ isLidMigrated })
  })

  it.each<[PairingSwitches['ending'] & string, string]>([
    ['close', 'memory'],
    ['restart_before_reply', 'memory'],
    ['close', 'slow'],
    ['restart_before_reply', 'slow'],
    ['restart', 'slow'],
  ])('that ends with %s comes back at once (%s store)', async (ending, kind) => {
    const world = bent({ ending }, kind === 'slow' ? slow(memoryStore()) : memoryStore())
    let isConnected = false
    world.client.connected$.pipe(take(1)).subscribe(() => (isConnected = true))
    const connection = world.client.connection$.subscribe()
    // However many turns the store takes; virtual time hardly moves meanwhile.
    for (let turn = 0; turn < 100 && !isConnected; turn += 1) await world.clock.advance(5)
    expect(isConnected).toBe(true)
    expect(world.events.find((event) => event.type === 'connection_state' && event.state.kind === 'waiting')).toMatchObject({
      state: { retryInMs: 0, because: 'restart_required' },
    })
    expect(answersTo(world.sent)).toHaveLength(1)
    expect(typesOf(world.events)).not.toContain('disconnected')
    connection.unsubscribe()
  })

  it('is not made twice: codes are refused to a linked device', async () => {
    const world = bent({})
    await world.connect()
    await expect(world.client.pairWithCode(world.ana.phoneNumber.user).result()).rejects.toMatchObject({ code: 'already_linked' })
    world.hangUp()
  })

  it('that the device never answers is given up by the server after ten seconds', async () => {
    const world = createTestWorld()
    // Nothing of what this client writes after the handshake arrives.
    const deaf = createClient({
      store: memoryStore(),
      trustedRoot: world.simulator.trustedRoot,
      scheduler: world.clock.scheduler,
      dial: (url) =>
        world.simulator.dial(url).pipe(
          concatMap((socket) => {
            let written = 0
            return of({ ...socket, send: (bytes: Uint8Array) => { if ((written += 1) <= 2) socket.send(bytes) } })
          }),
        ),
    })
    const code = firstValueFrom(deaf.pairingQrCodes$)
    const connection = deaf.connection$.subscribe()
    await world.clock.advance(5)
    const outcome = firstValueFrom(from(world.ana.scan((await code).code))).catch((error: unknown) => error)
    await world.clock.advance(10_010)
    expect(await outcome).toMatchObject({ code: 'simulator_failed' })
    connection.unsubscribe()
  })
})

describe('a code the phone answers oddly', () => {
  const withCode = async (world: TestWorld): Promise<string> => {
    world.client.connection$.subscribe({ error: () => undefined })
    const asked = world.client.pairWithCode(world.ana.phoneNumber.user).result()
    await world.clock.advance(5)
    return (await asked).code
  }
  const countOf = (world: TestWorld, stage: string): number =>
    world.sent.filter((stanza) => childOf(stanza, 'link_code_companion_reg')?.attrs['stage'] === stage).length

  /** A world whose phone does not scan the QR code by itself. */
  const createWorld = (): TestWorld => {
    const world = createTestWorld()
    const client = createClient({ store: memoryStore(), dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, prekeyCount: 5, scheduler: world.clock.scheduler })
    const events: WaEvent[] = []
    client.events$.subscribe((event) => events.push(event))
    return { ...world, client, events }
  }

  it.each([
    [2, 2],
    [4, 3],
  ])('%i times gets %i answers, and the last one links', async (hellos, answers) => {
    const world = createWorld()
    const code = await withCode(world)
    world.simulator.bendCodeEntry({ hellos })
    const linked = world.ana.enterCode(code)
    await world.clock.advance(20)
    expect((await linked).device).toBe(1)
    expect(countOf(world, 'companion_finish')).toBe(answers)
  })

  it('under another name gets none', async () => {
    const world = createWorld()
    const code = await withCode(world)
    world.simulator.bendCodeEntry({ hasWrongRef: true })
    void world.ana.enterCode(code)
    await world.clock.advance(20)
    expect(countOf(world, 'companion_finish')).toBe(0)
    world.simulator.bendCodeEntry()
    const linked = world.ana.enterCode(code)
    await world.clock.advance(20)
    expect((await linked).device).toBe(1)
  })

  it.each([
    [179_000, 1],
    [181_000, 0],
  ])('after %i ms gets %i answers', async (afterMs, answers) => {
    const world = createWorld()
    world.simulator.bendCodeEntry({ isNeverCalledBack: true })
    const code = await withCode(world)
    await world.clock.advance(afterMs)
    void world.ana.enterCode(code).catch(() => undefined)
    await world.clock.advance(20)
    expect(countOf(world, 'companion_finish')).toBe(answers)
  })

  it.each(['400', '403', '429', '452', '500'])('is not given out at all with status %s', async (status) => {
    const world = createWorld()
    world.simulator.refusePairingCodes(status)
    world.client.connection$.subscribe({ error: () => undefined })
    const asked = world.client.pairWithCode(world.ana.phoneNumber.user).result().catch((error: unknown) => error)
    await world.clock.advance(5)
    expect(await asked).toMatchObject({ fault: 'refused', status: Number(status) })
    expect(world.events.find(({ type }) => type === 'pairing_code_error')).toMatchObject({ rejection: Number(status) })
  })
})
