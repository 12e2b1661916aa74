import { describe, expect, it } from '@jest/globals'
import { lastValueFrom } from 'rxjs'

import { createClient, type Client, type PairingCode, type WaEvent } from '../../lib/index.ts'
import { bytesOf, childOf } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock, type Phone, type Simulator, type VirtualClock } from '../../lib/testing/index.ts'
import { expectOnlyViolations } from './world.ts'

interface CodeWorld {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly ana: Phone
  readonly client: Client
  readonly events: WaEvent[]
  readonly ended: () => unknown
  readonly hangUp: () => void
  /** Asks for a code and gives it time to come. */
  readonly ask: (options?: Parameters<Client['pairWithCode']>[1]) => Promise<PairingCode>
  readonly told: (type: WaEvent['type']) => readonly WaEvent[]
}

const createCodeWorld = async (refs = 6): Promise<CodeWorld> => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler, refs })
  expectOnlyViolations(simulator)
  const ana = simulator.phone({ name: 'Ana' })
  const client = createClient({
    store: memoryStore(),
    dial: simulator.dial,
    trustedRoot: simulator.trustedRoot,
    prekeyCount: 5,
    scheduler: clock.scheduler,
    random: () => 0.5,
  })
  const events: WaEvent[] = []
  client.events$.subscribe((event) => events.push(event))
  let ended: unknown
  const connection = client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
  await clock.advance(5)
  return {
    clock,
    simulator,
    ana,
    client,
    events,
    ended: () => ended,
    hangUp: () => connection.unsubscribe(),
    ask: async (options) => {
      const code = client.pairWithCode(`+${ana.phoneNumber.user}`, options).result()
      // Whoever expects a refusal reads it later than it comes.
      code.catch(() => undefined)
      await clock.advance(5)
      return code
    },
    told: (type) => events.filter((event) => event.type === type),
  }
}

describe('pairing by code', () => {
  it('links the phone that types the code and nothing else, and logs in', async () => {
    const world = await createCodeWorld()
    const { code, timeoutMs } = await world.ask()
    expect(code).toMatch(/^[1-9A-HJ-NP-TV-Z]{8}$/)
    expect(timeoutMs).toBeLessThanOrEqual(180_000)
    expect(world.told('pairing_code')).toMatchObject([{ code }])
    const linked = world.ana.enterCode(`${code.slice(0, 4)}-${code.slice(4).toLowerCase()}`)
    await world.clock.advance(5)
    expect(String(await linked)).toBe('90010001:1@lid')
    await world.clock.advance(10)
    expect(world.told('connected')).toHaveLength(1)
    expect(String(world.client.me()?.lid)).toBe('90010001:1@lid')
    // The clock of the link went with it.
    await world.clock.advance(200_000)
    expect(world.told('pairing_code_refresh')).toEqual([])
    world.hangUp()
    expect([world.simulator.connections(), world.clock.pendingTimers()]).toEqual([0, 0])
  })

  it('takes a code of one\'s own, asked for before the connection is up', async () => {
    const world = await createCodeWorld()
    world.hangUp()
    const asked = world.client.pairWithCode(world.ana.phoneNumber.user, { code: 'rxwa-1234' }).result()
    const connection = world.client.connection$.subscribe()
    await world.clock.advance(10)
    expect(await asked).toMatchObject({ code: 'RXWA1234' })
    const linked = world.ana.enterCode('RXWA1234')
    await world.clock.advance(20)
    await linked
    expect(world.told('pair_success')).toHaveLength(1)
    connection.unsubscribe()
  })

  it('hears nothing of a wrong code, and calls the code off after a minute', async () => {
    const world = await createCodeWorld()
    const { code } = await world.ask({ code: 'AAAAAAAA' })
    const typed = world.ana.enterCode('BBBBBBBB').catch((error: Error) => error)
    await world.clock.advance(5)
    expect(await typed).toMatchObject({ code: 'pairing_rejected' })
    await world.clock.advance(59_000)
    expect(world.told('pairing_code_refresh')).toEqual([])
    await world.clock.advance(1_100)
    expect(world.told('pairing_code_refresh')).toMatchObject([{ forceManual: false }])
    // The dead code gave its place to a new one, which works.
    const again = await world.ask()
    expect(again.code).not.toBe(code)
    const linked = world.ana.enterCode(again.code)
    await world.clock.advance(20)
    await linked
    expect(world.told('connected')).toHaveLength(1)
    world.hangUp()
  })

  it('lets the phone start over with the same code, three times in all', async () => {
    const world = await createCodeWorld()
    const { code } = await world.ask({ code: 'AAAAAAAA' })
    const finished: string[] = []
    world.simulator.traffic$.subscribe(({ direction, stanza }) => {
      const stage = childOf(stanza, 'link_code_companion_reg')?.attrs['stage']
      if (direction === 'in' && stage === 'companion_finish') finished.push(stage)
    })
    for (let count = 0; count < 3; count += 1) {
      const typed = world.ana.enterCode('BBBBBBBB').catch((error: Error) => error)
      await world.clock.advance(5)
      expect(await typed).toBeInstanceOf(Error)
    }
    // The device answers no fourth time, be the code right or wrong.
    void world.ana.enterCode(code)
    await world.clock.advance(5)
    expect(finished).toHaveLength(3)
    expect(world.told('pair_success')).toEqual([])
    world.hangUp()
  })

  it('has one code out at a time, until it is cancelled', async () => {
    const world = await createCodeWorld()
    const { code } = await world.ask()
    await expect(world.ask()).rejects.toMatchObject({ code: 'pairing_code_failed', fault: 'already_outstanding' })
    await lastValueFrom(world.client.cancelPairingCode())
    expect((await world.ask()).code).not.toBe(code)
    world.hangUp()
  })

  it('says what the server refused, and how long to wait', async () => {
    const world = await createCodeWorld()
    world.simulator.refusePairingCodes('429', 120)
    await expect(world.ask()).rejects.toMatchObject({ fault: 'refused', status: 429, backoffSeconds: 120 })
    expect(world.told('pairing_code_error')).toMatchObject([{ rejection: 429, backoffSeconds: 120 }])
    world.simulator.refusePairingCodes(undefined)
    expect((await world.ask()).code).toHaveLength(8)
    world.hangUp()
  })

  it('gives up after thirty seconds without an answer', async () => {
    const world = await createCodeWorld()
    world.simulator.refusePairingCodes('silent')
    const code = world.client.pairWithCode(world.ana.phoneNumber.user).result()
    code.catch(() => undefined)
    await world.clock.advance(30_010)
    await expect(code).rejects.toMatchObject({ fault: 'timed_out' })
    world.hangUp()
  })

  it('is free for another code when nobody waits for the first any more', async () => {
    const world = await createCodeWorld()
    world.simulator.refusePairingCodes('silent')
    world.client.pairWithCode(world.ana.phoneNumber.user).subscribe().unsubscribe()
    world.simulator.refusePairingCodes(undefined)
    expect((await world.ask()).code).toHaveLength(8)
    world.hangUp()
  })

  it.each([false, true])('tells that the server called the code back (by hand: %s)', async (force) => {
    const world = await createCodeWorld()
    await world.ask()
    world.simulator.refreshPairingCodes(force)
    await world.clock.advance(5)
    expect(world.told('pairing_code_refresh')).toMatchObject([{ forceManual: force }])
    world.hangUp()
  })

  it('keeps the connection for a code that is out after the last QR code', async () => {
    const world = await createCodeWorld(1)
    await world.clock.advance(30_000)
    const { code } = await world.ask()
    await world.clock.advance(31_000)
    expect(world.told('pairing_qr_codes_exhausted')).toMatchObject([{ disconnected: false }])
    expect(world.ended()).toBeUndefined()
    const linked = world.ana.enterCode(code)
    await world.clock.advance(20)
    await linked
    expect(world.told('connected')).toHaveLength(1)
    world.hangUp()
  })

  it('goes through the steps in order, under one reference of sixteen bytes', async () => {
    const world = await createCodeWorld()
    const sent: string[] = []
    world.simulator.traffic$.subscribe(({ direction, stanza: said }) => {
      const step = childOf(said, 'link_code_companion_reg')
      if (step) sent.push(`${direction} ${said.tag} ${String(step.attrs['stage'])}`)
      if (step) expect(bytesOf(childOf(step, 'link_code_pairing_ref'))?.length ?? 16).toBe(16)
    })
    const { code } = await world.ask()
    const linked = world.ana.enterCode(code)
    await world.clock.advance(20)
    await linked
    expect(sent).toEqual([
      'in iq companion_hello',
      'out iq companion_hello',
      'out notification primary_hello',
      'in iq companion_finish',
    ])
    world.hangUp()
  })

  it('shows the QR code again when the secret is another, and links by either', async () => {
    const world = await createCodeWorld()
    const { code } = await world.ask()
    void world.ana.enterCode(code === 'AAAAAAAA' ? 'BBBBBBBB' : 'AAAAAAAA').catch(() => undefined)
    await world.clock.advance(10)
    const shown = world.told('pairing_qr_code')
    expect(shown).toHaveLength(2)
    const last = shown.at(-1)
    if (last?.type !== 'pairing_qr_code') throw new Error('no QR code')
    expect(last.timeoutMs).toBeGreaterThan(59_000)
    const linked = world.ana.scan(last.code)
    await world.clock.advance(20)
    await linked
    expect(world.told('connected')).toHaveLength(1)
    expect(world.told('pair_error')).toEqual([])
    world.hangUp()
  })

  it.each([
    ['', undefined, 'phoneNumber'],
    ['0123456789', undefined, 'phoneNumber'],
    ['12345', undefined, 'phoneNumber'],
    ['15550100001', 'ABC', 'options.code'],
    ['15550100001', 'AAAAAAA0', 'options.code'],
  ])('refuses %p with code %p at the door', async (phoneNumber, code, option) => {
    const world = await createCodeWorld()
    expect(() => world.client.pairWithCode(phoneNumber, code === undefined ? {} : { code })).toThrow(
      expect.objectContaining({ code: 'option_invalid', option }),
    )
    world.hangUp()
  })
})
