import { describe, expect, it } from '@jest/globals'
import { filter, take } from 'rxjs'

import { createClient, textOf, toJid, type Client } from '../../lib/index.ts'
import { createRetryBook } from '../../lib/client/retry-book.ts'
import { bigEndian } from '../../lib/bytes/bytes.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Store, Table } from '../../lib/store/store.ts'
import { childOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/** Ana's client of the world, and one of ours that belongs to Ben. */
interface Pair extends TestWorld {
  readonly benStore: Store
  readonly benDevice: string
  readonly startBen: () => Promise<{ readonly client: Client; readonly stop: () => void }>
  readonly texts: (string | undefined)[]
  /** Groups whose keys came within a message. */
  readonly groupKeys: (string | undefined)[]
  /** Retry receipts and resends, as the server saw them come in. */
  readonly repairs: Stanza[]
}

const createPair = async (): Promise<Pair> => {
  const world = createTestWorld()
  await world.connect()
  const benStore = memoryStore()
  const texts: (string | undefined)[] = []
  const groupKeys: (string | undefined)[] = []
  const repairs: Stanza[] = []
  world.simulator.traffic$
    .pipe(filter(({ direction, stanza: { tag, attrs, content } }) => direction === 'in' && (attrs['type'] === 'retry' || (tag === 'message' && childOf({ tag, attrs, ...(content && { content }) }, 'enc') !== undefined))))
    .subscribe(({ stanza: seen }) => repairs.push(seen))
  const startBen = async () => {
    const client = createClient({ store: benStore, dial: world.simulator.dial, trustedRoot: world.simulator.trustedRoot, prekeyCount: 20, scheduler: world.clock.scheduler, random: () => 0.5 })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void world.ben.scan(code).catch(() => undefined))
    client.messages$.pipe(filter(({ info }) => !info.source.isFromMe)).subscribe(({ message }) => {
      texts.push(textOf(message))
      groupKeys.push(message.senderKeyDistributionMessage?.groupId)
    })
    const connection = client.connection$.subscribe()
    await world.clock.advance(5_000)
    return { client, stop: () => connection.unsubscribe() }
  }
  return { ...world, benStore, benDevice: `${world.ben.phoneNumber.user}:1@s.whatsapp.net`, startBen, texts, groupKeys, repairs }
}

const lose = (store: Store, ...tables: readonly Table[]): void => {
  const open = store.open() as OpenStore
  for (const table of tables) {
    const rows = open.scan(table, undefined, 10_000) as readonly { readonly key: string }[]
    void open.commit(rows.map(({ key }) => ({ table, key, value: undefined })))
  }
  void open.close()
}

const countOf = (receipt: Stanza): string => String(childOf(receipt, 'retry')?.attrs['count'])

describe('a member of a group who lost our key', () => {
  it('is sent everything again, twenty messages at once and ten more each minute', async () => {
    const world = await createPair()
    const { client, startBen, benStore, texts, repairs, clock } = world
    const group = world.simulator.group({ phones: [world.ana, world.ben] })
    const first = await startBen()
    await client.send(group.jid, { text: 'first' })
    await first.client.send(client.me()!.lid, { text: 'an answer' })
    await clock.advance(1_000)
    first.stop()
    const written = Array.from({ length: 30 }, (_, index) => String(index))
    for (const text of written) await client.send(group.jid, { text })
    lose(benStore, 'sender_keys')
    const resends = (): number => repairs.filter(({ tag, attrs }) => tag === 'message' && attrs['participant'] !== undefined).length
    const second = await startBen()
    expect(resends()).toBe(20)
    // What is between the two of them does not wait for the group.
    world.simulator.corruptNextMessage()
    await client.send(world.ben.lid, { text: 'for you alone' })
    await clock.advance(1_000)
    expect(texts).toContain('for you alone')
    await clock.advance(70_000)
    expect([...texts].sort()).toEqual(['first', 'for you alone', ...written].sort())
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    second.stop()
    world.hangUp()
  })
})

describe('the resends of a group', () => {
  it('wait for their turn, and are refused when too many do', () => {
    let nowMs = 0
    const book = createRetryBook({ now: () => nowMs })
    const group = toJid('1@g.us')
    const pauses = (count: number): readonly (number | undefined)[] => Array.from({ length: count }, () => book.groupPauseMs(group))
    expect(pauses(20)).toEqual(Array.from({ length: 20 }, () => 0))
    expect(pauses(3)).toEqual([6_000, 12_000, 18_000])
    expect(pauses(97).at(-1)).toBe(600_000)
    expect(pauses(2)).toEqual([undefined, undefined])
    expect(book.groupPauseMs(toJid('2@g.us'))).toBe(0)
    nowMs = 60_000
    expect(pauses(11)).toEqual([...Array.from({ length: 10 }, (_, index) => 546_000 + index * 6_000), undefined])
    nowMs = 3_600_000
    expect(pauses(21).at(-1)).toBe(6_000)
  })
})

describe('a device that lost its sessions', () => {
  it('asks again and reads within two retries; the message is told once', async () => {
    const { client, ben, startBen, benStore, texts, repairs, clock, hangUp } = await createPair()
    const first = await startBen()
    await client.send(ben.lid, { text: 'one' })
    await first.client.send(client.me()!.lid, { text: 'an answer' })
    await clock.advance(1_000)
    first.stop()
    lose(benStore, 'sessions', 'identities')
    const second = await startBen()
    await client.send(ben.lid, { text: 'two' })
    await clock.advance(5_000)
    expect(texts).toEqual(['one', 'two'])
    const receipts = repairs.filter(({ tag }) => tag === 'receipt')
    expect(receipts.map(countOf)).toEqual(['1', '2'])
    expect(receipts.map((receipt) => childOf(receipt, 'keys') !== undefined)).toEqual([false, true])
    const resends = repairs.filter(({ tag }) => tag === 'message')
    expect(resends.map((message) => [childOf(message, 'enc')?.attrs['type'], childOf(message, 'enc')?.attrs['count']])).toEqual([['msg', '1'], ['pkmsg', '2']])
    // The mended session carries on, both ways.
    await client.send(ben.lid, { text: 'three' })
    await second.client.send(client.me()!.lid, { text: 'four' })
    await clock.advance(1_000)
    expect(texts).toEqual(['one', 'two', 'three'])
    second.stop()
    hangUp()
  })

  it('is answered after a restart of the sender as well, and once the server has both back', async () => {
    const { client, simulator, ben, startBen, benStore, texts, clock, hangUp, connect } = await createPair()
    const first = await startBen()
    await client.send(ben.lid, { text: 'one' })
    await first.client.send(client.me()!.lid, { text: 'an answer' })
    await clock.advance(1_000)
    first.stop()
    lose(benStore, 'sessions')
    // Only the sender can help.
    ben.behave({ ignoresRequests: true })
    await client.send(ben.lid, { text: 'two' })
    hangUp()
    const second = await startBen()
    await clock.advance(5_000)
    expect(texts).toEqual(['one'])
    await connect()
    await clock.advance(10_000)
    expect(texts).toEqual(['one', 'two'])
    expect(simulator.reusedMessageKeys()).toEqual([])
    second.stop()
    hangUp()
  })
})

describe.each(['lid', 'pn'] as const)('a member of a group of mode %s', (addressingMode) => {
  it.each([
    ['its group keys', ['sender_keys'], [['msg', '1']]],
    ['everything', ['sender_keys', 'sessions', 'identities'], [['msg', '1'], ['pkmsg', '2']]],
  ] as const)('that lost %s reads what it asks for, and the next message at once', async (_, tables, resent) => {
    const { client, simulator, ana, ben, startBen, benStore, texts, repairs, clock, hangUp } = await createPair()
    const group = simulator.group({ phones: [ana, ben], addressingMode })
    const first = await startBen()
    await client.send(ben.lid, { text: 'hello' })
    await first.client.send(client.me()!.lid, { text: 'an answer' })
    await client.send(group.jid, { text: 'one' })
    await clock.advance(1_000)
    first.stop()
    lose(benStore, ...tables)
    const second = await startBen()
    repairs.length = 0
    await client.send(group.jid, { text: 'two' })
    await clock.advance(5_000)
    expect(texts).toEqual(['hello', 'one', 'two'])
    const resends = repairs.filter(({ tag, attrs }) => tag === 'message' && attrs['participant'] !== undefined)
    expect(resends.map((message) => [childOf(message, 'enc')?.attrs['type'], childOf(message, 'enc')?.attrs['count']])).toEqual(resent)
    for (const { attrs } of resends) expect(attrs).toMatchObject({ to: group.jid, addressing_mode: addressingMode })
    repairs.length = 0
    await client.send(group.jid, { text: 'three' })
    await clock.advance(1_000)
    expect(texts.at(-1)).toBe('three')
    expect(repairs.filter(({ tag }) => tag === 'receipt')).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
    second.stop()
    hangUp()
  })
})

describe('a device that asks for a message of a group', () => {
  const ask = (group: string, participant: string, id: string) =>
    stanza('receipt', { from: toJid(group), participant: toJid(participant), id, type: 'retry', t: '1767225600' }, [stanza('retry', { v: '1', count: '1', id, t: '1767225600' }), stanza('registration', {}, bigEndian(7, 4))])
  const messagesIn = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag }) => tag === 'message')

  it('gets our key with it', async () => {
    const { client, simulator, ana, ben, startBen, benStore, clock, texts, groupKeys, hangUp } = await createPair()
    const group = simulator.group({ phones: [ana, ben] })
    const first = await startBen()
    await client.send(group.jid, { text: 'one' })
    await clock.advance(1_000)
    first.stop()
    lose(benStore, 'sender_keys')
    await client.send(group.jid, { text: 'two' })
    const second = await startBen()
    expect(texts).toEqual(['one', 'two'])
    expect(groupKeys).toEqual([undefined, group.jid.toString()])
    second.stop()
    hangUp()
  })

  it('under a number nobody knows gets nothing, and makes us take a new key', async () => {
    const world = createTestWorld()
    await world.connect()
    const group = world.simulator.group({ phones: [world.ana, world.ben] })
    const { id } = await world.client.send(group.jid, { text: 'one' })
    world.sent.length = 0
    world.simulator.inject(world.device, ask(group.jid.toString(), '15559990000:3@s.whatsapp.net', id))
    await world.clock.advance(1_000)
    expect(messagesIn(world.sent)).toEqual([])
    await world.client.send(group.jid, { text: 'two' })
    expect(messagesIn(world.sent).map((message) => childOf(message, 'participants') !== undefined)).toEqual([true])
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })
})

describe('requests that are not answered', () => {
  const request = (id: string, from: string, count: number, more: readonly Stanza[] = []) =>
    stanza('receipt', { from: toJid(from), id, type: 'retry', t: '1767225600' }, [
      stanza('retry', { v: '1', count, id, t: '1767225600' }),
      stanza('registration', {}, bigEndian(7, 4)),
      ...more,
    ])
  const resendsIn = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter((seen) => seen.tag === 'message' && childOf(seen, 'enc') !== undefined)

  it.each([
    ['for a message we never sent', 'NEVER', '90010002:1@lid', 1],
    ['for the fifth time', 'M1', '90010002@lid', 5],
    ['of somebody it was not for', 'M1', '90010099@lid', 1],
  ])('%s; they are acknowledged', async (_, id, from, count) => {
    const world = createTestWorld()
    await world.connect()
    await world.client.send(world.ben.lid, { text: 'hello' }, { id: 'M1' })
    world.sent.length = 0
    world.simulator.inject(world.device, request(id, from, count))
    await world.clock.advance(2_000)
    expect(resendsIn(world.sent)).toEqual([])
    expect(world.sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === id)).toHaveLength(1)
    world.hangUp()
  })

  it('with keys that prove nothing; the session stays as it is', async () => {
    const world = createTestWorld()
    await world.connect()
    await world.client.send(world.ben.lid, { text: 'hello' }, { id: 'M1' })
    world.sent.length = 0
    const key = (tag: string, signature?: Uint8Array) =>
      stanza(tag, {}, [stanza('id', {}, bigEndian(1, 3)), stanza('value', {}, new Uint8Array(32).fill(9)), signature && stanza('signature', {}, signature)])
    const forged = stanza('keys', {}, [stanza('type', {}, Uint8Array.of(5)), stanza('identity', {}, new Uint8Array(32).fill(9)), key('key'), key('skey', new Uint8Array(64))])
    world.simulator.inject(world.device, request('M1', '90010002@lid', 2, [forged]))
    await world.clock.advance(2_000)
    expect(resendsIn(world.sent)).toEqual([])
    const read = new Promise((resolve) => world.ben.messages$.pipe(take(1)).subscribe(({ text }) => resolve(text)))
    await world.client.send(world.ben.lid, { text: 'still readable' })
    expect(await read).toBe('still readable')
    world.hangUp()
  })

  it('in a storm: few are answered, all are acknowledged', async () => {
    const world = createTestWorld()
    await world.connect()
    await world.client.send(world.ben.lid, { text: 'hello' }, { id: 'M1' })
    world.sent.length = 0
    for (let turn = 0; turn < 200; turn += 1) world.simulator.inject(world.device, request('M1', '90010002@lid', 1))
    await world.clock.advance(5_000)
    expect(resendsIn(world.sent).length).toBeLessThanOrEqual(10)
    expect(world.sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'M1' && attrs['type'] === 'retry')).toHaveLength(200)
    world.hangUp()
  })

  it('of a wrong shape become an event', async () => {
    const world = createTestWorld()
    await world.connect()
    world.events.length = 0
    world.simulator.inject(world.device, stanza('receipt', { from: toJid('90010002@lid'), id: 'M1', type: 'retry', t: '1' }, [stanza('retry', { id: 'M1' })]))
    expect(world.events).toMatchObject([{ type: 'malformed_stanza', faults: [expect.stringContaining('count'), expect.stringContaining('registration')] }])
    world.hangUp()
  })
})
