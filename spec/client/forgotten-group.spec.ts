import { describe, expect, it } from '@jest/globals'

import { linkTo } from './people.ts'
import { createTestWorld } from './world.ts'

describe('a group that was forgotten', () => {
  it('is asked for when somebody could not read what was written there', async () => {
    const world = createTestWorld()
    const { simulator, clock, client, ana, ben, device, connect, hangUp } = world
    await connect()
    const group = simulator.group({ phones: [ben, ana] })
    await clock.advance(10)
    client.send(group.jid, { text: 'one' }).subscribe()
    await clock.advance(10)
    ben.goOffline()
    // We do not hear of the new device: the server says that one was missed, and the group is not known any more.
    simulator.faults.add({ on: { device, direction: 'out', tag: 'notification', type: 'devices', times: 1 }, do: { kind: 'drop' } })
    const companion = await linkTo(world, ben)
    simulator.corruptNextMessage()
    client.send(group.jid, { text: 'two' }, { id: 'TWO' }).subscribe()
    await clock.advance(10)
    const atBen: (string | undefined)[] = []
    ben.messages$.subscribe(({ text }) => atBen.push(text))
    ben.goOnline()
    await clock.advance(2_000)
    expect(atBen).toEqual(['two'])
    expect(client.explain('TWO')?.steps.some(({ kind }) => kind === 'devices_missed')).toBe(true)
    companion.stop()
    hangUp()
  })
})
