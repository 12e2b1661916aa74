import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { textOf, type ConnectionState, type WaEvent } from '../../lib/index.ts'
import { seeded, SILENCES, type FaultAction, type FaultRule, type Silence } from '../../lib/testing/index.ts'
import { createTestWorld, statesOf, type TestWorld } from '../client/world.ts'

const textsOf = (events: readonly WaEvent[]): readonly (string | undefined)[] =>
  events.flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))

/** A connected world in which Ben has written once, so that what follows is quick. */
const connected = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  world.ben.send(world.ana.lid, 'hello')
  await world.clock.advance(5)
  world.events.length = 0
  return world
}

const write = (world: TestWorld, ...texts: readonly string[]): void => texts.forEach((text) => world.ben.send(world.ana.lid, text))

const stateOf = (world: TestWorld): ConnectionState['kind'] | undefined => statesOf(world.events).at(-1) as ConnectionState['kind'] | undefined

describe('what the server sends', () => {
  const cases: ReadonlyArray<readonly [FaultAction, readonly string[], readonly string[]]> = [
    [{ kind: 'drop' }, ['a', 'c'], ['a', 'c']],
    [{ kind: 'delay', ms: 500 }, ['a'], ['a', 'b', 'c']],
    [{ kind: 'delay', ms: 500, isOvertaken: true }, ['a', 'c'], ['a', 'c', 'b']],
    [{ kind: 'reorder' }, ['a', 'c', 'b'], ['a', 'c', 'b']],
  ]
  it.each(cases)('%j', async (action, atOnce, later) => {
    const world = await connected()
    const handle = world.simulator.faults.add({ on: { direction: 'out', tag: 'message', nth: 2 }, do: action })
    write(world, 'a', 'b', 'c')
    await world.clock.advance(400)
    expect(textsOf(world.events)).toEqual(atOnce)
    await world.clock.advance(200)
    expect(textsOf(world.events)).toEqual(later)
    expect(handle.hits()).toBe(1)
    world.hangUp()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('each delayed comes as on a long wire: as late as it is long, not later for those before it', async () => {
    const world = await connected()
    world.simulator.faults.add({ on: { direction: 'out', tag: 'message' }, do: { kind: 'delay', ms: 500 } })
    write(world, 'a', 'b')
    await world.clock.advance(300)
    write(world, 'c')
    await world.clock.advance(199)
    expect(textsOf(world.events)).toEqual([])
    await world.clock.advance(1)
    expect(textsOf(world.events)).toEqual(['a', 'b'])
    await world.clock.advance(299)
    expect(textsOf(world.events)).toEqual(['a', 'b'])
    await world.clock.advance(1)
    expect(textsOf(world.events)).toEqual(['a', 'b', 'c'])
    world.hangUp()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('overtaken by one that is late itself comes right behind it, and what is answered to that behind both', async () => {
    const world = await connected()
    const on = { direction: 'out', tag: 'message', nth: 1 } as const
    world.simulator.faults.add([{ on, do: { kind: 'reorder' } }, { on, do: { kind: 'delay', ms: 500 } }])
    const said: string[] = []
    world.simulator.traffic$.subscribe(({ direction, stanza }) => direction === 'out' && said.push(stanza.tag))
    write(world, 'a', 'b')
    await world.clock.advance(499)
    expect(said).toEqual([])
    await world.clock.advance(1)
    expect(textsOf(world.events)).toEqual(['b', 'a'])
    expect(said.slice(0, 2)).toEqual(['message', 'message'])
    world.hangUp()
  })

  it('comes twice, and is one event', async () => {
    const world = await connected()
    world.simulator.faults.add({ on: { direction: 'out', tag: 'message', nth: 2 }, do: { kind: 'duplicate', times: 2 } })
    const said: string[] = []
    world.simulator.traffic$.subscribe(({ direction, stanza }) => direction === 'out' && stanza.tag === 'message' && said.push(String(stanza.attrs['id'])))
    write(world, 'a', 'b')
    await world.clock.advance(10)
    expect(said).toHaveLength(4)
    expect(textsOf(world.events)).toEqual(['a', 'b'])
    world.hangUp()
  })

  it.each<FaultAction>([{ kind: 'corrupt' }, { kind: 'truncate' }, { kind: 'duplicate', level: 'frame' }, { kind: 'close', isAbrupt: true }, { kind: 'close', code: 1001 }])(
    '%j breaks the connection, and nothing is lost',
    async (action) => {
      const world = await connected()
      world.simulator.faults.add({ on: { direction: 'out', tag: 'message', nth: 1 }, do: action })
      write(world, 'a', 'b')
      await world.clock.advance(10_000)
      expect(stateOf(world)).toBe('open')
      expect([...textsOf(world.events)].sort()).toEqual(['a', 'b'])
      expect(statesOf(world.events)).toContain('waiting')
      world.hangUp()
      expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
    },
  )

  it('closes with the code it was given', async () => {
    const world = await connected()
    const gone = firstValueFrom(world.client.disconnected$)
    world.simulator.faults.add({ on: { direction: 'out', tag: 'message' }, do: { kind: 'close', code: 1012 } })
    write(world, 'a')
    expect(await gone).toMatchObject({ reason: { kind: 'server_close', code: 1012 } })
    world.hangUp()
  })

  it('comes with a broken ciphertext, which is asked for again', async () => {
    const world = await connected()
    // Once answered, Ben's next message ends with the MAC.
    await world.client.send(world.ben.lid, { text: 'an answer' })
    world.simulator.faults.add({ on: { direction: 'out', tag: 'message', times: 1 }, do: { kind: 'corrupt', level: 'stanza' } })
    write(world, 'a')
    await world.clock.advance(10)
    expect(world.events.map(({ type }) => type)).toContain('undecryptable_message')
    world.hangUp()
  })
})

describe('what the client sends', () => {
  it('is refused: a message, a request, a login', async () => {
    const world = await connected()
    const { faults } = world.simulator
    const handle = faults.add({ on: { direction: 'in', tag: 'message' }, do: { kind: 'refuse', code: 479 } })
    await expect(world.client.send(world.ben.lid, { text: 'x' }).result()).rejects.toMatchObject({ code: 'message_refused', status: '479' })
    handle.remove()
    await world.client.send(world.ben.lid, { text: 'y' })
    faults.add({ on: { direction: 'in', tag: 'iq', child: 'props' }, do: { kind: 'refuse', code: 503, text: 'service-unavailable', backoffSeconds: 9 } })
    const request = { name: 'test', type: 'get', xmlns: 'abt', content: [{ tag: 'props', attrs: { protocol: '1' } }], parse: () => true } as const
    await expect(world.client.request(request).result()).rejects.toMatchObject({ code: 'server_refused', status: 503, backoffSeconds: 9 })
    world.hangUp()
    faults.add({ on: { direction: 'out', tag: 'success' }, do: { kind: 'refuse', code: 402 } })
    let ended: unknown
    world.client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await world.clock.advance(10)
    expect(ended).toMatchObject({ code: 'login_refused' })
  })

  it.each<FaultAction>([{ kind: 'corrupt' }, { kind: 'truncate' }, { kind: 'duplicate', level: 'frame' }, { kind: 'drop' }, { kind: 'delay', ms: 5_000 }, { kind: 'duplicate' }])(
    '%j: the message arrives once',
    async (action) => {
      const world = await connected()
      const received: (string | undefined)[] = []
      world.ben.messages$.subscribe(({ text }) => received.push(text))
      world.simulator.faults.add({ on: { direction: 'in', tag: 'message', nth: 1 }, do: action })
      const sent = world.client.send(world.ben.lid, { text: 'once' }).result()
      await world.clock.advance(120_000)
      await sent
      expect(received).toEqual(['once'])
      world.hangUp()
      expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
    },
  )

  it.each([
    ['an upload of prekeys', { direction: 'in', tag: 'iq', child: 'registration', times: 1 }],
    ['going active', { direction: 'in', tag: 'iq', child: 'active', times: 1 }],
  ] as const)('%s that is never answered does not end a connection that lives', async (_, on) => {
    const world = createTestWorld()
    const handle = world.simulator.faults.add({ on, do: { kind: 'drop' } })
    let ended: unknown
    const connection = world.client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await world.clock.advance(120_000)
    expect([handle.hits(), ended, stateOf(world)]).toEqual([1, undefined, 'open'])
    expect(world.simulator.prekeysOf(world.device)).toBe(10)
    expect(world.events.filter(({ type }) => type === 'connected')).toHaveLength(1)
    connection.unsubscribe()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('can be slow, byte by byte', async () => {
    const world = await connected()
    world.simulator.faults.add({ on: { direction: 'in', tag: 'message', nth: 1 }, do: { kind: 'trickle', msPerByte: 10 } })
    const received = firstValueFrom(world.ben.messages$)
    const sent = world.client.send(world.ben.lid, { text: 'slow' }).result()
    await world.clock.advance(500)
    expect(world.simulator.waitingFor(world.ben.lid)).toBe(0)
    await world.clock.advance(10_000)
    await sent
    expect((await received).text).toBe('slow')
    world.hangUp()
  })
})

describe('the handshake', () => {
  it.each<readonly [FaultRule, readonly string[]]>([
    [{ on: { stage: 'handshake', direction: 'out', nth: 1 }, do: { kind: 'close' } }, ['waiting', 'open']],
    [{ on: { stage: 'handshake', direction: 'in', nth: 2 }, do: { kind: 'close', isAbrupt: true } }, ['waiting', 'open']],
    [{ on: { stage: 'handshake', direction: 'out', nth: 1 }, do: { kind: 'delay', ms: 3_000 } }, ['open']],
    [{ on: { stage: 'handshake', direction: 'out', nth: 1 }, do: { kind: 'trickle', msPerByte: 10 } }, ['open']],
    [{ on: { stage: 'handshake', direction: 'in', nth: 1 }, do: { kind: 'corrupt' } }, ['open']],
  ])('%j', async (rule, path) => {
    const world = await connected()
    world.hangUp()
    // With another key the handshake takes both messages of the client.
    world.simulator.rotateServerKey()
    world.events.length = 0
    const handle = world.simulator.faults.add(rule)
    const connection = world.client.connection$.subscribe({ error: () => undefined })
    await world.clock.advance(60_000)
    expect(handle.hits()).toBe(1)
    expect(statesOf(world.events)).toEqual(expect.arrayContaining([...path]))
    expect(stateOf(world)).toBe('open')
    connection.unsubscribe()
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})

describe('a silent connection', () => {
  const names = Object.keys(SILENCES) as Silence[]

  it('has at least fourteen ways to be', () => expect(names.length).toBeGreaterThanOrEqual(14))

  /** Silences that leave the connection as good as it was, for our client. */
  const HARMLESS: readonly Silence[] = ['acks_swallowed', 'messages_withheld', 'offline_end_missing', 'pair_device_missing', 'restart_missing', 'pings_answered_only', 'results_swallowed', 'says_only']

  it.each(names)('%s: strikes, keeps the socket open as long as the client does, leaves nothing behind', async (name) => {
    const isPairing = name === 'pair_device_missing' || name === 'restart_missing'
    const world = createTestWorld()
    if (!isPairing) {
      await world.connect()
      world.hangUp()
    }
    if (name === 'client_finish_ignored') world.simulator.rotateServerKey()
    if (name === 'after_offline_preview') write(world, ...Array.from({ length: 10 }, (_, turn) => `text ${turn}`))
    world.events.length = 0
    const handle = world.simulator.faults.add(SILENCES[name])
    const connection = world.client.connection$.subscribe({ error: () => undefined })
    await world.clock.advance(15)
    if (name === 'messages_withheld') write(world, 'a')
    if (name === 'acks_swallowed') void world.client.send(world.ben.lid, { text: 'x' }).result().catch(() => undefined)
    await world.clock.advance(15)
    expect(handle.hits()).toBeGreaterThan(0)
    expect(world.openSockets()).toBe(1)
    handle.remove()
    if (!HARMLESS.includes(name)) {
      // Once the server talks again, the client finds out by itself.
      await world.clock.advance(300_000)
      expect(stateOf(world)).toBe('open')
    }
    connection.unsubscribe()
    await world.clock.advance(60_000)
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})

describe('faults by chance', () => {
  const run = async (seed: number): Promise<readonly unknown[]> => {
    const world = createTestWorld()
    await world.connect()
    const handle = world.simulator.faults.add(seeded({ seed, probability: 0.3, kinds: ['drop', 'delay', 'reorder', 'duplicate'], on: { direction: 'out', tag: 'message' } }))
    write(world, ...Array.from({ length: 30 }, (_, turn) => `text ${turn}`))
    await world.clock.advance(10_000)
    world.hangUp()
    return [handle.hits(), ...textsOf(world.events)]
  }

  it('are the same for the same seed, and others for another', async () => {
    const first = await run(7)
    expect(first[0]).toBeGreaterThan(0)
    expect(await run(7)).toEqual(first)
    expect(await run(8)).not.toEqual(first)
  })

  it.each([1, 2, 3])('never cost a message or make two of one, seed %i', async (seed) => {
    const world = createTestWorld()
    await world.connect()
    const handle = world.simulator.faults.add(seeded({ seed, probability: 0.1, on: { after: 'success' } }))
    for (let turn = 0; turn < 40; turn += 1) {
      write(world, `text ${turn}`)
      await world.clock.advance(500)
    }
    await world.clock.advance(120_000)
    handle.remove()
    expect(handle.hits()).toBeGreaterThan(0)
    // What was dropped without a trace comes with the next connection.
    world.hangUp()
    await world.connect()
    await world.clock.advance(120_000)
    const texts = textsOf(world.events)
    expect([...texts].sort()).toEqual(Array.from({ length: 40 }, (_, turn) => `text ${turn}`).sort())
    world.hangUp()
  })
})

describe('rules', () => {
  it.each<readonly [unknown, string]>([
    [{ do: { kind: 'explode' } }, 'do.kind'],
    [{ do: { kind: 'delay', ms: -1 } }, 'do.ms'],
    [{ on: { nth: 0 }, do: { kind: 'drop' } }, 'on.nth'],
    [{ on: { direction: 'up' }, do: { kind: 'drop' } }, 'on.direction'],
    [{ do: { kind: 'trickle', msPerByte: 0 } }, 'do.msPerByte'],
    [undefined, 'rule'],
    ['drop', 'rule'],
    [{}, 'do'],
    [{ do: 'drop' }, 'do'],
    [{ on: 'message', do: { kind: 'drop' } }, 'on'],
    [{ to: {}, do: { kind: 'drop' } }, 'rule.to'],
    [{ on: { attribute: 'x' }, do: { kind: 'drop' } }, 'on.attribute'],
    [{ on: { tag: 5 }, do: { kind: 'drop' } }, 'on.tag'],
    [{ on: { where: 'always' }, do: { kind: 'drop' } }, 'on.where'],
    [{ do: { kind: 'constructor' } }, 'do.kind'],
    [{ do: { kind: 'drop', ms: 1 } }, 'do.ms'],
    [{ do: { kind: 'delay' } }, 'do.ms'],
    [{ do: { kind: 'corrupt', level: 'byte' } }, 'do.level'],
    [{ do: { kind: 'close', code: 5 } }, 'do.code'],
    [{ do: { kind: 'refuse' } }, 'do.code'],
    [{ do: { kind: 'stall', side: 'left' } }, 'do.side'],
    [{ do: { kind: 'seeded', seed: 1, probability: 2, kinds: ['drop'], limitMs: 1 } }, 'do.probability'],
  ])('%j is refused by name', (rule, option) => {
    const { simulator } = createTestWorld()
    expect(() => simulator.faults.add(rule as FaultRule)).toThrow(expect.objectContaining({ code: 'option_invalid', option }))
  })

  it('for a device need an address', () => {
    const { simulator } = createTestWorld()
    expect(() => simulator.faults.add({ on: { device: 'nobody' }, do: { kind: 'drop' } })).toThrow(expect.objectContaining({ code: 'jid_invalid' }))
  })

  it.each<readonly [Parameters<typeof seeded>[0], string]>([
    [{ seed: 0.5 }, 'seed'],
    [{ seed: 1, probability: 2 }, 'probability'],
    [{ seed: 1, kinds: [] }, 'kinds'],
  ])('seeded %j is refused by name', (options, option) => expect(() => seeded(options)).toThrow(expect.objectContaining({ code: 'option_invalid', option })))

  it('choose by device, by place on the connection, and by what was said before', async () => {
    const world = await connected()
    const { faults } = world.simulator
    const other = faults.add({ on: { device: world.ben.lid }, do: { kind: 'drop' } })
    const mine = faults.add({ on: { device: world.device, direction: 'out', tag: 'message', times: 1, where: ({ stanza }) => stanza?.attrs['type'] === 'text' }, do: { kind: 'drop' } })
    const early = faults.add({ on: { index: 1 }, do: { kind: 'drop' } })
    const late = faults.add({ on: { after: 'ib/edge_routing' }, do: { kind: 'drop' } })
    write(world, 'a', 'b')
    await world.clock.advance(10)
    expect(textsOf(world.events)).toEqual(['b'])
    expect([other, mine, early, late].map(({ hits }) => hits())).toEqual([0, 1, 0, 0])
    faults.clear()
    write(world, 'c')
    await world.clock.advance(10)
    expect(textsOf(world.events)).toEqual(['b', 'c'])
    world.hangUp()
  })
})
