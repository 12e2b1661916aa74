import { describe, expect, it } from '@jest/globals'

import { textOf, toJid, type ClientOptions } from '../../lib/index.ts'
import { createSenderKey, distributionMessage, encryptForGroup } from '../../lib/signal/own-sender-key.ts'
import { pad } from '../../lib/signal/padding.ts'
import { Message } from '../../lib/proto/content.generated.ts'
import { childOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/** A world in which Ben and our device have read something of each other. */
const talking = async (options: Partial<ClientOptions> = {}): Promise<TestWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.ben.send(world.ana.lid, 'hello yourself')
  await world.clock.advance(10)
  world.events.length = 0
  world.sent.length = 0
  return world
}

const textsOf = ({ events }: TestWorld) => events.flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))
const failuresOf = ({ events }: TestWorld) => events.filter((event) => event.type === 'undecryptable_message')
const retriesOf = (sent: readonly Stanza[]) => sent.filter(({ attrs }) => attrs['type'] === 'retry').map((receipt) => [childOf(receipt, 'retry')?.attrs['count'], childOf(receipt, 'retry')?.attrs['error']])
const secondsOf = ({ clock }: TestWorld): number => Math.floor(clock.scheduler.now() / 1000)

/** Ben writes so many messages that never reach our device. */
const lose = (world: TestWorld, count: number): void => {
  world.simulator.withholdMessages(world.device, 'view_once')
  for (let turn = 0; turn < count; turn += 1) world.ben.send(world.ana.lid, 'lost')
  world.simulator.withholdMessages(world.device, undefined)
  world.events.length = 0
  world.sent.length = 0
}

describe('a sender that is far ahead', () => {
  it('by more than 2,000 messages is asked, with the reason, and begins anew with our keys', async () => {
    const world = await talking()
    lose(world, 2_001)
    const id = world.ben.send(world.ana.lid, 'beyond')
    await world.clock.advance(5_000)
    expect(retriesOf(world.sent)).toEqual([['1', '6'], ['2', '6']])
    expect(failuresOf(world)).toHaveLength(1)
    expect(world.client.explain(id)).toMatchObject({ outcome: 'mended', steps: [{ kind: 'not_decrypted', fault: 'too_far_in_future' }, { kind: 'retry_sent' }, { kind: 'not_decrypted' }, { kind: 'retry_sent', withKeys: true }, { kind: 'read', thanksTo: 'sender' }] })
    world.ben.send(world.ana.lid, 'and on')
    expect(textsOf(world)).toEqual(['beyond', 'and on'])
    world.hangUp()
  }, 30_000)
})

describe('a ciphertext that is none', () => {
  /** The shape of a `msg`: ratchet key, two counters, ciphertext, MAC. */
  const whole = Uint8Array.from([0x33, 0x0a, 0x21, 0x05, ...new Array<number>(32).fill(9), 0x10, 0, 0x18, 0, 0x22, 0x10, ...new Array<number>(16).fill(7), ...new Array<number>(8).fill(1)])
  const changed = (at: number, byte: number): Uint8Array => whole.map((old, index) => (index === at ? byte : old))

  it.each([
    ['msg', 'empty of everything but a version', Uint8Array.of(0x33)],
    ['msg', 'cut before its MAC', whole.subarray(0, 8)],
    ['msg', 'cut in its key', whole.subarray(0, 30)],
    ['msg', 'of an older version', changed(0, 0x23)],
    ['msg', 'with a key of another kind', changed(3, 0x06)],
    ['pkmsg', 'that holds no message', whole],
    ['pkmsg', 'cut', Uint8Array.of(0x33, 0x12)],
  ])('%s %s is refused, not asked for again, and harms no session', async (type, _, bytes) => {
    const world = await talking()
    world.simulator.inject(world.device, stanza('message', { id: 'C1', from: world.ben.lid, type: 'text', t: secondsOf(world) }, [stanza('enc', { v: '2', type }, bytes)]))
    await world.clock.advance(5_000)
    expect(failuresOf(world)).toMatchObject([{ reason: 'malformed_ciphertext', recovery: 'none' }])
    expect(world.sent.filter(({ attrs }) => attrs['id'] === 'C1')).toMatchObject([{ tag: 'ack', attrs: { error: '487' } }])
    expect(world.client.explain('C1')).toMatchObject({ outcome: 'lost' })
    world.ben.send(world.ana.lid, 'still fine')
    expect(textsOf(world)).toEqual(['still fine'])
    world.hangUp()
  })

  it('with a wrong MAC is asked for again, and leaves the ratchet where it was', async () => {
    const world = await talking()
    world.ben.behave({ ignoresRetries: true })
    world.simulator.corruptNextMessage()
    world.ben.send(world.ana.lid, 'broken')
    world.ben.send(world.ana.lid, 'still fine')
    expect(retriesOf(world.sent)).toEqual([['1', '7']])
    expect(textsOf(world)).toEqual(['still fine'])
    world.hangUp()
  })
})

describe('a key of a group', () => {
  const group = toJid('120363000000009999@g.us')
  const fromGroup = (world: TestWorld, id: string, bytes: Uint8Array): void =>
    world.simulator.inject(world.device, stanza('message', { id, from: group, participant: world.ben.lid, addressing_mode: 'lid', type: 'text', t: secondsOf(world) }, [stanza('enc', { v: '2', type: 'skmsg' }, bytes)]))
  const content = (text: string): Uint8Array => pad(Message.encode({ conversation: text }))

  it('that comes in a direct chat is not taken, nor is what was written with it read', async () => {
    const world = await talking()
    world.ben.behave({ ignoresRetries: true })
    const key = createSenderKey()
    world.ben.sendMessage(world.ana.lid, { senderKeyDistributionMessage: { groupId: group.toString(), axolotlSenderKeyDistributionMessage: distributionMessage(key) } })
    expect(world.events.filter(({ type }) => type === 'malformed_stanza')).toMatchObject([{ faults: [expect.stringContaining('outside of a group')] }])
    fromGroup(world, 'G1', encryptForGroup(key, content('slipped in')).ciphertext)
    expect(failuresOf(world)).toMatchObject([{ reason: 'no_sender_key' }])
    expect(textsOf(world)).toEqual([])
    world.hangUp()
  })

  it('of a bot is not asked for', async () => {
    const world = await talking()
    const { ciphertext } = encryptForGroup(createSenderKey(), content('beep'))
    world.simulator.inject(world.device, stanza('message', { id: 'G3', from: group, participant: toJid('867051314767696@bot'), type: 'text', t: secondsOf(world) }, [stanza('enc', { v: '2', type: 'skmsg' }, ciphertext)]))
    await world.clock.advance(10_000)
    expect(failuresOf(world)).toMatchObject([{ reason: 'no_sender_key', recovery: 'none' }])
    expect(world.sent.filter(({ attrs }) => attrs['id'] === 'G3')).toMatchObject([{ tag: 'ack' }])
    world.hangUp()
  })

  it('we are not in is asked for like any other, and nothing more', async () => {
    const world = await talking()
    fromGroup(world, 'G2', encryptForGroup(createSenderKey(), content('who are you?')).ciphertext)
    await world.clock.advance(10_000)
    expect(retriesOf(world.sent)).toEqual([['1', '1']])
    expect(failuresOf(world)).toMatchObject([{ reason: 'no_sender_key', recovery: 'retry_receipt' }])
    world.hangUp()
  })
})
