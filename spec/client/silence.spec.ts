import { describe, expect, it } from '@jest/globals'

import { textOf } from '../../lib/index.ts'
import { SILENCES, type Silence } from '../../lib/testing/index.ts'
import { createTestWorld, statesOf, type TestWorld } from './world.ts'

/** When a silence strikes, and within how long the client must have left the connection. */
interface Expectation {
  readonly strikes: 'at_login' | 'while_open'
  readonly withinMs: number
}

/** The option `connectLimitMs`. */
const HANDSHAKE_MS = 20_000
const LOGIN_MS = 60_000
/** Twice the longest pause of the option `keepAlive`. */
const TWO_PERIODS_MS = 60_000

const atLogin = (withinMs: number): Expectation => ({ strikes: 'at_login', withinMs })
const ANY_TIME: readonly Expectation[] = [atLogin(TWO_PERIODS_MS), { strikes: 'while_open', withinMs: TWO_PERIODS_MS }]

/** Every silence: where it is noticed, or why it is none of the connection. */
const EXPECTED: Readonly<Record<Silence, readonly Expectation[] | 'connection_is_fine' | 'pairing'>> = {
  server_hello_missing: [atLogin(HANDSHAKE_MS)],
  server_hello_half: [atLogin(HANDSHAKE_MS)],
  server_hello_trickled: [atLogin(HANDSHAKE_MS)],
  client_finish_ignored: [atLogin(LOGIN_MS)],
  success_missing: [atLogin(LOGIN_MS)],
  success_half: [atLogin(LOGIN_MS)],
  after_success: ANY_TIME,
  after_offline_preview: [atLogin(TWO_PERIODS_MS)],
  hears_only: ANY_TIME,
  says_only: ANY_TIME,
  pings_answered_only: ANY_TIME,
  server_pings_only: ANY_TIME,
  results_swallowed: [atLogin(TWO_PERIODS_MS)],
  acks_swallowed: 'connection_is_fine',
  messages_withheld: 'connection_is_fine',
  offline_end_missing: 'connection_is_fine',
  frame_half: ANY_TIME,
  stanza_trickled: ANY_TIME,
  pair_device_missing: 'pairing',
  restart_missing: 'pairing',
}

const cases = Object.entries(EXPECTED).flatMap(([name, expected]) =>
  typeof expected === 'string' ? [] : expected.map(({ strikes, withinMs }) => ({ name: name as Silence, strikes, withinMs })),
)

const STEP_MS = 1_000
const PAUSE_BETWEEN_TEXTS_MS = 5_000

/** Both persons write every few seconds; everything they wrote and saw is kept. */
const createConversation = (world: TestWorld) => {
  const [written, seenByAna, seenByBen]: readonly [string[], (string | undefined)[], (string | undefined)[]] = [[], [], []]
  const outcomes: Promise<string>[] = []
  const failures: unknown[] = []
  world.client.messages$.subscribe(({ message, info }) => info.source.isFromMe || seenByAna.push(textOf(message)))
  world.client.undecryptableMessages$.subscribe((event) => failures.push(event))
  world.ben.messages$.subscribe(({ text }) => seenByBen.push(text))
  world.ben.failures$.subscribe((error) => failures.push(error))
  const write = (): void => {
    const text = `text ${written.length}`
    written.push(text)
    world.ben.send(world.ana.lid, text)
    outcomes.push(world.client.send(world.ben.lid, { text }).result().then(() => 'accepted', (error: { readonly code: string }) => error.code))
  }
  /** Lets time pass; they go on writing meanwhile. */
  const goOn = async (durationMs: number, isOver: () => boolean = () => false): Promise<void> => {
    for (let passed = 0; passed < durationMs && !isOver(); passed += STEP_MS) {
      if (passed % PAUSE_BETWEEN_TEXTS_MS === 0) write()
      await world.clock.advance(STEP_MS)
    }
  }
  return { written, seenByAna, seenByBen, outcomes, failures, goOn }
}

const inOrder = (texts: readonly (string | undefined)[]): readonly (string | undefined)[] =>
  [...texts].sort((one, other) => Number(one?.slice(5)) - Number(other?.slice(5)))

/** When the client left a connection of its own accord, by its clock. */
const watchLosses = (world: TestWorld, onLoss: () => void): number[] => {
  const losses: number[] = []
  world.client.connectionState$.subscribe(({ kind }) => {
    if (kind !== 'waiting') return
    losses.push(world.clock.scheduler.now())
    onLoss()
  })
  return losses
}

const expectNothingLeft = async (world: TestWorld): Promise<void> => {
  world.hangUp()
  await world.clock.advance(0)
  expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  expect(world.simulator.reusedMessageKeys()).toEqual([])
}

describe('a connection that goes silent', () => {
  it('does so in at least fourteen ways', () => expect(new Set(cases.map(({ name }) => name)).size).toBeGreaterThanOrEqual(14))

  it.each(cases)('$name, $strikes: is left within $withinMs ms, and nothing is lost or doubled', async ({ name, strikes, withinMs }) => {
    const world = createTestWorld()
    await world.connect()
    const talk = createConversation(world)
    await talk.goOn(10_000)
    const { now } = world.clock.scheduler

    if (strikes === 'at_login') {
      if (name === 'client_finish_ignored') world.simulator.rotateServerKey()
      world.simulator.disconnect(world.device)
      await world.clock.advance(0)
    }
    const handle = world.simulator.faults.add(SILENCES[name])
    let isLeft = false
    const losses = watchLosses(world, () => {
      if (handle.hits() === 0) return
      handle.remove()
      isLeft = true
    })
    await talk.goOn(10_000, () => handle.hits() > 0)
    expect(handle.hits()).toBeGreaterThan(0)
    const struckAtMs = now() - STEP_MS
    await talk.goOn(withinMs + STEP_MS, () => isLeft)
    expect(isLeft).toBe(true)
    expect(losses.at(-1)! - struckAtMs).toBeLessThanOrEqual(withinMs + STEP_MS)

    await talk.goOn(10_000)
    await world.clock.advance(30_000)
    expect(statesOf(world.events).at(-1)).toBe('open')
    expect(await Promise.all(talk.outcomes)).toEqual(talk.written.map(() => 'accepted'))
    expect(talk.seenByAna).toEqual(talk.written)
    // What was under way side by side may overtake; a send that waits for the one before does not.
    expect(inOrder(talk.seenByBen)).toEqual(talk.written)
    expect(talk.failures).toEqual([])
    await expectNothingLeft(world)
  })
})

describe('a server that keeps one thing back', () => {
  it('acks_swallowed: sends say so, the connection stays, everything arrives once', async () => {
    const world = createTestWorld()
    await world.connect()
    const talk = createConversation(world)
    const losses = watchLosses(world, () => undefined)
    const handle = world.simulator.faults.add(SILENCES.acks_swallowed)
    await talk.goOn(10_000)
    await world.clock.advance(60_000)
    expect(await Promise.all(talk.outcomes)).toEqual(talk.written.map(() => 'message_unacknowledged'))
    handle.remove()
    await talk.goOn(10_000)
    await world.clock.advance(60_000)
    expect((await Promise.all(talk.outcomes)).slice(2)).toEqual(['accepted', 'accepted'])
    expect([losses, talk.seenByAna, talk.seenByBen]).toEqual([[], talk.written, talk.written])
    await expectNothingLeft(world)
  })

  it('messages_withheld: they come with the next connection, in order', async () => {
    const world = createTestWorld()
    await world.connect()
    const talk = createConversation(world)
    const handle = world.simulator.faults.add(SILENCES.messages_withheld)
    await talk.goOn(60_000)
    expect(talk.seenByAna).toEqual([])
    handle.remove()
    world.client.reconnect()
    await world.clock.advance(10_000)
    expect([talk.seenByAna, talk.seenByBen]).toEqual([talk.written, talk.written])
    await expectNothingLeft(world)
  })

  it('offline_end_missing: the backlog counts as over after a minute, and is complete', async () => {
    const world = createTestWorld()
    await world.connect()
    const talk = createConversation(world)
    world.client.pause()
    await talk.goOn(20_000)
    const handle = world.simulator.faults.add(SILENCES.offline_end_missing)
    world.client.resume()
    await talk.goOn(65_000)
    expect(handle.hits()).toBe(1)
    expect(statesOf(world.events).at(-1)).toBe('open')
    expect([talk.seenByAna, talk.seenByBen]).toEqual([talk.written, talk.written])
    await expectNothingLeft(world)
  })
})

describe('a server that goes silent while a device is linked', () => {
  const connectInto = async (name: 'pair_device_missing' | 'restart_missing') => {
    const world = createTestWorld()
    const handle = world.simulator.faults.add(SILENCES[name])
    const losses = watchLosses(world, handle.remove)
    const startedAtMs = world.clock.scheduler.now()
    const connecting = world.connect()
    await world.clock.advance(LOGIN_MS)
    return { world, connecting, losses, startedAtMs }
  }

  it('pair_device_missing: is left within a minute; the code comes with the next connection', async () => {
    const { world, connecting, losses, startedAtMs } = await connectInto('pair_device_missing')
    expect(losses.map((atMs) => atMs - startedAtMs)).toEqual([LOGIN_MS])
    await world.clock.advance(5_000)
    await connecting
    expect(statesOf(world.events).at(-1)).toBe('open')
    await expectNothingLeft(world)
  })

  it('restart_missing: a linked device logs in within a minute all the same', async () => {
    const { world, connecting, losses, startedAtMs } = await connectInto('restart_missing')
    expect(losses.map((atMs) => atMs - startedAtMs)).toEqual([LOGIN_MS])
    await world.clock.advance(5_000)
    await connecting
    expect(statesOf(world.events).at(-1)).toBe('open')
    const talk = createConversation(world)
    await talk.goOn(10_000)
    expect([talk.seenByAna, talk.seenByBen]).toEqual([talk.written, talk.written])
    await expectNothingLeft(world)
  })
})
