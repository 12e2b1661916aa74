import { describe, expect, it } from '@jest/globals'

import { textOf, type ClientOptions, type WaEvent } from '../../lib/index.ts'
import type { Message } from '../../lib/proto/content.generated.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { childOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const ready = async (options: Partial<ClientOptions> = {}): Promise<TestWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  // Sessions with both phones are there before anything is counted.
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.ben.send(world.ana.lid, 'hello yourself')
  await world.clock.advance(10)
  world.events.length = 0
  world.sent.length = 0
  return world
}

const requests = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag, attrs }) => tag === 'message' && attrs['category'] === 'peer')
const retries = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag, attrs }) => tag === 'receipt' && attrs['type'] === 'retry')
const answersTo = (sent: readonly Stanza[], id: string): readonly Stanza[] => sent.filter(({ tag, attrs }) => (tag === 'ack' || tag === 'receipt') && attrs['id'] === id)
const ofMessages = (events: readonly WaEvent[]) => events.filter((event) => event.type === 'message' || event.type === 'undecryptable_message')

describe('a message without content for this device', () => {
  it('is asked from the phone, then acknowledged, and told with the same id', async () => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, 'unknown')
    const id = world.ben.send(world.ana.lid, 'only your phone got this')
    expect(ofMessages(world.events)).toMatchObject([{ type: 'undecryptable_message', isUnavailable: true, unavailableType: 'unknown', recovery: 'placeholder_request', info: { id } }])
    expect(answersTo(world.sent, id)).toEqual([])
    await world.clock.advance(199)
    expect(requests(world.sent)).toEqual([])
    await world.clock.advance(1)
    const [request] = requests(world.sent)
    expect(request!.attrs).toMatchObject({ to: world.ana.lid, type: 'text', category: 'peer', push_priority: 'high_force' })
    expect(childOf(request!, 'meta')?.attrs).toEqual({ appdata: 'default' })
    expect(answersTo(world.sent, id)).toMatchObject([{ tag: 'ack' }])
    const [, recovered] = ofMessages(world.events)
    expect(recovered).toMatchObject({ type: 'message', origin: 'live', info: { id, pushName: 'Ben', unavailableRequestId: request!.attrs['id'], source: { chat: world.ben.lid, isFromMe: false } } })
    expect(recovered?.type === 'message' && textOf(recovered.message)).toBe('only your phone got this')
    // The answer is no message to anybody, but it is acknowledged.
    expect(world.events.filter(({ type }) => type === 'message')).toHaveLength(1)
    expect(world.sent.filter(({ attrs }) => attrs['type'] === 'peer_msg')).toHaveLength(1)
    world.hangUp()
  })

  it('of a group names its author; many go in one request', async () => {
    const world = await ready()
    const cleo = world.simulator.phone({ name: 'Cleo' })
    const group = world.simulator.group({ phones: [world.ana, world.ben, cleo] })
    world.simulator.withholdMessages(world.device, 'unknown')
    const ids = [world.ben.sendToGroup(group.jid, 'one'), cleo.sendToGroup(group.jid, 'two'), world.ana.sendToGroup(group.jid, 'three')]
    await world.clock.advance(1_000)
    expect(requests(world.sent)).toHaveLength(1)
    const told = world.events.filter((event) => event.type === 'message')
    expect(told.map(({ info, message }) => [info.id, textOf(message), info.source.isFromMe, String(info.source.chat)])).toEqual([
      [ids[0], 'one', false, group.jid.toString()],
      [ids[1], 'two', false, group.jid.toString()],
      [ids[2], 'three', true, group.jid.toString()],
    ])
    world.hangUp()
  })

  it('is asked for 32 at a time', async () => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, 'unknown')
    for (let turn = 0; turn < 40; turn += 1) world.ben.send(world.ana.lid, `text ${turn}`)
    await world.clock.advance(1_000)
    expect(requests(world.sent)).toHaveLength(2)
    expect(world.events.flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))).toEqual(Array.from({ length: 40 }, (_, turn) => `text ${turn}`))
    world.hangUp()
  })

  it.each([
    ['view_once', 'view_once'],
    ['hosted', 'hosted'],
    ['bot', 'bot'],
  ] as const)('for being %s is never asked for', async (why, unavailableType) => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, why)
    const id = world.ben.send(world.ana.lid, 'secret')
    await world.clock.advance(10_000)
    expect(ofMessages(world.events)).toMatchObject([{ type: 'undecryptable_message', unavailableType, recovery: 'none' }])
    expect(requests(world.sent)).toEqual([])
    expect(answersTo(world.sent, id)).toHaveLength(1)
    world.hangUp()
  })

  it('is a bot first, hosted second and view once last', async () => {
    const world = await ready()
    const from = world.ben.lid
    const say = (id: string, ...content: readonly Stanza[]) => world.simulator.inject(world.device, stanza('message', { id, from, type: 'text', t: Math.floor(world.clock.scheduler.now() / 1000) }, content))
    say('P1', stanza('unavailable', { type: 'view_once', hosted: 'true' }), stanza('bot'))
    say('P2', stanza('unavailable', { type: 'view_once', hosted: 'true' }))
    expect(ofMessages(world.events)).toMatchObject([{ unavailableType: 'bot' }, { unavailableType: 'hosted' }])
    world.hangUp()
  })

  it.each([
    ['is older than fourteen days', 15 * 86_400, 'none', 0],
    ['is younger', 13 * 86_400, 'placeholder_request', 1],
  ])('%s', async (_, ageSeconds, recovery, asked) => {
    const world = await ready()
    const t = Math.floor(world.clock.scheduler.now() / 1000) - ageSeconds
    world.simulator.inject(world.device, stanza('message', { id: 'OLD', from: world.ben.lid, type: 'text', t }, [stanza('unavailable')]))
    await world.clock.advance(1_000)
    expect(ofMessages(world.events)).toMatchObject([{ recovery }])
    expect(requests(world.sent)).toHaveLength(asked)
    expect(answersTo(world.sent, 'OLD')).toHaveLength(1)
    world.hangUp()
  })

  it('that comes twice is asked for once a day', async () => {
    const world = await ready()
    world.ana.behave({ ignoresRequests: true })
    const t = Math.floor(world.clock.scheduler.now() / 1000)
    const say = () => world.simulator.inject(world.device, stanza('message', { id: 'P3', from: world.ben.lid, type: 'text', t }, [stanza('unavailable')]))
    say()
    say()
    await world.clock.advance(1_000)
    say()
    await world.clock.advance(1_000)
    expect(requests(world.sent)).toHaveLength(1)
    expect(ofMessages(world.events)).toHaveLength(1)
    await world.clock.advance(86_400_000)
    say()
    await world.clock.advance(1_000)
    expect(requests(world.sent)).toHaveLength(2)
    world.hangUp()
  }, 30_000)

  it('in the feed of posts is silent once it is a day old', async () => {
    const world = await ready()
    const t = Math.floor(world.clock.scheduler.now() / 1000) - 86_401
    world.simulator.inject(world.device, stanza('message', { id: 'S1', from: toJid('status@broadcast'), participant: world.ben.lid, type: 'media', t }, [stanza('unavailable')]))
    await world.clock.advance(1_000)
    expect(ofMessages(world.events)).toEqual([])
    expect(requests(world.sent)).toEqual([])
    expect(answersTo(world.sent, 'S1')).toHaveLength(1)
    world.hangUp()
  })

  it('stays without content when the phone has none or says nothing', async () => {
    const world = await ready()
    world.simulator.withholdMessages(world.device, 'unknown')
    world.ana.behave({ hasNoMessages: true })
    world.ben.send(world.ana.lid, 'gone')
    await world.clock.advance(1_000)
    world.ana.behave({ ignoresRequests: true })
    world.ben.send(world.ana.lid, 'unanswered')
    await world.clock.advance(200_000)
    expect(ofMessages(world.events).map(({ type }) => type)).toEqual(['undecryptable_message', 'undecryptable_message'])
    expect(requests(world.sent)).toHaveLength(2)
    // It is over with these two; others are asked for.
    world.ana.behave()
    world.ben.send(world.ana.lid, 'there')
    await world.clock.advance(1_000)
    expect(world.events.filter(({ type }) => type === 'message')).toHaveLength(1)
    world.hangUp()
  })

  it('is asked for again after a crash before the request, and the answer counts after a restart', async () => {
    const store = memoryStore()
    const world = await ready({ store })
    world.simulator.withholdMessages(world.device, 'unknown')
    const id = world.ben.send(world.ana.lid, 'late')
    await world.clock.advance(100)
    world.hangUp()
    await world.clock.advance(1_000)
    expect(requests(world.sent)).toEqual([])
    world.ana.goOffline()
    await world.connect()
    await world.clock.advance(3_000)
    expect(requests(world.sent)).toHaveLength(1)
    world.hangUp()
    await world.clock.advance(1_000)
    world.ana.goOnline()
    await world.connect()
    await world.clock.advance(3_000)
    expect(world.events.flatMap((event) => (event.type === 'message' ? [[event.info.id, textOf(event.message)]] : []))).toEqual([[id, 'late']])
    world.hangUp()
  })
})

describe('a message that cannot be decrypted', () => {
  it('is asked from its sender; a message that comes again in time is not asked from the phone', async () => {
    const world = await ready()
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'broken on the way')
    await world.clock.advance(10_000)
    expect(ofMessages(world.events)).toMatchObject([{ type: 'undecryptable_message', recovery: 'retry_receipt', reason: 'bad_mac' }, { type: 'message', info: { id } }])
    expect(requests(world.sent)).toEqual([])
    world.hangUp()
  })

  it('is asked from the phone three seconds later when its sender does nothing', async () => {
    const world = await ready()
    world.ben.behave({ ignoresRetries: true })
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'broken')
    // The phone got the broken copy as well; it knows it from elsewhere.
    const message = { conversation: 'broken' }
    world.ana.remember({ id, chat: world.ben.lid, sender: world.ben.lid, isFromMe: false, message, text: 'broken' })
    await world.clock.advance(3_100)
    expect(requests(world.sent)).toEqual([])
    await world.clock.advance(200)
    expect(requests(world.sent)).toHaveLength(1)
    expect(ofMessages(world.events)).toMatchObject([{ recovery: 'retry_receipt' }, { type: 'message', info: { id } }])
    world.hangUp()
  })

  it('is told once when the phone and the sender both help', async () => {
    const world = await ready()
    world.ben.behave({ ignoresRetries: true })
    world.simulator.corruptNextMessage()
    const id = world.ben.send(world.ana.lid, 'twice')
    world.ana.remember({ id, chat: world.ben.lid, sender: world.ben.lid, isFromMe: false, message: { conversation: 'twice' }, text: 'twice' })
    await world.clock.advance(5_000)
    expect(world.events.filter(({ type }) => type === 'message')).toHaveLength(1)
    world.ben.sendAgain(id, world.device)
    await world.clock.advance(1_000)
    expect(world.events.filter(({ type }) => type === 'message')).toHaveLength(1)
    expect(answersTo(world.sent, id).filter(({ tag, attrs }) => tag === 'receipt' && attrs['type'] === undefined || attrs['type'] === 'inactive')).toHaveLength(1)
    world.hangUp()
  })

  it('for the fifth time is asked from the phone only', async () => {
    const world = await ready()
    world.ben.behave({ ignoresRetries: true })
    world.ana.behave({ hasNoMessages: true })
    const t = Math.floor(world.clock.scheduler.now() / 1000)
    const say = (count: number) => world.simulator.inject(world.device, stanza('message', { id: 'R1', from: world.ben.lid, type: 'text', t }, [stanza('enc', { v: '2', type: 'msg', count }, Uint8Array.from([0x33, ...brokenMessage]))]))
    say(4)
    await world.clock.advance(1_000)
    expect(retries(world.sent)).toEqual([])
    expect(requests(world.sent)).toHaveLength(1)
    expect(ofMessages(world.events)).toMatchObject([{ recovery: 'placeholder_request' }])
    expect(answersTo(world.sent, 'R1')).toHaveLength(1)
    world.hangUp()
  })

  it('and says to hide that is told so, and asked for all the same', async () => {
    const world = await ready()
    world.ben.behave({ ignoresRetries: true })
    const t = Math.floor(world.clock.scheduler.now() / 1000)
    world.simulator.inject(world.device, stanza('message', { id: 'H1', from: world.ben.lid, type: 'text', t }, [stanza('enc', { v: '2', type: 'msg', 'decrypt-fail': 'hide' }, Uint8Array.from([0x33, ...brokenMessage]))]))
    await world.clock.advance(5_000)
    expect(ofMessages(world.events)).toMatchObject([{ decryptFailMode: 'hide', recovery: 'retry_receipt' }])
    expect(retries(world.sent)).toHaveLength(1)
    expect(requests(world.sent)).toHaveLength(1)
    world.hangUp()
  })
})

/** A `msg` of the right shape that no session has: ratchet key, counter, ciphertext of 16 bytes, MAC. */
const brokenMessage = [0x0a, 0x21, 0x05, ...new Array<number>(32).fill(9), 0x10, 0x00, 0x18, 0x00, 0x22, 0x10, ...new Array<number>(16).fill(7), ...new Array<number>(8).fill(1)]

describe('what somebody claims to be an answer', () => {
  it('counts from our own phone only', async () => {
    const world = await ready()
    const forged: Message = { protocolMessage: { type: 17, peerDataOperationRequestResponseMessage: { peerDataOperationRequestType: 4, stanzaId: 'X', peerDataOperationResult: [{ placeholderMessageResendResponse: { webMessageInfoBytes: Uint8Array.of(1, 2, 3) } }] } } }
    world.ben.sendMessage(world.ana.lid, forged)
    expect(world.events.filter(({ type }) => type === 'message')).toMatchObject([{ info: { source: { isFromMe: false } }, message: { protocolMessage: { type: 17 } } }])
    world.hangUp()
  })
})
