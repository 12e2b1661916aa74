import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../lib/index.ts'
import { createTestWorld, statesOf } from './world.ts'

describe('pausing', () => {
  it('hangs up, stays away however long it takes, and leaves no timer', async () => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.client.pause()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
    await world.clock.advance(3_600_000)
    expect(world.openSockets()).toBe(0)
    expect(statesOf(world.events)).toEqual(['closed'])
    expect(world.events.map(({ type }) => type)).not.toContain('disconnected')
    world.hangUp()
  })

  it('lets sends wait, and connects at once when it ends', async () => {
    const world = createTestWorld()
    await world.connect()
    world.client.pause()
    const steps: string[] = []
    world.client.send(world.ben.lid, { text: 'waited' }).subscribe(({ kind }) => steps.push(kind))
    const texts: unknown[] = []
    world.client.messages$.subscribe(({ message, origin }) => texts.push([textOf(message), origin]))
    world.ben.send(world.ana.lid, 'while away')
    expect(steps).toEqual([])
    world.client.resume()
    expect(world.openSockets()).toBe(1)
    await world.clock.advance(2_000)
    expect(steps).toEqual(['queued', 'encrypted', 'sent', 'accepted'])
    expect(texts).toEqual([['while away', 'offline']])
    world.client.resume()
    expect(statesOf(world.events).filter((kind) => kind === 'dialing')).toHaveLength(3)
    world.hangUp()
  })

  it('ends a back-off, and a pause before the first connection means that there is none', async () => {
    const world = createTestWorld()
    world.client.pause()
    const subscription = world.client.connection$.subscribe()
    await world.clock.advance(10_000)
    expect([world.openSockets(), statesOf(world.events)]).toEqual([0, ['closed']])
    world.client.resume()
    await world.clock.advance(1_000)
    expect(statesOf(world.events)).toContain('open')
    world.simulator.disconnect(world.device)
    expect(statesOf(world.events).at(-1)).toBe('waiting')
    world.client.pause()
    await world.clock.advance(60_000)
    expect([world.openSockets(), statesOf(world.events).at(-1)]).toEqual([0, 'closed'])
    subscription.unsubscribe()
    expect(world.clock.pendingTimers()).toBe(0)
  })

  it('`reconnect` makes one new connection at once, out of a back-off as well', async () => {
    const world = createTestWorld()
    await world.connect()
    world.client.reconnect()
    expect(world.openSockets()).toBe(1)
    await world.clock.advance(1_000)
    world.simulator.disconnect(world.device)
    expect([world.openSockets(), statesOf(world.events).at(-1)]).toEqual([0, 'waiting'])
    world.client.reconnect()
    expect(world.openSockets()).toBe(1)
    await world.clock.advance(1_000)
    expect(statesOf(world.events).at(-1)).toBe('open')
    world.hangUp()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})
