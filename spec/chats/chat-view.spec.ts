import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../lib/index.ts'
import type { ChatMessage } from '../../lib/chats/index.ts'
import { Message_ProtocolMessage_Type as ProtocolType } from '../../lib/proto/enums.generated.ts'
import { watchedWorld } from './watched.ts'

const textsOf = (messages: readonly ChatMessage[]): readonly (string | undefined)[] => messages.map(({ message, kind }) => (message ? textOf(message) : kind))

describe('a chat view', () => {
  it('shows who wrote, what, and what is unread', async () => {
    const world = await watchedWorld()
    world.ben.send(world.ana.lid, 'hello')
    world.ben.send(world.ana.lid, 'are you there?')
    await world.clock.advance(1_000)
    expect(world.failed()).toBeUndefined()
    expect(world.chats()).toMatchObject([{ name: 'Ben', unread: 2, isArchived: false, lastMessage: { text: 'are you there?', fromMe: false, kind: 'conversation' } }])
    expect(world.chats()[0]!.jid.toString()).toBe(world.ben.lid.toString())
    expect(world.chats()[0]!.phoneNumber?.toString()).toBe(world.ben.phoneNumber.toString())
    expect(world.unread()).toEqual({ messages: 2, mentions: 0, chats: 1 })
    expect(textsOf(await world.messages(world.ben.lid))).toEqual(['are you there?', 'hello'])
    expect(textsOf(await world.messages(world.ben.phoneNumber))).toEqual(['are you there?', 'hello'])
  })

  it('shows what we write, from here and from the phone, and how far it came', async () => {
    const world = await watchedWorld()
    const sending = world.client.send(world.ben.lid, { text: 'from here' }).result()
    await world.clock.advance(1_000)
    const { id } = await sending
    world.ana.send(world.ben.lid, 'from the phone')
    await world.clock.advance(1_000)
    const [later, earlier] = await world.messages(world.ben.lid)
    expect(earlier).toMatchObject({ id, fromMe: true, status: 'delivered', receipts: [{ person: { user: world.ben.lid.user }, deliveredAt: expect.any(Date) }] })
    expect(later).toMatchObject({ fromMe: true })
    expect(textsOf([later!])).toEqual(['from the phone'])
    world.ben.messages$.subscribe()
    expect(world.unread()).toEqual({ messages: 0, mentions: 0, chats: 0 })
  })

  it('is read when another device read it, and when we say so', async () => {
    const world = await watchedWorld()
    for (const text of ['one', 'two', 'three']) world.ben.send(world.ana.lid, text)
    await world.clock.advance(1_000)
    expect(world.unread()?.messages).toBe(3)
    void world.view.chat(world.ben.lid).markRead().result()
    await world.clock.advance(1_000)
    expect(world.unread()?.messages).toBe(0)
    const receipt = world.sent.filter(({ tag, attrs }) => tag === 'receipt' && attrs['type'] === 'read')
    expect(receipt).toHaveLength(1)
    for (const text of ['three and a half', 'four']) world.ben.send(world.ana.lid, text)
    await world.clock.advance(1_000)
    expect(world.chats()[0]).toMatchObject({ unread: 2 })
    // By the client, one of them.
    const first = world.events.filter((event) => event.type === 'message').at(-2)!
    await world.client.markRead(first)
    await world.clock.advance(1_000)
    expect(world.chats()[0]).toMatchObject({ unread: 1 })
    world.ana.appState.set(['markChatAsRead', world.ben.lid.toString()], { timestamp: world.clock.scheduler.now() + 60_000, markChatAsReadAction: { read: true } })
    await world.clock.advance(2_000)
    expect(world.chats()[0]).toMatchObject({ unread: 0, isMarkedUnread: false })
    world.ana.appState.set(['markChatAsRead', world.ben.lid.toString()], { timestamp: world.clock.scheduler.now(), markChatAsReadAction: { read: false } })
    await world.clock.advance(2_000)
    expect(world.chats()[0]).toMatchObject({ unread: 0, isMarkedUnread: true })
    expect(world.unread()).toEqual({ messages: 0, mentions: 0, chats: 1 })
  })

  it('shows reactions, edits and what was taken back', async () => {
    const world = await watchedWorld()
    const id = world.ben.send(world.ana.lid, 'helo')
    const other = world.ben.send(world.ana.lid, 'oops')
    await world.clock.advance(1_000)
    const key = { remoteJid: world.ana.lid.toString(), fromMe: true, id }
    world.ben.sendMessage(world.ana.lid, { protocolMessage: { key, type: ProtocolType.MESSAGE_EDIT, editedMessage: { conversation: 'hello' }, timestampMs: world.clock.scheduler.now() } })
    world.ben.sendMessage(world.ana.lid, { protocolMessage: { key: { ...key, id: other }, type: ProtocolType.REVOKE } })
    world.ana.sendMessage(world.ben.lid, { reactionMessage: { key: { remoteJid: world.ben.lid.toString(), fromMe: false, id }, text: '👍', senderTimestampMs: 5 } })
    await world.clock.advance(1_000)
    const [second, first] = await world.messages(world.ben.lid)
    expect(second).toMatchObject({ id: other, kind: 'revoked' })
    expect(second!.message).toBeUndefined()
    expect(first).toMatchObject({ id, kind: 'message', editedAt: expect.any(Date), reactions: [{ text: '👍', fromMe: true }] })
    expect(textsOf([first!])).toEqual(['hello'])
    expect(world.chats()[0]!.lastMessage).toMatchObject({ kind: 'revoked' })
    world.ana.sendMessage(world.ben.lid, { reactionMessage: { key: { remoteJid: world.ben.lid.toString(), fromMe: false, id }, text: '', senderTimestampMs: 6 } })
    await world.clock.advance(1_000)
    expect((await world.messages(world.ben.lid))[1]!.reactions).toEqual([])
  })

  it('lets nobody edit or take back what is not theirs', async () => {
    const world = await watchedWorld()
    const sending = world.client.send(world.ben.lid, { text: 'mine' }).result()
    await world.clock.advance(1_000)
    const { id } = await sending
    const key = { remoteJid: world.ana.lid.toString(), fromMe: false, id }
    world.ben.sendMessage(world.ana.lid, { protocolMessage: { key, type: ProtocolType.MESSAGE_EDIT, editedMessage: { conversation: 'forged' } } })
    world.ben.sendMessage(world.ana.lid, { protocolMessage: { key, type: ProtocolType.REVOKE } })
    await world.clock.advance(1_000)
    expect(textsOf(await world.messages(world.ben.lid))).toEqual(['mine'])
  })

  it('follows the app state: pinned, muted, archived, locked, starred, deleted', async () => {
    const world = await watchedWorld()
    const cleo = world.simulator.phone({ name: 'Cleo' })
    const id = world.ben.send(world.ana.lid, 'a')
    await world.clock.advance(1_500)
    const last = cleo.send(world.ana.lid, 'b')
    await world.clock.advance(1_000)
    const [ben, now] = [world.ben.lid.toString(), world.clock.scheduler.now()]
    expect(world.chats().map(({ name }) => name)).toEqual(['Cleo', 'Ben'])
    world.ana.appState.set(['pin_v1', ben], { timestamp: now, pinAction: { pinned: true } })
    world.ana.appState.set(['mute', ben], { timestamp: now, muteAction: { muted: true, muteEndTimestamp: -1 } })
    world.ana.appState.set(['lock', ben], { timestamp: now, lockChatAction: { locked: true } })
    world.ana.appState.set(['star', ben, id, '0', '0'], { timestamp: now, starAction: { starred: true } })
    world.ana.appState.set(['archive', cleo.lid.toString()], { timestamp: now, archiveChatAction: { archived: true } })
    await world.clock.advance(2_000)
    expect(world.chats()).toMatchObject([{ name: 'Ben', pinnedAt: new Date(now), mutedUntil: 'always', isLocked: true }, { name: 'Cleo', isArchived: true }])
    expect(world.unread()).toEqual({ messages: 0, mentions: 0, chats: 0 })
    expect((await world.messages(ben))[0]).toMatchObject({ isStarred: true })
    // From this device, as from another one.
    void world.client.chats.pin(ben, false).result()
    world.ana.appState.set(['deleteMessageForMe', cleo.lid.toString(), last, '0', '0'], { timestamp: now, deleteMessageForMeAction: { deleteMedia: true } })
    world.ana.appState.set(['clearChat', ben, '0', '0'], { timestamp: now + 60_000, clearChatAction: {} })
    await world.clock.advance(2_000)
    expect(world.chats().find(({ name }) => name === 'Ben')).not.toHaveProperty('pinnedAt')
    expect(await world.messages(cleo.lid)).toEqual([])
    expect(world.chats().find(({ name }) => name === 'Cleo')).not.toHaveProperty('lastMessage')
    expect(await world.messages(ben)).toMatchObject([{ isStarred: true }])
    world.ana.appState.set(['deleteChat', ben, '1'], { timestamp: now + 60_000, deleteChatAction: {} })
    await world.clock.advance(2_000)
    expect(world.chats().map(({ name }) => name)).toEqual(['Cleo'])
    world.ben.send(world.ana.lid, 'again')
    await world.clock.advance(1_000)
    expect(world.chats()).toMatchObject([{ name: 'Ben', unread: 1 }, { name: 'Cleo' }])
  })

  it('knows people by their address book, and labels', async () => {
    const world = await watchedWorld()
    const labels: unknown[] = []
    world.view.labels$.subscribe((all) => labels.push(all))
    world.ben.send(world.ana.lid, 'a')
    await world.clock.advance(1_000)
    const now = world.clock.scheduler.now()
    world.ana.appState.set(['contact', world.ben.phoneNumber.toString()], { timestamp: now, contactAction: { fullName: 'Benjamin B', lidJid: world.ben.lid.toString() } })
    world.ana.appState.set(['label_edit', '7'], { timestamp: now, labelEditAction: { name: 'friends', color: 3 } })
    world.ana.appState.set(['label_jid', '7', world.ben.lid.toString()], { timestamp: now, labelAssociationAction: { labeled: true } })
    await world.clock.advance(2_000)
    expect(world.chats()).toMatchObject([{ name: 'Benjamin B', labels: ['7'] }])
    expect(labels.at(-1)).toEqual([{ id: '7', name: 'friends', color: 3 }])
    world.ana.appState.remove(['contact', world.ben.phoneNumber.toString()])
    await world.clock.advance(2_000)
    expect(world.chats()).toMatchObject([{ name: 'Ben' }])
  })
})
