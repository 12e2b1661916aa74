import { describe, expect, it } from '@jest/globals'
import type { Subscription } from 'rxjs'

import { substreamNames, type Stanza, type WaEvent, type WaEventType } from '../../lib/index.ts'
import { aPush } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const types = Object.keys(aPush).filter((type): type is keyof typeof aPush & WaEventType => type in substreamNames)
const pushOf = (type: keyof typeof aPush): Stanza | readonly Stanza[] => (aPush[type] as () => Stanza | readonly Stanza[])()

const connected = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  world.events.length = 0
  world.sent.length = 0
  return world
}

describe('what the server pushes', () => {
  it.each(types)('%s is told in one line of a test', async (type) => {
    const world = await connected()
    world.simulator.push(world.ana.lid, pushOf(type))
    await world.clock.advance(2_000)
    expect(world.events.map((event) => event.type)).toContain(type)
    // Whatever waits for an answer got one.
    expect(world.simulator.waitingFor(world.device)).toBe(0)
    world.hangUp()
  })

  it.each(types)('%s reaches a subscriber of its own stream alone', async (type) => {
    const world = createTestWorld()
    await world.connect()
    const events: WaEvent[] = []
    const stream$: { subscribe: (next: (event: WaEvent) => void) => Subscription } = world.client[substreamNames[type] as 'groupUpdates$']
    const watching = stream$.subscribe((event) => events.push(event))
    world.simulator.push(world.ana.lid, pushOf(type))
    await world.clock.advance(2_000)
    expect(events.length).toBeGreaterThan(0)
    expect(events.every((event) => event.type === type && Object.isFrozen(event))).toBe(true)
    watching.unsubscribe()
    world.hangUp()
  })
})
