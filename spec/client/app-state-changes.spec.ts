import { describe, expect, it } from '@jest/globals'

import '../../lib/client/app-state/app-state.ts'
import { createClient, type Client, type Operation, type WaEvent, type WaEventOf, type WaEventType } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { anEvent } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const ofKind = <Type extends WaEventType>(events: readonly WaEvent[], type: Type): readonly WaEventOf<Type>[] => events.filter((event): event is WaEventOf<Type> => event.type === type)
const BEN = '90010002@lid'
const CY = '15550199999@s.whatsapp.net'

const connected = async (world: TestWorld): Promise<void> => {
  // What can be written to was there before: the phone made it.
  for (const index of [['setting_pushName'], ['contact', CY], ['quick_reply', '0'], ['mute', BEN], ['time_format']] as const) world.ana.appState.set([...index], {})
  await world.connect()
  await world.clock.advance(1_000)
}

/** What an operation came to, once the clock has moved. */
const outcomeOf = async (world: TestWorld, operation: Operation<void, void>): Promise<string> => {
  const outcome = operation.result().then(
    () => 'done',
    (error: { readonly code?: string; readonly fault?: string }) => `${error.code} ${error.fault}`,
  )
  await world.clock.advance(1_000)
  return outcome
}

const message = anEvent.message()

/** Every change there is a name for, and the entry it makes on the phone. */
const CHANGES: ReadonlyArray<readonly [string, (client: Client) => Operation<void, void>, readonly string[], object | undefined]> = [
  ['archive', ({ chats }) => chats.archive(BEN, true, { messages: [message] }), ['archive', BEN], { archiveChatAction: { archived: true } }],
  ['unpin with it', ({ chats }) => chats.archive(BEN, true), ['pin_v1', BEN], { pinAction: { pinned: false } }],
  ['pin', ({ chats }) => chats.pin(BEN, true), ['pin_v1', BEN], { pinAction: { pinned: true } }],
  ['mute', ({ chats }) => chats.mute(BEN, 'forever'), ['mute', BEN], { muteAction: { muted: true, muteEndTimestamp: -1 } }],
  ['mute until', ({ chats }) => chats.mute(BEN, new Date(1_900_000_000_000)), ['mute', BEN], { muteAction: { muted: true, muteEndTimestamp: 1_900_000_000_000 } }],
  ['unmute', ({ chats }) => chats.mute(BEN, undefined), ['mute', BEN], { muteAction: { muted: false } }],
  ['lock', ({ chats }) => chats.lock(BEN, true), ['lock', BEN], { lockChatAction: { locked: true } }],
  ['mark as unread', ({ chats }) => chats.markRead(BEN, false), ['markChatAsRead', BEN], { markChatAsReadAction: { read: false } }],
  ['star', ({ chats }) => chats.star(message, true), ['star', message.info.source.chat.toString(), message.info.id, '0', '0'], { starAction: { starred: true } }],
  ['delete for me', ({ chats }) => chats.deleteForMe(message), ['deleteMessageForMe', message.info.source.chat.toString(), message.info.id, '0', '0'], { deleteMessageForMeAction: { deleteMedia: true } }],
  ['delete', ({ chats }) => chats.delete(BEN), ['deleteChat', BEN, '1'], { deleteChatAction: {} }],
  ['clear', ({ chats }) => chats.clear(BEN, { deleteMedia: false }), ['clearChat', BEN, '0', '0'], { clearChatAction: {} }],
  ['save a contact', ({ contacts }) => contacts.save(CY, { fullName: 'Cy Young' }), ['contact', CY], { contactAction: { fullName: 'Cy Young', firstName: 'Cy', saveOnPrimaryAddressbook: false } }],
  ['remove a contact', ({ contacts }) => contacts.remove(CY), ['contact', CY], undefined],
  ['save a label', ({ labels }) => labels.save('7', { name: 'New', color: 3 }), ['label_edit', '7'], { labelEditAction: { name: 'New', color: 3, deleted: false } }],
  ['delete a label', ({ labels }) => labels.delete('7'), ['label_edit', '7'], { labelEditAction: { deleted: true } }],
  ['label a chat', ({ labels }) => labels.labelChat('7', BEN, true), ['label_jid', '7', BEN], { labelAssociationAction: { labeled: true } }],
  ['label a message', ({ labels }) => labels.labelMessage('7', message, true), ['label_message', '7', message.info.source.chat.toString(), message.info.id, '0', '0'], { labelAssociationAction: { labeled: true } }],
  ['save a quick reply', ({ quickReplies }) => quickReplies.save('q', { shortcut: 'hi', message: 'Hello!' }), ['quick_reply', 'q'], { quickReplyAction: { shortcut: 'hi', message: 'Hello!' } }],
  ['delete a quick reply', ({ quickReplies }) => quickReplies.delete('q'), ['quick_reply', 'q'], { quickReplyAction: { deleted: true } }],
  ['set the name', ({ settings }) => settings.setPushName('Anita'), ['setting_pushName'], { pushNameSetting: { name: 'Anita' } }],
  ['set unarchiving', ({ settings }) => settings.setUnarchiveChats(true), ['setting_unarchiveChats'], { unarchiveChatsSetting: { unarchiveChats: true } }],
  ['set previews', ({ settings }) => settings.setLinkPreviews(false), ['setting_disableLinkPreviews'], { privacySettingDisableLinkPreviewsAction: { isPreviewsDisabled: true } }],
  ['set relaying', ({ settings }) => settings.setRelayAllCalls(true), ['setting_relayAllCalls'], { privacySettingRelayAllCalls: { isEnabled: true } }],
  ['set the time format', ({ settings }) => settings.setTwentyFourHours(true), ['time_format'], { timeFormatAction: { isTwentyFourHourFormatEnabled: true } }],
  ['set favourites', ({ settings }) => settings.setFavorites([BEN]), ['favorites'], { favoritesAction: { favorites: [{ id: BEN }] } }],
  ['mute a status', ({ settings }) => settings.muteStatus(BEN, true), ['userStatusMute', BEN], { userStatusMuteAction: { muted: true } }],
  ['change anything', ({ appState }) => appState.change([{ index: ['external_web_beta'], value: { externalWebBetaAction: { isOptIn: true } } }]), ['external_web_beta'], { externalWebBetaAction: { isOptIn: true } }],
]

describe('changes of the app state', () => {
  it.each(CHANGES)('%s reaches the phone, and is told once', async (_, change, index, value) => {
    const world = createTestWorld()
    await connected(world)
    const before = ofKind(world.events, 'app_state').length
    expect(await outcomeOf(world, change(world.client))).toBe('done')
    const { appState } = world.ana
    expect(appState.faults()).toEqual([])
    if (value) expect(appState.truth().get(JSON.stringify(index))).toMatchObject(value)
    else expect(appState.truth().has(JSON.stringify(index))).toBe(false)
    const told = ofKind(world.events, 'app_state').slice(before)
    expect(new Set(told.map(({ index: each }) => JSON.stringify(each))).size).toBe(told.length)
    expect(told.find((event) => JSON.stringify(event.index) === JSON.stringify(index))).toMatchObject({ source: 'local', operation: value ? 'set' : 'remove', fromFullSync: false })
  })

  it('are put on top of what others were faster with', async () => {
    const world = createTestWorld()
    await connected(world)
    world.ana.appState.behave({ conflicts: 3 })
    expect(await outcomeOf(world, world.client.chats.pin(BEN, true))).toBe('done')
    expect(world.ana.appState.faults()).toEqual([])
    expect(ofKind(world.events, 'pin_update')).toHaveLength(1)
    expect(ofKind(world.events, 'app_state').filter(({ index }) => index[0] === 'device_capabilities')).toHaveLength(3)
  })

  it('are given up when others are always faster, or the server says no', async () => {
    const world = createTestWorld()
    await connected(world)
    world.ana.appState.behave({ conflicts: 100 })
    expect(await outcomeOf(world, world.client.chats.pin(BEN, true))).toBe('app_state_not_written conflict')
    world.ana.appState.behave({ refuse: { regular_low: 400 } })
    expect(await outcomeOf(world, world.client.chats.pin(BEN, true))).toBe('app_state_not_written refused')
    expect(ofKind(world.events, 'pin_update')).toEqual([])
  })

  it('need a key, and a collection that was read', async () => {
    const world = createTestWorld()
    await world.connect()
    await world.clock.advance(1_000)
    expect(await outcomeOf(world, world.client.chats.pin(BEN, true))).toBe('app_state_not_written never_synced')
    expect(() => world.client.appState.change([{ index: ['no_such_action' as never], value: {} }])).toThrow('index')
    expect(() => world.client.chats.mute(BEN, new Date(NaN))).toThrow('until')
    expect(() => world.client.contacts.save(BEN, { fullName: 'Ben' })).toThrow()
    world.hangUp()
    await expect(world.client.chats.pin(BEN, true).result()).rejects.toMatchObject({ code: 'not_connected' })
  })

  it('of two devices at once end alike on all', async () => {
    const world = createTestWorld()
    await connected(world)
    const second = createClient({ store: memoryStore(), dial: world.simulator.dial, fetch: world.simulator.fetch, trustedRoot: world.simulator.trustedRoot, prekeyCount: 10, scheduler: world.clock.scheduler, random: () => 0.5 })
    const seen: WaEvent[] = []
    second.events$.subscribe((event) => seen.push(event))
    second.pairingQrCodes$.subscribe(({ code }) => void world.ana.scan(code).catch(() => undefined))
    const held = second.connection$.subscribe()
    await world.clock.advance(5_000)
    const chats = Array.from({ length: 5 }, (_, index) => `9002000${index}@lid`)
    for (let round = 0; round < 40; round += 1) {
      const chat = chats[round % chats.length]!
      world.client.chats.mute(chat, round % 3 === 0 ? undefined : 'forever').subscribe()
      second.chats.pin(chat, round % 2 === 0).subscribe()
      if (round % 4 === 0) world.client.chats.archive(chat, round % 8 === 0).subscribe()
      if (round % 5 === 0) await world.clock.advance(50)
    }
    await world.clock.advance(20_000)
    const stateOf = (events: readonly WaEvent[]): ReadonlyMap<string, unknown> => {
      const state = new Map<string, unknown>()
      for (const { index, operation, action } of ofKind(events, 'app_state')) {
        if (operation === 'set') state.set(JSON.stringify(index), action)
        else state.delete(JSON.stringify(index))
      }
      return state
    }
    const { appState } = world.ana
    expect(appState.faults()).toEqual([])
    expect(stateOf(world.events)).toEqual(appState.truth())
    expect(stateOf(seen)).toEqual(appState.truth())
    held.unsubscribe()
  })
})
