import { describe, expect, it } from '@jest/globals'

import { aPush } from '../../lib/testing/index.ts'
import { randomOf, sampleOf, SHAPES, spoil } from '../pipeline/made-stanzas.ts'
import { createTestWorld, expectOnlyViolations } from './world.ts'

/** How many are sent: `RXWA_STANZAS=100000 npm run spec -- spec/client/spoilt` sends that many through a whole client. */
const COUNT = Number(process.env['RXWA_STANZAS'] ?? 1_000)
const SEED = Number(process.env['RXWA_SEED'] ?? 1)

/** What a server waits for an answer to. */
const ANSWERED = ['notification', 'receipt', 'call', 'status']

const nothing = (): void => undefined
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

describe('a server out of its mind', () => {
  it(`says ${COUNT} things nobody can make sense of: the connection stays, all is answered, and the next message is read`, async () => {
    // Names of tags are as long as keys: the log of this one is not searched for any.
    const world = createTestWorld({ logger: SILENT })
    // What an answer repeats of nonsense is nonsense.
    expectOnlyViolations(world.simulator, 'ack@to', 'ack@participant', 'ack@recipient', 'ack@type', 'ack@id', 'ack@class')
    await world.connect()
    const random = randomOf(SEED)
    const seeds = [...SHAPES.values()].flatMap((shape) => sampleOf(shape, 12, SEED))
    const lost: unknown[] = []
    world.client.disconnected$.subscribe((event) => lost.push(event))
    const unanswered = new Set<string>()
    const hear = (): void => {
      for (const { attrs } of world.sent.splice(0)) unanswered.delete(String(attrs['id']))
    }
    let said = 0
    while (said < COUNT) {
      let spoilt = spoil(seeds[Math.floor(random() * seeds.length)]!, random)
      for (let more = Math.floor(random() * 3); more > 0; more -= 1) spoilt = spoil(spoilt, random)
      // A server that says goodbye means it.
      if (spoilt.tag === '' || spoilt.tag === 'ib') continue
      said += 1
      const id = `MAD${said}`
      if (ANSWERED.includes(spoilt.tag)) unanswered.add(id)
      world.simulator.push(world.ana.lid, { ...spoilt, attrs: { ...spoilt.attrs, id } })
      if (said % 100 === 0) {
        world.events.length = 0
        await world.clock.advance(1_000)
        hear()
      }
    }
    await world.clock.advance(1_000)
    hear()
    expect([lost, world.ended(), world.openSockets()]).toEqual([[], undefined, 1])
    expect([...unanswered]).toEqual([])
    world.events.length = 0
    world.ben.send(world.ana.lid, 'still there?')
    expect(world.events.map(({ type }) => type)).toContain('message')
    world.hangUp()
  }, 600_000)
})

// The push that means nothing is one of the catalogue, too.
describe('a stanza nobody knows', () => {
  it('is an event, answered, and told again to nobody', async () => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.simulator.push(world.ana.lid, aPush.unhandled_stanza('novelty'))
    await world.clock.advance(1_000)
    expect(world.events.filter(({ type }) => type === 'unhandled_stanza')).toHaveLength(1)
    expect(world.client.strangeStanzas()).toEqual(new Map([['novelty', 1]]))
    for (let index = 0; index < 120; index += 1) world.simulator.push(world.ana.lid, aPush.unhandled_stanza(`novelty${index}`))
    await world.clock.advance(0)
    expect(world.client.strangeStanzas().get('other')).toBe(21)
    expect(world.simulator.waitingFor(world.device)).toBe(0)
    world.hangUp()
  })
})
