import { describe, expect, it } from '@jest/globals'

import { createChatView } from '../../lib/chats/index.ts'
import { textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store } from '../../lib/store/store.ts'
import { storeFaults } from './store-fault.ts'
import { watchedWorld } from './watched.ts'

describe('a chat view', () => {
  it('has a place for what cannot be read, which is filled when it can', async () => {
    const world = await watchedWorld()
    world.ben.send(world.ana.lid, 'one')
    await world.clock.advance(2_000)
    const shown: string[] = []
    world.view.chat(world.ben.lid).messages$.subscribe((messages) => shown.push(messages.map(({ message, kind }) => (message ? textOf(message) : kind)).join(' ')))
    const answer = world.client.send(world.ben.lid, { text: 'yes?' }).result()
    await world.clock.advance(2_000)
    await answer
    // Its sender does not send it again; our phone has it, when it is asked.
    world.ben.behave({ ignoresRetries: true })
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'two')
    world.ana.remember({ id, chat: world.ben.lid, sender: world.ben.lid, isFromMe: false, message: { conversation: 'two' }, text: 'two' })
    await world.clock.advance(1_000)
    expect(world.chats()).toMatchObject([{ unread: 2, lastMessage: { kind: 'unreadable' } }])
    await world.clock.advance(10_000)
    expect(shown).toContain('unreadable yes? one')
    expect(shown.at(-1)).toBe('two yes? one')
    expect(world.chats()).toMatchObject([{ unread: 2, lastMessage: { text: 'two' } }])
  })

  it.each(Array.from({ length: 16 }, (_, index) => index + 1))('has everything after its store failed at write %i and it was looked at again', async (failing) => {
    const store = storeFaults(memoryStore())
    const world = await watchedWorld(store)
    store.failAt(failing)
    const lookAgain = async (): Promise<void> => {
      if (world.failed() === undefined) return
      store.failAt(undefined)
      world.leave()
      world.look()
      await world.clock.advance(1_000)
    }
    for (const text of ['a', 'b', 'c']) {
      world.ben.send(world.ana.lid, text)
      await world.clock.advance(100)
      await lookAgain()
      const sending = world.client.send(world.ben.lid, { text: text.toUpperCase() }).result()
      await world.clock.advance(100)
      await sending
      await lookAgain()
    }
    world.ana.appState.set(['pin_v1', world.ben.lid.toString()], { timestamp: 5_000, pinAction: { pinned: true } })
    await world.clock.advance(5_000)
    await lookAgain()
    await world.clock.advance(5_000)
    const messages = (await world.messages(world.ben.lid)).map(({ message }) => textOf(message!)!)
    expect(messages.sort()).toEqual(['A', 'B', 'C', 'a', 'b', 'c'])
    expect(world.chats()).toMatchObject([{ unread: 3, pinnedAt: new Date(5_000) }])
  })

  it('opens and closes its store with those who look, however often', async () => {
    let [opened, closed] = [0, 0]
    const inner = memoryStore()
    const store: Store = {
      open: async () => {
        opened += 1
        const open = await inner.open()
        return { ...open, close: () => ((closed += 1), open.close()) }
      },
    }
    const world = await watchedWorld(store)
    for (let round = 0; round < 20; round += 1) {
      world.leave()
      if (round % 2 === 0) await world.clock.advance(10)
      world.ben.send(world.ana.lid, String(round))
      world.look()
      await world.clock.advance(round % 3 === 0 ? 0 : 100)
    }
    await world.clock.advance(1_000)
    expect(world.chats()).toMatchObject([{ unread: 20 }])
    world.leave()
    await world.clock.advance(1_000)
    expect([opened, closed]).toEqual([opened, opened])
  })

  it('goes on without rows that cannot be read', async () => {
    const store = memoryStore()
    const world = await watchedWorld(store)
    world.ben.send(world.ana.lid, 'one')
    await world.clock.advance(1_000)
    world.leave()
    await world.clock.advance(1_000)
    const open = await store.open()
    const rows = await open.scan('chat_messages', undefined, 10)
    await open.commit([
      ...rows.map(({ key }) => ({ table: 'chat_messages' as const, key, value: Uint8Array.of(1, 2, 3) })),
      { table: 'chat_people', key: 'x', value: Uint8Array.of(255) },
      { table: 'chats', key: '7', value: Uint8Array.of(123) },
    ])
    await open.close()
    world.look()
    await world.clock.advance(1_000)
    world.ben.send(world.ana.lid, 'two')
    await world.clock.advance(1_000)
    expect(world.chats()).toMatchObject([{ unread: 2 }])
    expect((await world.messages(world.ben.lid)).map(({ message }) => textOf(message!))).toEqual(['two'])
  })

  it.each([1, 2, 3, 4, 5])('makes one chat of two however it is stopped, as at write %i', async (failing) => {
    const store = storeFaults(memoryStore())
    const world = await watchedWorld(store)
    const [lid, number] = ['333@lid', '15558889999@s.whatsapp.net']
    const past = (jid: string, count: number) => ({
      id: jid,
      messages: Array.from({ length: count }, (_, index) => ({ message: { key: { remoteJid: jid, fromMe: false, id: `${jid}${index}` }, message: { conversation: 'x' }, messageTimestamp: 1_700_000_000 + index } })),
    })
    world.ana.history.send({ conversations: 1, change: (history) => ({ ...history, conversations: [past(lid, 3), past(number, 450)], phoneNumberToLidMappings: [] }) })
    await world.clock.advance(10_000)
    expect(world.chats()).toHaveLength(2)
    store.failAt(failing)
    world.ana.history.send({ conversations: 1, change: (history) => ({ ...history, conversations: [], phoneNumberToLidMappings: [{ pnJid: number, lidJid: lid }] }) })
    await world.clock.advance(10_000)
    store.failAt(undefined)
    if (world.failed() !== undefined) {
      world.leave()
      world.look()
      // The piece was not confirmed: it comes again.
      world.client.reconnect()
      await world.clock.advance(10_000)
    }
    expect(world.chats()).toHaveLength(1)
    const ids = new Set<string>()
    for (let after: string | undefined; ; ) {
      const page = await world.view.chat(number).page({ limit: 200, ...(after !== undefined && { after }) })
      for (const { id } of page) ids.add(id)
      if (page.length < 200) break
      after = page.at(-1)!.place
    }
    expect(ids.size).toBe(453)
  })

  it('has the texts of all messages in the index, also when that was stopped', async () => {
    const inner = memoryStore()
    const world = await watchedWorld(inner)
    for (let count = 0; count < 250; count += 1) world.ben.send(world.ana.lid, `tea ${count}`)
    await world.clock.advance(5_000)
    world.leave()
    await world.clock.advance(1_000)
    // The same rows in a store that can search.
    let isBroken = true
    const texts = async (): Promise<number> => {
      const open = await inner.open()
      const rows = await open.scan('chat_texts', undefined, 1_000)
      await open.close()
      return rows.length
    }
    const searching: Store = {
      open: async () => {
        const open = await inner.open()
        let commits = 0
        return {
          ...open,
          search: () => [],
          commit: (writes) => {
            commits += 1
            if (isBroken && commits === 2) throw new Error('the disk is full')
            return open.commit(writes)
          },
        }
      },
    }
    const look = async (): Promise<void> => {
      const watching = createChatView({ client: world.client, store: searching, scheduler: world.clock.scheduler }).chats$.subscribe({ error: () => undefined })
      await world.clock.advance(1_000)
      watching.unsubscribe()
      await world.clock.advance(1_000)
    }
    await look()
    expect(await texts()).toBe(200)
    isBroken = false
    await look()
    expect(await texts()).toBe(250)
  })
})
