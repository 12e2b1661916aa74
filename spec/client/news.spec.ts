import { describe, expect, it } from '@jest/globals'

import * as rxjs from 'rxjs'

import { stanza, toJid } from '../../lib/index.ts'
import { childOf } from '../../lib/stanza/stanza.ts'
import { createTestWorld } from './world.ts'

const ib = (child: ReturnType<typeof stanza>) => stanza('ib', { from: toJid('s.whatsapp.net') }, [child])

describe('what the server tells in passing', () => {
  it('where to connect next time is sent ahead of the next connection', async () => {
    const routingInfo = Uint8Array.of(8, 10)
    const world = createTestWorld({}, { routingInfo })
    await world.connect()
    expect(world.simulator.routingInfoOf(world.device)).toBeUndefined()
    world.hangUp()
    await world.connect()
    expect(world.simulator.routingInfoOf(world.device)).toEqual(routingInfo)
    world.hangUp()
  })

  it('the end of this version: the soonest counts, never closer than three days, and it can be withdrawn', async () => {
    const world = createTestWorld()
    await world.connect()
    const days = (count: number) => String(Math.floor(world.clock.scheduler.now() / 1000) + count * 86_400)
    const announced = () =>
      world.events.flatMap((event) => (event.type === 'client_expiration_changed' ? [event.withdrawn ? 'withdrawn' : Math.round((event.expiresAt!.getTime() - world.clock.scheduler.now()) / 86_400_000)] : []))
    const announce = (t?: string) => world.simulator.inject(world.device, ib(stanza('client_expiration', { t })))
    announce(days(30))
    announce(days(40))
    announce(days(10))
    announce(days(1))
    announce('soon')
    announce('-5')
    announce()
    announce()
    expect(announced()).toEqual([30, 10, 3, 'withdrawn'])
    world.hangUp()
  })

  it('that prekeys run low: one upload, however many reminders', async () => {
    const world = createTestWorld()
    await world.connect()
    world.sent.length = 0
    const reminder = (id: string) => stanza('notification', { from: toJid('s.whatsapp.net'), type: 'encrypt', id, t: '1' }, [stanza('count', { value: '2' })])
    world.simulator.inject(world.device, reminder('R1'))
    await world.clock.advance(1)
    const uploads = () => world.sent.filter((sent) => sent.tag === 'iq' && childOf(sent, 'list') && sent.attrs['xmlns'] === 'encrypt')
    expect(uploads().length).toBe(1)
    expect(world.simulator.prekeysOf(world.device)).toBe(20)
    expect(world.sent.some(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'R1')).toBe(true)
    expect(await world.client.ensurePrekeys()).toBe(20)
    expect(uploads().length).toBe(1)
    world.hangUp()
  })

  it('dirty data, a phone without linked devices, and what nobody knows become events', async () => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.simulator.inject(world.device, ib(stanza('dirty', { type: 'account_sync', timestamp: '1767225600' }, [stanza('devices')])))
    world.simulator.inject(world.device, ib(stanza('dirty', { timestamp: 'x' })))
    world.simulator.inject(world.device, ib(stanza('downgrade_webclient')))
    world.simulator.inject(world.device, ib(stanza('novelty')))
    expect(world.events).toMatchObject([
      { type: 'dirty_state', dirtyType: 'account_sync', timestamp: new Date('2026-01-01T00:00:00Z'), protocols: ['devices'] },
      { type: 'malformed_stanza' },
      { type: 'qr_scanned_without_multidevice' },
      { type: 'unhandled_stanza' },
    ])
    world.hangUp()
  })
})

describe('raw streams', () => {
  it('cost nothing until somebody subscribes, and then are seen by all', async () => {
    const world = createTestWorld()
    await world.connect()
    expect(world.events.some(({ type }) => type === 'raw_node' || type === 'sent_frame')).toBe(false)
    const raw: string[] = []
    const watching = world.client.rawNodes$.subscribe(({ node }) => raw.push(node.tag))
    world.ben.send(world.ana.lid, 'x')
    expect(raw).toContain('message')
    expect(world.events.some(({ type }) => type === 'raw_node')).toBe(true)
    watching.unsubscribe()
    world.events.length = 0
    world.ben.send(world.ana.lid, 'y')
    expect(world.events.some(({ type }) => type === 'raw_node')).toBe(false)
    world.hangUp()
  })

  it('payloads and failures as well', async () => {
    const world = createTestWorld()
    await world.connect()
    const payloads: number[] = []
    const watching = world.client.decryptedPayloads$.subscribe(({ payload, encType }) => payloads.push(payload.length, encType.length))
    world.ben.send(world.ana.lid, 'x')
    expect(payloads).toEqual([3, 5])
    watching.unsubscribe()
    world.hangUp()
  })

  it('a subscriber that throws costs nobody else anything', async () => {
    const world = createTestWorld()
    await world.connect()
    const reported = new Promise((resolve) => {
      const { config } = rxjs
      config.onUnhandledError = resolve
    })
    const boom = new Error('mine')
    world.client.messages$.subscribe(() => {
      throw boom
    })
    const received: string[] = []
    world.client.messages$.subscribe(({ info }) => received.push(info.id))
    const id = world.ben.send(world.ana.lid, 'x')
    expect(received).toEqual([id])
    expect(world.simulator.waitingFor(world.device)).toBe(0)
    expect(await reported).toBe(boom)
    rxjs.config.onUnhandledError = null
    world.hangUp()
  })
})
