import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'

import { createClient, textOf, type ClientOptions, type Jid, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { childrenOf, childOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import type { Phone, SimulatedGroup } from '../../lib/testing/index.ts'
import type { OpenStore, Store, Write } from '../../lib/store/store.ts'
import { createTestWorld, type TestWorld } from './world.ts'

type Mode = 'lid' | 'pn'

interface GroupWorld extends TestWorld {
  readonly group: SimulatedGroup
  readonly people: readonly Phone[]
  /** What each of the people read, own phone first. */
  readonly heard: ReadonlyMap<Phone, string[]>
  readonly failures: Error[]
}

/** Our client, its phone and four people in a group. */
const inGroup = async (addressingMode: Mode = 'lid', options: Partial<ClientOptions> = {}): Promise<GroupWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  const others = [world.ben, ...['Cleo', 'Dora', 'Emil'].map((name) => world.simulator.phone({ name }))]
  const people = [world.ana, ...others]
  const heard = new Map(people.map((phone) => [phone, [] as string[]]))
  const failures: Error[] = []
  for (const phone of people) {
    phone.messages$.subscribe(({ text }) => heard.get(phone)!.push(text ?? ''))
    phone.failures$.subscribe((error) => failures.push(error))
  }
  const group = world.simulator.group({ phones: people, addressingMode })
  world.events.length = 0
  world.sent.length = 0
  return { ...world, group, people, heard, failures }
}

const messagesOf = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag }) => tag === 'message')
const receiversOf = (message: Stanza): readonly string[] => childrenOf(childOf(message, 'participants') ?? stanza('none'), 'to').map(({ attrs }) => String(attrs['jid']))
const encOf = (message: Stanza): Stanza => childOf(message, 'enc')!
const asked = (sent: readonly Stanza[], xmlns: string): number => sent.filter(({ tag, attrs }) => tag === 'iq' && attrs['xmlns'] === xmlns).length
const textsOf = (events: readonly WaEvent[]): readonly (string | undefined)[] => events.flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))
const formOf = ({ lid, phoneNumber }: Phone, mode: Mode): Jid => (mode === 'lid' ? lid : phoneNumber)

describe.each(['lid', 'pn'] as const)('a group of mode %s', (mode) => {
  it('is written to: everybody reads, the key is given out once', async () => {
    const world = await inGroup(mode)
    const { client, group, sent, heard, failures, people } = world
    const progress = await lastValueFrom(client.send(group.jid, { text: 'one' }).pipe(toArray()))
    expect(progress).toMatchObject([{ kind: 'queued' }, { kind: 'encrypted', devices: 5, skipped: [] }, { kind: 'sent' }, { kind: 'accepted', sent: { chat: group.jid } }])
    await client.send(group.jid, { text: 'two' })
    for (const texts of heard.values()) expect(texts).toEqual(['one', 'two'])
    expect(failures).toEqual([])
    const [first, second] = messagesOf(sent)
    expect(first!.attrs).toMatchObject({ to: group.jid, type: 'text', addressing_mode: mode, phash: expect.stringMatching(/^2:.{8}$/) })
    expect([...receiversOf(first!)].sort()).toEqual(people.map((phone) => formOf(phone, mode).toString()).sort())
    expect(childOf(first!, 'device-identity')).toBeDefined()
    expect(encOf(second!).attrs).toMatchObject({ v: '2', type: 'skmsg' })
    expect(childrenOf(second!).map(({ tag }) => tag)).toEqual(['enc', 'reporting'])
    expect(second!.attrs['phash']).toBe(first!.attrs['phash'])
    // Members are known from the notification; devices are asked for once.
    expect([asked(sent, 'w:g2'), asked(sent, 'usync')]).toEqual([0, 1])
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('is read, answered and marked as read', async () => {
    const world = await inGroup(mode)
    const { client, group, ben, events, heard, sent } = world
    const id = ben.sendToGroup(group.jid, 'hello all')
    const [event] = events.filter((each) => each.type === 'message')
    expect(event).toMatchObject({ info: { id, source: { chat: group.jid, isGroup: true, isFromMe: false, addressingMode: mode } } })
    expect(textOf(event!.message)).toBe('hello all')
    expect(String(event!.info.source.sender)).toBe(formOf(ben, mode).toString())
    await client.reply(event!, { text: 'hello Ben' })
    expect(heard.get(ben)).toEqual(['hello Ben'])
    const receipts = firstValueFrom(ben.receipts$)
    await client.markRead(event!)
    expect(await receipts).toMatchObject({ ids: [id], type: 'read', from: group.jid })
    expect(sent.filter(({ tag, attrs }) => tag === 'receipt' && attrs['id'] === id)).toMatchObject([
      { attrs: { to: group.jid, participant: event!.info.source.sender } },
      { attrs: { type: 'read', participant: event!.info.source.sender } },
    ])
    world.hangUp()
  })

  it('brings what our own phone wrote', async () => {
    const world = await inGroup(mode)
    world.ana.sendToGroup(world.group.jid, 'from my phone')
    expect(world.events.filter(({ type }) => type === 'message')).toMatchObject([{ info: { source: { isFromMe: true, chat: world.group.jid } } }])
    expect(textsOf(world.events)).toEqual(['from my phone'])
    world.hangUp()
  })

  it('forms twenty messages each way, in order', async () => {
    const world = await inGroup(mode)
    const { client, group, ben, heard, events } = world
    for (let turn = 0; turn < 20; turn += 1) {
      ben.sendToGroup(group.jid, `ben ${turn}`)
      await client.send(group.jid, { text: `we ${turn}` })
    }
    expect(textsOf(events)).toEqual(Array.from({ length: 20 }, (_, turn) => `ben ${turn}`))
    expect(heard.get(ben)).toEqual(Array.from({ length: 20 }, (_, turn) => `we ${turn}`))
    expect(world.failures).toEqual([])
    world.hangUp()
  })
})

describe('who may read', () => {
  it('those who come get the key, those who go take none with them', async () => {
    const world = await inGroup()
    const { client, group, ana, ben, sent, simulator, heard } = world
    const finn = simulator.phone({ name: 'Finn' })
    const finns: string[] = []
    finn.messages$.subscribe(({ text }) => finns.push(text ?? ''))
    await client.send(group.jid, { text: 'before' })
    ana.addToGroup(group.jid, finn)
    await client.send(group.jid, { text: 'with Finn' })
    ana.removeFromGroup(group.jid, ben)
    await client.send(group.jid, { text: 'without Ben' })
    expect([finns, heard.get(ben)]).toEqual([['with Finn', 'without Ben'], ['before', 'with Finn']])
    const [, second, third] = messagesOf(sent)
    expect(receiversOf(second!)).toEqual([finn.lid.toString()])
    // A new key for everybody who is left.
    expect(receiversOf(third!).length).toBe(5)
    expect(receiversOf(third!)).not.toContain(ben.lid.toString())
    expect(asked(sent, 'w:g2')).toBe(0)
    world.hangUp()
  })

  it('a new device gets the key, a device that is gone makes us take another', async () => {
    const world = await inGroup()
    const { client, group, ben, sent, simulator, clock } = world
    const options = { dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, prekeyCount: 10 }
    await client.send(group.jid, { text: 'one' })
    const bens = createClient({ store: memoryStore(), ...options })
    const texts: (string | undefined)[] = []
    bens.messages$.subscribe(({ message }) => texts.push(textOf(message)))
    bens.pairingQrCodes$.subscribe(({ code }) => void ben.scan(code).catch(() => undefined))
    const connected = firstValueFrom(bens.connected$)
    const subscription = bens.connection$.subscribe({ error: () => undefined })
    await clock.advance(5)
    await connected
    await client.send(group.jid, { text: 'two' })
    expect(texts).toEqual(['two'])
    await bens.send(group.jid, { text: 'from the other device' })
    expect(textsOf(world.events)).toEqual(['from the other device'])
    ben.unlink(1)
    await client.send(group.jid, { text: 'three' })
    // The third is from Ben's other device.
    const companion = `${ben.lid.user}:1@lid`
    expect(messagesOf(sent).map((message) => [receiversOf(message).length, receiversOf(message).includes(companion)])).toEqual([[5, false], [1, true], [6, false], [5, false]])
    subscription.unsubscribe()
    world.hangUp()
  })

  it('a device that could not read gets the key with the next message', async () => {
    const world = await inGroup()
    const { client, group, simulator, sent, people } = world
    await client.send(group.jid, { text: 'one' })
    simulator.corruptNextMessage()
    await client.send(group.jid, { text: 'two' })
    await client.send(group.jid, { text: 'three' })
    // What was sent again to those who asked is addressed to one of them.
    const [, , third] = messagesOf(sent).filter(({ attrs }) => attrs['participant'] === undefined)
    expect(receiversOf(third!).length).toBe(people.length)
    expect(world.heard.get(world.ben)).toContain('three')
    world.hangUp()
  })
})

describe('a group that changed its form', () => {
  it('is looked at again, and the message goes out under its id', async () => {
    const world = await inGroup('pn')
    const { client, group, sent, heard, ben } = world
    await client.send(group.jid, { text: 'by number' })
    group.setAddressingMode('lid')
    const progress = await lastValueFrom(client.send(group.jid, { text: 'by LID' }).pipe(toArray()))
    expect(progress.map(({ kind }) => kind)).toEqual(['queued', 'encrypted', 'encrypted', 'sent', 'accepted'])
    expect(heard.get(ben)).toEqual(['by number', 'by LID'])
    const [, refused, taken] = messagesOf(sent)
    expect([refused, taken].map((message) => message!.attrs['addressing_mode'])).toEqual(['pn', 'lid'])
    expect(taken!.attrs['id']).toBe(refused!.attrs['id'])
    expect(asked(sent, 'w:g2')).toBe(1)
    expect(world.events.filter(({ type }) => type === 'message_sent').length).toBe(2)
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })
})

describe('a refused message', () => {
  it('to a group we are not in fails, typed; the next one brings the key all the same', async () => {
    const world = await inGroup()
    const { client, group, ana, ben, sent, heard } = world
    ana.changeGroup(group.jid, stanza('announcement'))
    const others = world.simulator.group({ phones: [ben] })
    expect((await lastValueFrom(client.send(others.jid, { text: 'let me in' }))) as { readonly error?: unknown }).toMatchObject({ kind: 'failed', error: { code: 'server_refused', status: 403 } })
    const quiet = world.simulator.group({ phones: [ben, ana] })
    ben.changeGroup(quiet.jid, stanza('announcement'))
    expect(await lastValueFrom(client.send(quiet.jid, { text: 'too early' }))).toMatchObject({ kind: 'failed', error: { code: 'message_refused', status: '403' } })
    ben.changeGroup(quiet.jid, stanza('not_announcement'))
    await client.send(quiet.jid, { text: 'now' })
    expect(heard.get(ben)).toEqual(['now'])
    expect(messagesOf(sent).map((message) => receiversOf(message).length)).toEqual([2, 2])
    world.hangUp()
  })
})

describe('after a restart', () => {
  it('the key goes on, nobody is given it twice, members and devices are still known', async () => {
    const store = memoryStore()
    const world = await inGroup('lid', { store })
    const { client, group, sent, heard, ben, events } = world
    await client.send(group.jid, { text: 'one' })
    ben.sendToGroup(group.jid, 'hello')
    world.hangUp()
    sent.length = 0
    await world.connect()
    await client.send(group.jid, { text: 'two' })
    ben.sendToGroup(group.jid, 'again')
    expect(heard.get(ben)).toEqual(['one', 'two'])
    expect(textsOf(events)).toEqual(['hello', 'again'])
    expect(receiversOf(messagesOf(sent)[0]!)).toEqual([])
    expect([asked(sent, 'w:g2'), asked(sent, 'usync')]).toEqual([0, 0])
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })
})

describe('messages of a group that cannot be read', () => {
  const GONE = { v: '2', type: 'skmsg' }
  const answersTo = (sent: readonly Stanza[], id: string): readonly Stanza[] => sent.filter(({ tag, attrs }) => (tag === 'ack' || tag === 'receipt') && attrs['id'] === id)
  const incoming = (id: string, chat: Jid | string, participant: string, atSeconds: number): Stanza =>
    stanza('message', { id, from: chat, participant, type: 'text', t: atSeconds }, [stanza('enc', GONE, Uint8Array.from([0x33, 8, 1, 16, 0, 26, 1, 0, ...new Uint8Array(64)]))])

  it('are asked for with the reason, twice the group', async () => {
    const world = await inGroup()
    const { simulator, ben, sent, events, device, group } = world
    simulator.inject(device, incoming('G1', group.jid, ben.lid.toString(), 1_767_225_600))
    expect(events.filter(({ type }) => type !== 'server_ack')).toMatchObject([{ type: 'undecryptable_message', reason: 'no_sender_key', recovery: 'retry_receipt' }])
    const [receipt, ack] = answersTo(sent, 'G1')
    expect(receipt).toMatchObject({ tag: 'receipt', attrs: { to: group.jid, type: 'retry', participant: ben.lid } })
    expect(childOf(receipt!, 'retry')).toMatchObject({ attrs: { count: '1', error: '1' } })
    expect(ack).toMatchObject({ tag: 'ack', attrs: { class: 'message', participant: ben.lid } })
    // Once the list of Ben's devices is known, a device that is not on it is told apart.
    await world.client.send(group.jid, { text: 'look who is there' })
    simulator.inject(device, incoming('G2', group.jid, `${ben.lid.user}:9@lid`, 1_767_225_600))
    expect(childOf(answersTo(sent, 'G2')[0]!, 'retry')).toMatchObject({ attrs: { error: '11' } })
    world.hangUp()
  })

  it('with a wrong signature are asked for as such, and read when they come again', async () => {
    const world = await inGroup()
    const { simulator, ben, sent, events, group } = world
    ben.sendToGroup(group.jid, 'first')
    simulator.corruptNextMessage()
    const id = ben.sendToGroup(group.jid, 'second')
    const [receipt] = answersTo(sent, id)
    expect(childOf(receipt!, 'retry')).toMatchObject({ attrs: { error: '5' } })
    expect(textsOf(events)).toEqual(['first', 'second'])
    ben.rotateGroupKey(group.jid)
    ben.sendToGroup(group.jid, 'third')
    expect(textsOf(events)).toEqual(['first', 'second', 'third'])
    world.hangUp()
  })

  it('are let go when they are posts of more than a day ago', async () => {
    const world = await inGroup()
    const { simulator, ben, sent, events, device } = world
    const now = Math.floor(world.clock.scheduler.now() / 1000)
    simulator.inject(device, incoming('S1', 'status@broadcast', ben.lid.toString(), now - 86_401))
    expect(events).toEqual([])
    expect(answersTo(sent, 'S1')).toMatchObject([{ tag: 'ack' }])
    simulator.inject(device, incoming('S2', 'status@broadcast', ben.lid.toString(), now - 86_399))
    expect(events.filter(({ type }) => type !== 'server_ack')).toMatchObject([{ type: 'undecryptable_message', reason: 'no_sender_key' }])
    world.hangUp()
  })
})

/** A store that remembers what each transaction changed. */
const watchedStore = (): { readonly store: Store; readonly commits: (readonly Write[])[] } => {
  const inner = memoryStore()
  const commits: (readonly Write[])[] = []
  const open = (): OpenStore => {
    const opened = inner.open() as OpenStore
    return {
      ...opened,
      commit: (writes) => {
        commits.push(writes)
        return opened.commit(writes)
      },
    }
  }
  return { store: { open }, commits }
}

const tablesOf = (writes: readonly Write[]): readonly string[] => [...new Set(writes.map(({ table }) => table))].sort()

describe('a large group', () => {
  it('is served in pieces, all in one transaction, and costs one ciphertext from then on', async () => {
    const { store, commits } = watchedStore()
    const world = createTestWorld({ store })
    await world.connect()
    const { client, clock, simulator, sent } = world
    const group = simulator.group({ phones: [world.ana, world.ben], bystanders: 60 })
    const texts: string[] = []
    world.ben.messages$.subscribe(({ text }) => texts.push(text ?? ''))
    commits.length = 0
    const first = client.send(group.jid, { text: 'cold' }).result()
    // Whoever comes while keys are being given out waits for its turn.
    const second = client.send(group.jid, { text: 'warm' }).result()
    expect(messagesOf(sent)).toEqual([])
    await clock.advance(100)
    await Promise.all([first, second])
    await client.send(group.jid, { text: 'warmer' }).result()
    expect(texts).toEqual(['cold', 'warm', 'warmer'])
    expect(messagesOf(sent).map((message) => receiversOf(message).length)).toEqual([122, 0, 0])
    const ofKey = commits.filter((writes) => writes.some(({ table }) => table === 'sender_keys'))
    expect(ofKey.map(tablesOf)).toEqual([
      expect.arrayContaining(['identities', 'outbox', 'sender_key_marks', 'sender_keys', 'sessions']),
      expect.arrayContaining(['outbox', 'sender_keys']),
      expect.arrayContaining(['outbox', 'sender_keys']),
    ])
    expect(ofKey.slice(1).flatMap(tablesOf)).not.toContain('sender_key_marks')
    expect(ofKey.slice(1).flatMap(tablesOf)).not.toContain('sessions')
    expect(simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('that is given up on the way gives nothing out, and holds nobody up', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, clock, simulator, sent } = world
    const group = simulator.group({ phones: [world.ana, world.ben], bystanders: 30 })
    const given = client.send(group.jid, { text: 'never mind' }).subscribe()
    given.unsubscribe()
    const sending = client.send(group.jid, { text: 'this' }).result()
    await clock.advance(100)
    await sending
    expect(messagesOf(sent).map((message) => receiversOf(message).length)).toEqual([62])
    world.hangUp()
  })
})
