import { describe, expect, it } from '@jest/globals'
import { take } from 'rxjs'

import { createClient, textOf } from '../../lib/index.ts'
import type { Chat, ChatMessage } from '../../lib/chats/index.ts'
import { createChatView } from '../../lib/chats/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { encryptedStore } from '../../lib/store/encrypted/encrypted-store.ts'
import { sqliteStore } from '../../lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../../lib/store/store.ts'
import { ClassStore } from '../store/class-store.ts'
import { freshPaths } from '../store/sqlite/folder.ts'
import { driver } from '../store/sqlite/sqlite-driver.ts'
import { watchedWorld } from './watched.ts'

const textsOf = (messages: readonly ChatMessage[]): readonly (string | undefined)[] => messages.map(({ message, kind }) => (message ? textOf(message) : kind))
const freshPath = freshPaths()
const stores: ReadonlyArray<readonly [string, () => Store]> = [
  ['memory', memoryStore],
  ['classes', () => new ClassStore()],
  ['encrypted', () => encryptedStore(memoryStore(), { key: new Uint8Array(32).fill(9) })],
  ...(driver ? [['SQLite', () => sqliteStore(freshPath(), { driver: driver! })] as const] : []),
]

describe.each(stores)('a chat view on %s', (_, makeStore) => {
  it('finds messages by words and beginnings of words, in one chat or in all, page by page', async () => {
    const world = await watchedWorld(makeStore())
    const cleo = world.simulator.phone({ name: 'Cleo' })
    const texts = ['Crème brûlée for tea', 'the creme is gone', '今天天气很好', 'nothing of that', 'TEA? tea!']
    for (const text of texts) {
      world.ben.send(world.ana.lid, text)
      await world.clock.advance(1_000)
    }
    cleo.send(world.ana.lid, 'cream tea at four')
    cleo.sendMessage(world.ana.lid, { documentMessage: { fileName: 'teapot.pdf', caption: 'the plan' } })
    await world.clock.advance(2_000)
    const found = async (words: string, options = {}): Promise<readonly (string | undefined)[]> => textsOf(await world.view.search(words, options))
    expect(await found('tea')).toEqual(expect.arrayContaining(['the plan', 'cream tea at four', 'TEA? tea!', 'Crème brûlée for tea']))
    expect(await found('tea')).toHaveLength(4)
    expect((await found('tea')).slice(2)).toEqual(['TEA? tea!', 'Crème brûlée for tea'])
    expect(await found('creme tea')).toEqual(['Crème brûlée for tea'])
    expect(await found('天气')).toEqual(['今天天气很好'])
    expect(await found('气天')).toEqual([])
    expect(await found('  " * ( tea )')).toHaveLength(4)
    expect(await found('')).toEqual([])
    expect(await found('tea', { chat: world.ben.lid })).toEqual(['TEA? tea!', 'Crème brûlée for tea'])
    const [first] = await world.view.search('tea', { limit: 1 })
    const rest = await world.view.search('tea', { after: first!.place })
    expect(rest).toHaveLength(3)
    expect(rest.map(({ id }) => id)).not.toContain(first!.id)
    expect(first!.chat.toString()).toBe(cleo.lid.toString())
    expect(() => world.view.search('tea', { limit: 0 })).toThrow(/limit/)
    expect(() => world.view.search('tea', { after: 'nowhere' })).toThrow(/after/)
  })

  it('is the same after a restart, and catches up with what came meanwhile', async () => {
    const store = makeStore()
    const world = await watchedWorld(store)
    world.ben.send(world.ana.lid, 'before')
    await world.clock.advance(1_000)
    world.leave()
    await world.clock.advance(1_000)
    // The client goes on; nobody looks.
    world.ben.send(world.ana.lid, 'meanwhile')
    await world.client.send(world.ben.lid, { text: 'and an answer' })
    world.ana.appState.set(['pin_v1', world.ben.lid.toString()], { timestamp: world.clock.scheduler.now(), pinAction: { pinned: true } })
    await world.clock.advance(5_000)
    world.look()
    await world.clock.advance(10_000)
    expect(world.failed()).toBeUndefined()
    expect(world.chats()).toMatchObject([{ name: 'Ben', unread: 2, pinnedAt: expect.any(Date) }])
    expect(textsOf(await world.messages(world.ben.lid))).toEqual(expect.arrayContaining(['and an answer', 'meanwhile', 'before']))
    world.leave()
    await world.clock.advance(1_000)
    world.ana.appState.set(['pin_v1', world.ben.lid.toString()], { timestamp: world.clock.scheduler.now(), pinAction: { pinned: false } })
    await world.clock.advance(5_000)
    world.look()
    await world.clock.advance(10_000)
    expect(world.chats()[0]).not.toHaveProperty('pinnedAt')
  })

  it('pages through a chat', async () => {
    const world = await watchedWorld(makeStore())
    for (let count = 0; count < 25; count += 1) world.ben.send(world.ana.lid, String(count))
    await world.clock.advance(5_000)
    const chat = world.view.chat(world.ben.lid)
    const first = await chat.page({ limit: 10 })
    const second = await chat.page({ limit: 10, after: first.at(-1)!.place })
    const third = await chat.page({ limit: 10, after: second.at(-1)!.place })
    expect([...first, ...second, ...third].map(({ message }) => Number(textOf(message!)))).toEqual(Array.from({ length: 25 }, (__, index) => 24 - index))
    expect(await chat.page({ after: third.at(-1)!.place })).toEqual([])
    expect(await world.view.chat('15550009999@s.whatsapp.net').page()).toEqual([])
    expect(() => chat.page({ limit: 1.5 })).toThrow(/limit/)
  })
})

describe('a chat view', () => {
  it('shows what the phone tells of the past once, below what came since', async () => {
    const world = await watchedWorld()
    world.ben.send(world.ana.lid, 'live')
    await world.clock.advance(1_000)
    const past = { conversations: 3, messagesPerChat: 4, chunks: 2, order: [1, 2, 1] as const, atSeconds: Math.floor(world.clock.scheduler.now() / 1000) - 1_000 }
    const ids = world.ana.history.send({ ...past, change: (history) => ({ ...history, conversations: (history.conversations ?? []).map((one) => ({ ...one, unreadCount: 2, archived: true })) }) })
    await world.clock.advance(20_000)
    expect(world.failed()).toBeUndefined()
    expect(world.ana.history.confirmed()).toEqual(ids)
    expect(world.chats()).toHaveLength(4)
    expect(world.chats().slice(1)).toEqual(expect.arrayContaining([expect.objectContaining({ unread: 2, isArchived: true })]))
    const messages = await world.messages('70000000@lid')
    expect(messages).toHaveLength(4)
    expect(messages.map(({ at }) => at.getTime())).toEqual([...messages.map(({ at }) => at.getTime())].sort((one, other) => other - one))
    world.ana.appState.snapshot('regular_low')
  })

  it('keeps a piece of history it could not take in for the next connection', async () => {
    const store = memoryStore()
    let isBroken = false
    const breaking: Store = {
      open: async () => {
        const open = await store.open()
        return { ...open, commit: (writes) => (isBroken ? Promise.reject(new Error('the disk is full')) : open.commit(writes)) }
      },
    }
    const world = await watchedWorld(breaking)
    isBroken = true
    const ids = world.ana.history.send({ conversations: 1, messagesPerChat: 2, atSeconds: 1_700_000_000 })
    await world.clock.advance(20_000)
    expect(world.failed()).toMatchObject({ code: 'store_failed' })
    expect(world.ana.history.confirmed()).toEqual([])
    isBroken = false
    world.look()
    await world.clock.advance(1_000)
    world.client.reconnect()
    await world.clock.advance(20_000)
    expect(world.ana.history.confirmed()).toEqual(ids)
    expect(await world.messages('70000000@lid')).toHaveLength(2)
  })

  it('tells one chat of both addresses of a person', async () => {
    const world = await watchedWorld()
    const past = (jid: string, id: string, extra = {}) => ({ id: jid, messages: [{ message: { key: { remoteJid: jid, fromMe: false, id }, message: { conversation: id }, messageTimestamp: 1_700_000_000 } }], unreadCount: 1, ...extra })
    world.ana.history.send({ conversations: 1, change: (history) => ({ ...history, conversations: [past('333@lid', 'a'), past('15558889999@s.whatsapp.net', 'b')], phoneNumberToLidMappings: [] }) })
    await world.clock.advance(5_000)
    expect(world.chats()).toHaveLength(2)
    world.ana.history.send({ conversations: 1, change: (history) => ({ ...history, conversations: [], phoneNumberToLidMappings: [{ pnJid: '15558889999@s.whatsapp.net', lidJid: '333@lid' }] }) })
    await world.clock.advance(5_000)
    expect(world.chats()).toMatchObject([{ unread: 2 }])
    expect(world.chats()[0]!.jid.toString()).toBe('333@lid')
    expect([...textsOf(await world.messages('15558889999@s.whatsapp.net'))].sort()).toEqual(['a', 'b'])
    expect(await world.view.search('b')).toHaveLength(1)
  })

  it('refuses what is no client or store, and a second view of one client', async () => {
    expect(() => createChatView({ client: {} as never, store: memoryStore() })).toThrow(/client/)
    expect(() => createChatView({ client: createClient({ store: memoryStore() }), store: {} as never })).toThrow(/store/)
    const world = await watchedWorld()
    let failure: unknown
    createChatView({ client: world.client, store: memoryStore(), scheduler: world.clock.scheduler }).chats$.subscribe({ error: (error: unknown) => (failure = error) })
    await world.clock.advance(1_000)
    expect(failure).toMatchObject({ code: 'durable_name_taken' })
    // A store that is open already.
    createChatView({ client: createClient({ store: memoryStore() }), store: world.store }).chats$.subscribe({ error: (error: unknown) => (failure = error) })
    await world.clock.advance(1_000)
    expect(failure).toMatchObject({ code: 'store_in_use' })
  })

  it('refuses the store of the view of another account, and mixes nothing', async () => {
    const world = await watchedWorld()
    const { clock, simulator, ben, store } = world
    ben.send(world.ana.lid, 'to Ana')
    await clock.advance(5_000)
    world.leave()
    await clock.advance(1_000)
    // Ben's own client comes by with the store of Ana's view.
    const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, random: () => 0.5 })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ben.scan(code))
    const view = createChatView({ client, store, scheduler: clock.scheduler })
    const failures: unknown[] = []
    view.chats$.subscribe({ error: (error: unknown) => failures.push(error) })
    const connection = client.connection$.subscribe()
    await clock.advance(20_000)
    simulator.phone({ name: 'Cai' }).send(ben.lid, 'to Ben')
    const receipts: string[] = []
    ben.receipts$.subscribe(({ type }) => receipts.push(type))
    view.chat(ben.lid).markRead().subscribe({ error: (error: unknown) => failures.push(error) })
    await clock.advance(5_000)
    expect(failures).toMatchObject([{ code: 'view_of_another_account' }, { code: 'view_of_another_account' }])
    expect(receipts).not.toContain('read')
    connection.unsubscribe()
    await clock.advance(1_000)
    // Ana's view has what it had, and goes on; what Ben missed waits for a view of his own.
    world.look()
    await clock.advance(5_000)
    expect(world.failed()).toBeUndefined()
    expect(textsOf(await world.messages(ben.lid))).toEqual(['to Ana'])
    expect(world.chats().map(({ jid }) => jid.toString())).toEqual([ben.lid.toString()])
    const own = createChatView({ client, store: memoryStore(), scheduler: clock.scheduler })
    let its: readonly Chat[] = []
    own.chats$.subscribe((chats) => (its = chats))
    const again = client.connection$.subscribe()
    await clock.advance(20_000)
    expect(its.map(({ lastMessage }) => lastMessage?.text)).toEqual(['to Ben'])
    again.unsubscribe()
  })
})
