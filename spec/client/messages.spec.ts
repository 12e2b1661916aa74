import { describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, map, take, toArray } from 'rxjs'

import { childOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { createClient, textOf, toJid, type MessageEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { expectOnlyViolations, createTestWorld, type TestWorld } from './world.ts'

const answersTo = (sent: readonly Stanza[], id: string): readonly Stanza[] =>
  sent.filter(({ tag, attrs }) => (tag === 'ack' || tag === 'receipt') && attrs['id'] === id)

const withBen = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  const first = firstValueFrom(world.client.messages$)
  world.ben.send(world.ana.lid, 'hello')
  await first
  world.events.length = 0
  world.sent.length = 0
  return world
}

const incoming = (id: string, content: readonly Stanza[], more: Readonly<Record<string, string>> = {}): Stanza =>
  stanza('message', { from: toJid('90010002@lid'), id, type: 'text', t: '1767225600', notify: 'Ben', ...more }, content)

describe('a message that cannot be used', () => {
  it('of a wrong shape becomes an event with all faults, and is refused', async () => {
    const world = await withBen()
    world.simulator.inject(world.device, stanza('message', { id: 'X1', from: toJid('90010002@lid'), t: 'noon' }, [stanza('enc', { v: '2', type: 'msg' }, Uint8Array.of(1))]))
    expect(world.events).toMatchObject([{ type: 'malformed_stanza', faults: [expect.stringContaining('t is not')] }])
    expect(answersTo(world.sent, 'X1')).toMatchObject([{ tag: 'ack', attrs: { class: 'message', error: '487' } }])
    world.hangUp()
  })

  it.each([
    ['cut', Uint8Array.of(0x33, 1, 2), 'malformed_ciphertext', '487'],
    ['empty', new Uint8Array(0), 'malformed_ciphertext', '487'],
  ])('%s: %s', async (_, ciphertext, reason, error) => {
    const world = await withBen()
    world.simulator.inject(world.device, incoming('X2', [stanza('enc', { v: '2', type: 'msg' }, ciphertext)]))
    expect(world.events).toMatchObject([{ type: 'undecryptable_message', reason, recovery: 'none', isUnavailable: false, decryptFailMode: 'show' }])
    expect(answersTo(world.sent, 'X2')).toMatchObject([{ tag: 'ack', attrs: { error } }])
    world.hangUp()
  })

  it('with a wrong MAC is asked for again, then acknowledged; the ratchet is unharmed', async () => {
    const world = await withBen()
    // Once answered, Ben's next message ends with the MAC.
    await world.client.send(world.ben.lid, { text: 'an answer' })
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'never seen')
    const [event] = world.events.filter(({ type }) => type === 'undecryptable_message')
    expect(event).toMatchObject({ reason: 'bad_mac', recovery: 'retry_receipt', cause: { fault: 'bad_mac' } })
    const [receipt, ack] = answersTo(world.sent, id)
    expect(receipt).toMatchObject({ tag: 'receipt', attrs: { type: 'retry' } })
    expect(childOf(receipt!, 'retry')).toMatchObject({ attrs: { v: '1', count: '1', id, error: '7' } })
    expect(ack).toMatchObject({ tag: 'ack', attrs: { class: 'message' } })
    expect(ack?.attrs['error']).toBeUndefined()

    const after = firstValueFrom(world.client.messages$)
    world.ben.send(world.ana.lid, 'still fine')
    expect(textOf((await after).message)).toBe('still fine')
    world.hangUp()
  })

  it('delivered twice is told once and acknowledged twice', async () => {
    const world = await withBen()
    const genuine = await capture(world, 'once')
    const before = world.events.filter(({ type }) => type === 'message').length
    world.simulator.inject(world.device, genuine)
    expect(world.events.filter(({ type }) => type === 'message').length).toBe(before)
    expect(answersTo(world.sent, String(genuine.attrs['id'])).length).toBe(2)
    world.hangUp()
  })

  it.each([
    [stanza('unavailable', { type: 'view_once' }), 'view_once'],
    [stanza('unavailable', { hosted: 'true' }), 'hosted'],
    [stanza('unavailable'), 'unknown'],
  ])('%#: without content says so', async (unavailable, unavailableType) => {
    const world = await withBen()
    world.simulator.inject(world.device, incoming('X4', [unavailable]))
    expect(world.events).toMatchObject([{ type: 'undecryptable_message', isUnavailable: true, unavailableType }])
    // What the phone can be asked for is acknowledged when it was.
    await world.clock.advance(200)
    expect(answersTo(world.sent, 'X4').length).toBe(1)
    world.hangUp()
  })

  it('of an unknown kind is acknowledged', async () => {
    const world = await withBen()
    world.simulator.inject(world.device, incoming('X5', [stanza('enc', { v: '2', type: 'frskmsg' }, Uint8Array.of(1))]))
    expect(world.events).toMatchObject([{ type: 'undecryptable_message', reason: 'unsupported_enc_type' }])
    expect(answersTo(world.sent, 'X5')).toMatchObject([{ tag: 'ack' }])
    world.hangUp()
  })
})

/** Lets Ben send, and gives the stanza as it went to our device. */
const capture = async ({ simulator, ben, ana, client }: TestWorld, text: string): Promise<Stanza> => {
  const delivered = firstValueFrom(simulator.traffic$.pipe(filter((traffic) => traffic.direction === 'out' && traffic.stanza.tag === 'message')))
  const event = firstValueFrom(client.messages$)
  ben.send(ana.lid, text)
  await event
  return (await delivered).stanza
}

describe('a message of a kind we cannot read yet', () => {
  it('from somebody who speaks in our name is told as malformed', async () => {
    const world = await withBen()
    const id = world.ben.sendMessage(world.ana.lid, { deviceSentMessage: { destinationJid: '1@lid', message: { conversation: 'I am you' } } })
    expect(world.events.filter(({ type }) => type !== 'server_ack')).toMatchObject([{ type: 'malformed_stanza', faults: [expect.stringContaining('somebody else')] }])
    expect(answersTo(world.sent, id).length).toBe(1)
    world.hangUp()
  })

  it('without content is told', async () => {
    const world = await withBen()
    world.simulator.inject(world.device, incoming('X6', []))
    expect(world.events).toMatchObject([{ type: 'unhandled_stanza' }])
    expect(answersTo(world.sent, 'X6').length).toBe(1)
    world.hangUp()
  })
})

describe('other stanzas', () => {
  it('nobody knows become events and are answered as the tables say', async () => {
    const world = await withBen()
    const from = toJid('90010002@lid')
    world.simulator.inject(world.device, stanza('novelty', { id: 'N1', from }))
    world.simulator.inject(world.device, stanza('notification', { id: 'N2', from, type: 'picture', t: '1' }))
    world.simulator.inject(world.device, stanza('call', { id: 'N3', from, t: '1' }, [stanza('offer')]))
    world.simulator.inject(world.device, stanza('presence', { from }))
    world.simulator.inject(world.device, stanza('receipt', { id: 'N4', t: '1' }))
    expect(world.events.map(({ type }) => type)).toEqual(['unhandled_stanza', 'picture_update', 'malformed_stanza', 'presence', 'malformed_stanza'])
    expect(answersTo(world.sent, 'N1')).toMatchObject([{ attrs: { class: 'novelty', error: '488' } }])
    expect(answersTo(world.sent, 'N2')).toMatchObject([{ attrs: { class: 'notification', type: 'picture' } }])
    expect(answersTo(world.sent, 'N3')).toMatchObject([{ attrs: { class: 'call' } }])
    world.hangUp()
  })

  it('server pings are answered, with and without an id', async () => {
    const world = await withBen()
    world.simulator.inject(world.device, stanza('iq', { from: toJid('s.whatsapp.net'), type: 'get', xmlns: 'urn:xmpp:ping', id: 'P1' }))
    world.simulator.inject(world.device, stanza('iq', { from: toJid('s.whatsapp.net'), xmlns: 'urn:xmpp:ping' }))
    expect(world.sent).toMatchObject([{ tag: 'iq', attrs: { type: 'result', id: 'P1' } }, { tag: 'iq', attrs: { type: 'result' } }])
    world.hangUp()
  })

  it('a frame that is no stanza is told, and the connection goes on', async () => {
    const world = await withBen()
    world.simulator.injectBytes(world.device, Uint8Array.of(0, 0xf0))
    const deep = new Uint8Array(1 + 5 * 10_000).map((_, index) => (index === 0 ? 0 : [0xf8, 2, 0x19, 0xf8, 1][(index - 1) % 5]!))
    world.simulator.injectBytes(world.device, deep)
    expect(world.events).toMatchObject([
      { type: 'decode_error', error: { code: 'stanza_codec' } },
      { type: 'decode_error', error: { fault: 'max_depth_exceeded' } },
    ])
    const after = firstValueFrom(world.client.messages$)
    world.ben.send(world.ana.lid, 'still here')
    expect(textOf((await after).message)).toBe('still here')
    world.hangUp()
  })
})

describe('sending', () => {
  it('reports each step, skips who has no keys, and refuses when nobody can be reached', async () => {
    const world = await withBen()
    const steps = firstValueFrom(world.client.send(world.ben.lid, { text: 'x' }).pipe(map(({ kind }) => kind), toArray()))
    expect(await steps).toEqual(['queued', 'encrypted', 'sent', 'accepted'])

    const nobody = world.client.send('15559999999@s.whatsapp.net', { text: 'x' })
    await expect(nobody.result()).rejects.toMatchObject({ code: 'no_device_reachable', tried: 1 })
    // The stream of progress itself never errors.
    expect(await firstValueFrom(nobody.pipe(toArray()))).toMatchObject([{ kind: 'queued' }, { kind: 'failed' }])
    world.hangUp()
  })

  it('goes to the phone alone while the list of devices is not signed by it, and asks again for the next', async () => {
    const world = await withBen()
    const { clock, simulator } = world
    const second = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, prekeyCount: 5 })
    second.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void world.ben.scan(code))
    const seen: (string | undefined)[] = []
    second.messages$.subscribe(({ message }) => seen.push(textOf(message)))
    const connection = second.connection$.subscribe()
    await clock.advance(20)
    simulator.forgeDeviceLists(true)
    const atBen = firstValueFrom(world.ben.messages$)
    await world.client.send(world.ben.lid, { text: 'for the phone' })
    expect((await atBen).text).toBe('for the phone')
    await clock.advance(5)
    expect(seen).toEqual([])
    simulator.forgeDeviceLists(false)
    await world.client.send(world.ben.lid, { text: 'for both' })
    await clock.advance(5)
    expect(seen).toEqual(['for both'])
    connection.unsubscribe()
    world.hangUp()
  })

  it('tells the refusal of the server', async () => {
    const world = await withBen()
    world.simulator.refuseMessages('479')
    await expect(world.client.send(world.ben.lid, { text: 'x' }).result()).rejects.toMatchObject({ code: 'message_refused', status: '479' })
    world.hangUp()
  })

  it('writes the same bytes again when the server is silent, and delivers once', async () => {
    const world = await withBen()
    const received: (string | undefined)[] = []
    world.ben.messages$.subscribe(({ text }) => received.push(text))
    world.simulator.refuseMessages('silent')
    const sending = world.client.send(world.ben.lid, { text: 'once' }).result()
    await world.clock.advance(10_100)
    world.simulator.refuseMessages(undefined)
    await world.clock.advance(2_000)
    await sending
    const written = world.sent.filter(({ tag }) => tag === 'message')
    expect(written.length).toBe(2)
    expect(written[1]).toEqual(written[0])
    expect(received).toEqual(['once'])
    world.hangUp()
  })

  it('waits for the connection, and goes on over a loss', async () => {
    const world = createTestWorld()
    await world.connect()
    world.hangUp()
    const received = firstValueFrom(world.ben.messages$)
    const sending = world.client.send(world.ben.phoneNumber, { text: 'patience' }).result()
    await world.connect()
    expect((await received).text).toBe('patience')
    await sending
    world.hangUp()
  })

  it('fails when the connection ended for good, whether it was waiting or on its way', async () => {
    const world = await withBen()
    world.simulator.refuseMessages('silent')
    const onItsWay = expect(world.client.send(world.ben.lid, { text: 'x' }).result()).rejects.toMatchObject({ code: 'logged_out' })
    world.ana.unlink(1)
    await world.clock.advance(1)
    await onItsWay
    await expect(world.client.send(world.ben.lid, { text: 'y' }).result()).rejects.toMatchObject({ code: 'logged_out' })
  })

  it('happens once for all who watch, not at all for nobody, and stops when cancelled', async () => {
    const world = await withBen()
    const received: unknown[] = []
    world.ben.messages$.subscribe((message) => received.push(message))
    const operation = world.client.send(world.ben.lid, { text: 'lazy' })
    expect(world.sent).toEqual([])
    const [one, other] = await Promise.all([operation.result(), operation.result(), firstValueFrom(operation)])
    expect(one).toBe(other)
    expect(received.length).toBe(1)

    const abort = new AbortController()
    world.simulator.refuseMessages('silent')
    const cancelled = world.client.send(world.ben.lid, { text: 'never mind' })
    const result = cancelled.result({ signal: abort.signal })
    abort.abort('changed my mind')
    await expect(result).rejects.toMatchObject({ code: 'operation_cancelled', cause: 'changed my mind' })
    await expect(cancelled.result()).rejects.toMatchObject({ code: 'operation_cancelled' })
    world.hangUp()
  })
})

describe('a request', () => {
  it('errors with what the server said, and with a time-out', async () => {
    const world = await withBen()
    expectOnlyViolations(world.simulator, 'iq')
    const request = { name: 'test.unknown', type: 'get', xmlns: 'w:unheard', parse: () => true } as const
    await expect(world.client.request(request).result()).rejects.toMatchObject({ code: 'server_refused', status: 501 })
    world.simulator.stall(world.device)
    const late = expect(world.client.request({ ...request, timeoutMs: 1_000 }).result()).rejects.toMatchObject({ code: 'request_timed_out', afterMs: 1_000 })
    await world.clock.advance(1_001)
    await late
    world.hangUp()
    await expect(world.client.request(request).result()).rejects.toMatchObject({ code: 'not_connected' })
  })
})

describe('reading', () => {
  it('is told to the sender, many at once in one receipt', async () => {
    const world = await withBen()
    const events: MessageEvent[] = []
    world.client.messages$.subscribe((event) => events.push(event))
    for (let turn = 0; turn < 3; turn += 1) world.ben.send(world.ana.lid, `text ${turn}`)
    const receipt = firstValueFrom(world.ben.receipts$.pipe(filter(({ type }) => type === 'read')))
    const [first, ...others] = events
    await world.client.markRead(first!, ...others)
    expect((await receipt).ids.length).toBe(3)
    world.hangUp()
  })

  it('ends the link on logout', async () => {
    const world = await withBen()
    const told = firstValueFrom(world.client.loggedOut$)
    await world.client.logout()
    expect(await told).toMatchObject({ onConnect: false, reason: 401 })
    expect(world.ended()).toMatchObject({ code: 'logged_out' })
    expect([world.openSockets(), world.clock.pendingTimers()]).toEqual([0, 0])
  })
})
