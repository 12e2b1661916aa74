import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import '../../lib/client/app-state/app-state.ts'
import type { WaEvent, WaEventOf, WaEventType } from '../../lib/index.ts'
import type { SyncdSnapshotRecovery } from '../../lib/proto/types.generated.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const ofKind = <Type extends WaEventType>(events: readonly WaEvent[], type: Type): readonly WaEventOf<Type>[] => events.filter((event): event is WaEventOf<Type> => event.type === type)
const BEN = '90010002@lid'

/** Connects, and waits until everything about the app state was said. */
const connected = async (world: TestWorld): Promise<void> => {
  await world.connect()
  await world.clock.advance(1_000)
}
const settle = (world: TestWorld): Promise<void> => world.clock.advance(1_000)

/** Everything the client was told of the app state, as the phone has it: by index, the last value. */
const toldState = (events: readonly WaEvent[]): ReadonlyMap<string, unknown> => {
  const state = new Map<string, unknown>()
  for (const { index, operation, action } of ofKind(events, 'app_state')) {
    if (operation === 'set') state.set(JSON.stringify(index), action)
    else state.delete(JSON.stringify(index))
  }
  return state
}

describe('app state from the phone', () => {
  it('is told entry by entry, first the general event, then its own', async () => {
    const world = createTestWorld()
    await connected(world)
    world.ana.appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    await settle(world)
    const told = world.events.filter(({ type }) => type === 'app_state' || type === 'pin_update')
    expect(told).toMatchObject([
      { type: 'app_state', collection: 'regular_low', index: ['pin_v1', BEN], operation: 'set', actionVersion: 5, source: 'patch' },
      { type: 'pin_update', action: { pinned: true } },
    ])
    world.ana.appState.remove(['contact', BEN])
    await settle(world)
    expect(ofKind(world.events, 'contact_removed')).toHaveLength(1)
    expect(world.ana.appState.faults()).toEqual([])
  })

  it('that was there before is read at the first login, and flagged as that; what comes later is not', async () => {
    const world = createTestWorld()
    world.ana.appState.set(['setting_pushName'], { pushNameSetting: { name: 'Ana Maria' } })
    world.ana.appState.set(['mute', BEN], { muteAction: { muted: true, muteEndTimestamp: -1 } })
    await connected(world)
    expect(ofKind(world.events, 'mute_update')).toMatchObject([{ fromFullSync: true }])
    expect(ofKind(world.events, 'self_push_name_updated')).toMatchObject([{ newName: 'Ana Maria', fromServer: true }])
    world.ana.appState.set(['mute', BEN], { muteAction: { muted: false } })
    await settle(world)
    expect(ofKind(world.events, 'mute_update').at(-1)).toMatchObject({ fromFullSync: false, action: { muted: false } })
    expect(toldState(world.events)).toEqual(world.ana.appState.truth())
  })

  it('is read from snapshots and files, page by page', async () => {
    const world = createTestWorld()
    const { appState } = world.ana
    appState.behave({ pageSize: 3 })
    for (let index = 0; index < 10; index += 1) appState.set(['quick_reply', String(index)], { quickReplyAction: { shortcut: String(index) } })
    appState.snapshot('regular')
    for (let index = 10; index < 20; index += 1) appState.set(['quick_reply', String(index)], { quickReplyAction: { shortcut: String(index) } })
    appState.setMany([[['label_edit', '1'], { labelEditAction: { name: 'New' } }], [['label_edit', '2'], { labelEditAction: { name: 'Old' } }]], { external: true })
    await connected(world)
    expect(toldState(world.events)).toEqual(appState.truth())
    const sources = ofKind(world.events, 'app_state').map(({ source }) => source)
    expect([sources.filter((source) => source === 'snapshot').length, sources.length]).toEqual([10, 22])
    expect(ofKind(world.events, 'app_state').every(({ fromFullSync }) => fromFullSync)).toBe(true)
  })

  it('goes on where it was after a restart of the connection, without being told twice', async () => {
    const world = createTestWorld()
    await connected(world)
    world.ana.appState.set(['archive', BEN], { archiveChatAction: { archived: true } })
    await settle(world)
    world.hangUp()
    await settle(world)
    world.ana.appState.set(['archive', BEN], { archiveChatAction: { archived: false } })
    await connected(world)
    expect(ofKind(world.events, 'archive_update').map(({ action }) => action.archived)).toEqual([true, false])
  })

  it('tells how far it was read, and can be read from scratch', async () => {
    const world = createTestWorld()
    world.ana.appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    await connected(world)
    const complete = () => ofKind(world.events, 'app_state_sync_complete').map(({ name, version, recovery }) => [name, version, recovery])
    expect(complete().filter(([name]) => name === 'regular_low').at(-1)).toEqual(['regular_low', 1, false])
    await world.client.appState.change([{ index: ['archive', BEN], value: { archiveChatAction: { archived: true } } }])
    await settle(world)
    expect(complete().at(-1)).toEqual(['regular_low', 2, false])
    expect((await world.client.appState.versions()).get('regular_low')).toBe(2)
    world.events.length = 0
    const report = world.client.appState.sync(['regular_low'], { fromScratch: true }).result()
    await settle(world)
    expect(await report).toMatchObject({ synced: ['regular_low'] })
    expect(ofKind(world.events, 'pin_update')).toMatchObject([{ fromFullSync: true }])
    expect(ofKind(world.events, 'archive_update')).toHaveLength(1)
    expect(world.events.at(-1)).toEqual({ type: 'app_state_sync_complete', name: 'regular_low', version: 2, recovery: false })
    expect(() => world.client.appState.sync([], { fromScratch: 'yes' as never })).toThrow(/fromScratch/)
  })

  describe('whose copy on the server is damaged for good', () => {
    const damaged = async (how?: Parameters<TestWorld['ana']['appState']['recovers']>[0]) => {
      const world = createTestWorld()
      await connected(world)
      const { appState } = world.ana
      if (how) appState.recovers(how)
      appState.set(['archive', BEN], { archiveChatAction: { archived: true } })
      await settle(world)
      appState.behave({ bend: (patch, collection) => (collection === 'regular_low' && patch.version?.version === 2 ? { ...patch, patchMac: new Uint8Array(32) } : patch) })
      appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
      await settle(world)
      return world
    }
    const complete = (world: TestWorld) => ofKind(world.events, 'app_state_sync_complete').filter(({ name }) => name === 'regular_low').at(-1)

    it.each(['compressed', 'plain'] as const)('is given by our phone (%s), and what follows is read on top of it', async (how) => {
      const world = await damaged(how)
      expect(world.ana.appState.recoveries()).toEqual(['regular_low'])
      expect(complete(world)).toMatchObject({ version: 2 })
      expect(ofKind(world.events, 'app_state_sync_complete').filter(({ recovery }) => recovery)).toMatchObject([{ name: 'regular_low', version: 2 }])
      expect(ofKind(world.events, 'pin_update').at(-1)).toMatchObject({ action: { pinned: true }, fromFullSync: true })
      world.ana.appState.set(['lock', BEN], { lockChatAction: { locked: true } })
      await settle(world)
      expect(ofKind(world.events, 'chat_lock')).toMatchObject([{ fromFullSync: false }])
      expect(complete(world)).toEqual({ type: 'app_state_sync_complete', name: 'regular_low', version: 3, recovery: false })
      await world.client.chats.pin(BEN, false)
      await settle(world)
      expect(world.ana.appState.faults()).toEqual([])
      expect(world.ana.appState.truth().get(JSON.stringify(['pin_v1', BEN]))).toMatchObject({ pinAction: { pinned: false } })
    })

    it('stays unread without an answer, and the phone is not asked again and again', async () => {
      const world = await damaged('not')
      await world.clock.advance(1_800_000)
      expect(world.ana.appState.recoveries()).toEqual(['regular_low'])
      expect(ofKind(world.events, 'pin_update')).toEqual([])
      expect(ofKind(world.events, 'app_state_sync_failed').at(-1)).toMatchObject({ retryable: ['regular_low'] })
      await world.clock.advance(3_600_000)
      world.client.reconnect()
      await world.clock.advance(100_000)
      expect(world.ana.appState.recoveries()).toEqual(['regular_low', 'regular_low'])
    })

    it.each<readonly [string, (recovery: SyncdSnapshotRecovery) => SyncdSnapshotRecovery]>([
      ['of another collection', (recovery) => ({ ...recovery, collectionName: 'regular' })],
      ['that does not add up', (recovery) => ({ ...recovery, collectionLthash: new Uint8Array(128) })],
      ['without a hash', ({ collectionLthash: _, ...recovery }) => recovery],
      ['with an entry without a MAC', (recovery) => ({ ...recovery, mutationRecords: (recovery.mutationRecords ?? []).map(({ mac: _, ...record }) => record) })],
      ['with an entry of an unknown key', (recovery) => ({ ...recovery, mutationRecords: (recovery.mutationRecords ?? []).map((record) => ({ ...record, keyId: new Uint8Array(6) })) })],
      ['that is older', (recovery) => ({ ...recovery, version: { version: 0 } })],
    ])('is not taken from an answer %s', async (_, bend) => {
      const world = await damaged(bend)
      await world.clock.advance(60_000)
      expect(world.ana.appState.recoveries()).toEqual(['regular_low'])
      expect(ofKind(world.events, 'app_state_sync_complete').some(({ recovery }) => recovery)).toBe(false)
      expect(ofKind(world.events, 'pin_update')).toEqual([])
      // The connection goes on.
      world.ben.send(world.ana.lid, 'hello')
      await settle(world)
      expect(ofKind(world.events, 'message')).toHaveLength(1)
    })
  })

  it('waits for keys, asks for them, and says what it could not read', async () => {
    const world = createTestWorld()
    world.ana.appState.withholdKeys(true)
    world.ana.appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    await connected(world)
    await world.clock.advance(11_000)
    expect(ofKind(world.events, 'pin_update')).toEqual([])
    expect(ofKind(world.events, 'app_state_sync_failed')).toMatchObject([{ fatal: [], retryable: ['regular_low'], connected: true }])
    world.ana.appState.withholdKeys(false)
    world.ana.appState.shareKeys()
    await settle(world)
    expect(ofKind(world.events, 'pin_update')).toHaveLength(1)
    // Keys are nothing for users.
    expect(ofKind(world.events, 'message')).toEqual([])
  })

  it('is read anew once when it is damaged, and the others go on', async () => {
    const world = createTestWorld()
    await connected(world)
    const { appState } = world.ana
    appState.recovers('not')
    appState.behave({ bend: (patch, collection) => (collection === 'regular_low' ? { ...patch, patchMac: new Uint8Array(32) } : patch) })
    appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    appState.set(['mute', BEN], { muteAction: { muted: true } })
    await settle(world)
    expect(ofKind(world.events, 'mute_update')).toHaveLength(1)
    expect(ofKind(world.events, 'pin_update')).toEqual([])
    expect(ofKind(world.events, 'app_state_sync_failed')).toMatchObject([{ retryable: ['regular_low'] }])
    appState.behave()
    await world.clock.advance(300_000)
    expect(toldState(world.events)).toEqual(appState.truth())
    expect(ofKind(world.events, 'pin_update')).toMatchObject([{ fromFullSync: true }])
  })

  it('with a snapshot whose MAC is wrong twice is taken all the same, and said to be so', async () => {
    const world = createTestWorld()
    const { appState } = world.ana
    appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    appState.snapshot('regular_low', (snapshot) => ({ ...snapshot, mac: new Uint8Array(32) }))
    await connected(world)
    expect(ofKind(world.events, 'pin_update')).toHaveLength(1)
    appState.set(['pin_v1', BEN], { pinAction: { pinned: false } })
    await settle(world)
    expect(toldState(world.events)).toEqual(appState.truth())
  })

  it('reports what the server will never give, and tries the rest again', async () => {
    const world = createTestWorld()
    world.ana.appState.behave({ refuse: { regular: 404, regular_high: 500 } })
    await connected(world)
    expect(ofKind(world.events, 'app_state_sync_failed')).toMatchObject([{ fatal: ['regular'], retryable: ['regular_high'] }])
    world.ana.appState.behave()
    world.ana.appState.set(['star', BEN, '3EB0AA', '1', '0'], { starAction: { starred: true } })
    await world.clock.advance(10_000)
    expect(ofKind(world.events, 'star_update')).toMatchObject([{ messageId: '3EB0AA', fromMe: true }])
  })

  it('has its files given up and fetched later when the host has not got them', async () => {
    const world = createTestWorld()
    const { appState } = world.ana
    appState.set(['pin_v1', BEN], { pinAction: { pinned: true } })
    appState.snapshot('regular_low')
    world.simulator.media.bend({ status: 404 })
    await connected(world)
    expect(ofKind(world.events, 'app_state_sync_failed')).toMatchObject([{ retryable: ['regular_low'] }])
    world.simulator.media.bend()
    await world.clock.advance(10_000)
    expect(ofKind(world.events, 'pin_update')).toHaveLength(1)
  })

  it('changes of addresses and salts are learnt', async () => {
    const world = createTestWorld()
    await connected(world)
    world.ana.appState.set(['contact', '15550199999@s.whatsapp.net'], { contactAction: { fullName: 'Cy', lidJid: '99999@lid' } })
    await settle(world)
    expect(ofKind(world.events, 'contact_update')).toMatchObject([{ action: { fullName: 'Cy' } }])
    const [cy] = await firstValueFrom(world.client.contacts.resolve(['15550199999@s.whatsapp.net']))
    expect(String(cy?.lid)).toBe('99999@lid')
  })
})
