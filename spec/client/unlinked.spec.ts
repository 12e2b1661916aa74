import { describe, expect, it } from '@jest/globals'

import { createClient, stanza, toJid, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { aPush } from '../../lib/testing/index.ts'
import { createTestWorld, expectOnlyViolations } from './world.ts'

const from = toJid('15550100002@s.whatsapp.net')

describe('a device that is not linked yet', () => {
  it.each([
    ['news about an account', stanza('notification', { id: '1', from, type: 'account_sync', t: '1' }, [stanza('picture')])],
    ['typing', aPush.chat_presence()],
    ['a receipt', stanza('receipt', { id: '1', from, t: '1' })],
    ['a message', stanza('message', { id: '1', from, type: 'text', t: '1' }, [stanza('enc', { v: '2', type: 'msg' }, Uint8Array.of(1))])],
    ['a post', stanza('status', { id: '1', from: '120363000000000002@newsletter', t: '1' })],
    ['a call', stanza('call', { id: '1', from, t: '1' }, [stanza('offer', { 'call-id': 'C', 'call-creator': from })])],
    ['a group', stanza('notification', { id: '1', from: '120363000000000001@g.us', type: 'w:gp2', t: '1' }, [stanza('locked')])],
  ])('is not ended by %s', async (_, received) => {
    const { clock, simulator } = createTestWorld()
    // No server writes to a device without an address; there is none to acknowledge it from.
    expectOnlyViolations(simulator, 'ack@from')
    const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler })
    const events: WaEvent[] = []
    client.events$.subscribe((event) => events.push(event))
    let ended: unknown
    const connection = client.connection$.subscribe({ error: (error: unknown) => (ended = error) })
    await clock.advance(5)
    expect(events.some(({ type }) => type === 'pairing_qr_code')).toBe(true)
    events.length = 0
    simulator.injectIntoPairings(received)
    await clock.advance(10)
    expect(ended).toBeUndefined()
    expect(events.length).toBeGreaterThan(0)
    connection.unsubscribe()
  })
})
