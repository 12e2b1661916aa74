import { describe, expect, it } from '@jest/globals'

import { childOf } from '../../lib/stanza/stanza.ts'
import { gatheringStore } from './gathering-store.ts'
import { createTestWorld } from './world.ts'

describe('messages that wait for each other', () => {
  it('reach a group in the order they were written, however many there are', async () => {
    const { simulator, clock, client, ana, ben, connect, hangUp } = createTestWorld()
    await connect()
    const group = simulator.group({ phones: [ben, ana] })
    await clock.advance(10)
    const atBen: (string | undefined)[] = []
    ben.messages$.subscribe(({ text }) => atBen.push(text))
    await client.send(group.jid, { text: 'text 0' })
    // The devices of somebody new have to be asked for, while the others wait for their turn.
    ben.addToGroup(group.jid, simulator.phone({ name: 'Cleo' }))
    await clock.advance(10)
    const texts = Array.from({ length: 8 }, (_, number) => `text ${number}`)
    for (const text of texts.slice(1)) client.send(group.jid, { text }).subscribe()
    await clock.advance(10)
    expect(atBen).toEqual(texts)
    hangUp()
  })

  it('share transactions where these are dear, in one chat too, and keep their order', async () => {
    const { store, commits } = gatheringStore()
    const { simulator, clock, client, ana, ben, connect, hangUp } = createTestWorld({ store })
    await connect()
    const group = simulator.group({ phones: [ben, ana] })
    await clock.advance(10)
    const atBen: (string | undefined)[] = []
    ben.messages$.subscribe(({ text }) => atBen.push(text))
    for (const chat of [ben.lid, group.jid]) {
      client.send(chat, { text: 'first' }).subscribe()
      await clock.advance(100)
      commits.length = atBen.length = 0
      const texts = Array.from({ length: 20 }, (_, number) => `text ${number}`)
      for (const text of texts) client.send(chat, { text }).subscribe()
      await clock.advance(100)
      expect(atBen).toEqual(texts)
      const departures = commits.map((writes) => writes.filter(({ table, value }) => table === 'outbox' && value).length).filter((count) => count > 0)
      expect(departures).toEqual([20])
    }
    expect(simulator.reusedMessageKeys()).toEqual([])
    hangUp()
  })

  it('bring a key from its beginning although a later one was read first', async () => {
    const { simulator, clock, client, ana, ben, device, connect, hangUp, events } = createTestWorld()
    await connect()
    const group = simulator.group({ phones: [ben, ana] })
    await clock.advance(10)
    // The first message, and the key with it, is late; the second one has to be asked for.
    simulator.faults.add({ on: { device, direction: 'out', tag: 'message', times: 1 }, do: { kind: 'drop' } })
    ben.sendToGroup(group.jid, 'first')
    await clock.advance(10)
    ben.sendToGroup(group.jid, 'second')
    await clock.advance(10)
    client.reconnect()
    await clock.advance(10_000)
    const texts = events.flatMap((event) => (event.type === 'message' ? [event.message.conversation] : []))
    expect(texts).toEqual(['second', 'first'])
    expect(simulator.waitingFor(device)).toBe(0)
    hangUp()
  })

  it('of the backlog are answered together, each once, and their writer sees every receipt', async () => {
    const { simulator, clock, ana, ben, device, connect, hangUp, events, client, sent } = createTestWorld()
    await connect()
    const group = simulator.group({ phones: [ben, ana] })
    await clock.advance(1_000)
    hangUp()
    await clock.advance(1_000)
    const receipts: string[] = []
    ben.receipts$.subscribe(({ ids }) => receipts.push(...ids))
    const direct = Array.from({ length: 300 }, (_, number) => ben.send(ana, `text ${number}`))
    const toGroup = Array.from({ length: 20 }, (_, number) => ben.sendToGroup(group.jid, `to all ${number}`))
    await clock.advance(1_000)
    receipts.length = sent.length = 0
    const connection = client.connection$.subscribe()
    await clock.advance(5_000)
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(320)
    expect(simulator.waitingFor(device)).toBe(0)
    expect([...receipts].sort()).toEqual([...direct, ...toGroup].sort())
    expect(sent.filter(({ tag }) => tag === 'receipt').length).toBeLessThan(20)
    connection.unsubscribe()
  })

  it('of the backlog are asked for although the login is still being stored when they are announced', async () => {
    const { clock, ana, ben, connect, hangUp, events, client, sent } = createTestWorld({ store: gatheringStore().store })
    await connect()
    await clock.advance(1_000)
    hangUp()
    await clock.advance(1_000)
    for (let number = 0; number < 50; number += 1) ben.send(ana, `text ${number}`)
    await clock.advance(1_000)
    events.length = sent.length = 0
    const connection = client.connection$.subscribe()
    await clock.advance(500)
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(50)
    expect(events.find(({ type }) => type === 'offline_sync_preview')).toMatchObject({ total: 50 })
    expect(sent.filter((stanza) => childOf(stanza, 'offline_batch'))).toHaveLength(1)
    connection.unsubscribe()
  })
})
