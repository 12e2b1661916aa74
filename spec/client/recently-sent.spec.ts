import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createTestWorld } from './world.ts'

describe('what was sent from here', () => {
  it('is remembered across processes, oldest first, what waits last', async () => {
    const store = memoryStore()
    const world = createTestWorld({ store })
    await world.connect()
    const { client, clock, ben } = world
    await client.send(ben.lid, { text: 'one' })
    await clock.advance(10_000)
    const since = new Date(clock.scheduler.now())
    await client.send(ben.lid, { text: 'two' })
    const fault = world.simulator.faults.add({ on: { device: world.device, direction: 'out', where: ({ stanza }) => stanza?.tag === 'ack' && stanza.attrs['class'] === 'message' }, do: { kind: 'drop' } })
    client.send(ben.lid, { text: 'three' }).subscribe()
    const told = (await client.recentlySent()).map(({ message, chat, acceptedAt }) => [textOf(message), chat.user, acceptedAt !== undefined])
    expect(told).toEqual([['one', ben.lid.user, true], ['two', ben.lid.user, true], ['three', ben.lid.user, false]])
    expect((await client.recentlySent(since)).map(({ message }) => textOf(message))).toEqual(['two', 'three'])
    fault.remove()
    world.hangUp()
    await expect(client.recentlySent().result()).rejects.toMatchObject({ code: 'not_connected' })
    await clock.advance(1_000)
    await world.connect()
    await clock.advance(1_000)
    expect((await client.recentlySent()).map(({ message, acceptedAt }) => [textOf(message), acceptedAt !== undefined])).toEqual([['one', true], ['two', true], ['three', true]])
    world.hangUp()
  })
})
