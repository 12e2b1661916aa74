import { describe, expect, it } from '@jest/globals'

import { stanza, textOf, type WaEvent } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore } from '../../lib/store/store.ts'
import { asked, linkTo, messagesOf, receiversOf } from './people.ts'
import { createTestWorld, type TestWorld } from './world.ts'

type Told = WaEvent & { readonly type: 'identity_change' }

const changes = ({ events }: TestWorld): readonly Told[] => events.filter((event) => event.type === 'identity_change')
const textsOf = ({ events }: TestWorld) => events.flatMap((event) => (event.type === 'message' ? [textOf(event.message)] : []))

/** Our client and Ben know each other, alone and in a group; Ben has a linked device as well. */
const acquainted = async (options: Parameters<typeof createTestWorld>[0] = {}) => {
  const world = createTestWorld(options)
  await world.connect()
  const bens = await linkTo(world, world.ben)
  const heard: (string | undefined)[] = []
  const failures: Error[] = []
  world.ben.messages$.subscribe(({ text }) => heard.push(text))
  world.ben.failures$.subscribe((error) => failures.push(error))
  const group = world.simulator.group({ phones: [world.ana, world.ben] })
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.ben.send(world.ana.lid, 'hi')
  await world.client.send(group.jid, { text: 'hello all' })
  world.ben.sendToGroup(group.jid, 'hi all')
  await bens.client.send(world.ana.lid, { text: 'from my desk' })
  await world.clock.advance(1_000)
  expect(textsOf(world)).toEqual(['hi', 'hi all', 'from my desk'])
  world.events.length = 0
  world.sent.length = 0
  heard.length = 0
  return { ...world, bens, group, heard, failures }
}

/** Both can be heard by the other, alone and in the group. */
const expectHarmony = async ({ client, ben, ana, group, heard, failures, clock, ...world }: Awaited<ReturnType<typeof acquainted>>) => {
  world.events.length = 0
  heard.length = 0
  await client.send(ben.lid, { text: 'still there?' })
  ben.send(ana.lid, 'yes')
  await client.send(group.jid, { text: 'all of you?' })
  ben.sendToGroup(group.jid, 'yes, all')
  await clock.advance(1_000)
  expect(failures).toEqual([])
  expect(heard).toEqual(['still there?', 'all of you?'])
  expect(textsOf({ client, ben, ana, clock, ...world })).toEqual(['yes', 'yes, all'])
}

describe('somebody with a new phone', () => {
  it('is told; both directions work at once, the linked devices are gone', async () => {
    const world = await acquainted()
    const { ben, sent, client, clock } = world
    ben.reinstall()
    expect(changes(world)).toEqual([{ type: 'identity_change', user: ben.phoneNumber, lidUser: ben.lid, implicit: false, offline: false }])
    await clock.advance(1_000)
    const ack = sent.find(({ tag, attrs }) => tag === 'ack' && attrs['class'] === 'notification')
    expect(ack?.attrs['type']).toBeUndefined()
    // A session is begun before anybody needs it.
    expect([asked(sent, 'usync'), asked(sent, 'encrypt')]).toEqual([1, 1])
    sent.length = 0
    await client.send(ben.lid, { text: 'are you new?' })
    expect([asked(sent, 'usync'), asked(sent, 'encrypt')]).toEqual([0, 0])
    expect(receiversOf(messagesOf(sent).at(-1)!)).toEqual([ben.lid.toString(), world.ana.lid.toString()])
    await expectHarmony(world)
    expect(changes(world)).toEqual([])
    world.bens.stop()
    world.hangUp()
  })

  it('can link devices again, which read and write', async () => {
    const world = await acquainted()
    const { ben, client, clock } = world
    ben.reinstall()
    world.bens.stop()
    await clock.advance(1_000)
    const next = await linkTo(world, ben)
    world.events.length = 0
    await client.send(ben.lid, { text: 'to both' })
    await next.client.send(world.ana.lid, { text: 'from both' })
    await clock.advance(1_000)
    expect(next.texts).toEqual(['to both'])
    expect(textsOf(world)).toEqual(['from both'])
    next.stop()
    world.hangUp()
  })

  it('is found out by what they write, when nobody says so', async () => {
    const world = await acquainted()
    const { ben, ana, clock } = world
    ben.reinstall({ isSilent: true })
    expect(changes(world)).toEqual([])
    ben.send(ana.lid, 'it is me')
    await clock.advance(1_000)
    expect(textsOf(world)).toEqual(['it is me'])
    expect(changes(world)).toEqual([{ type: 'identity_change', user: ben.phoneNumber, lidUser: ben.lid, implicit: true, offline: false }])
    await expectHarmony(world)
    expect(changes(world)).toEqual([])
    world.bens.stop()
    world.hangUp()
  })

  it('is found out by the keys the server has, when there is no session any more', async () => {
    const store = memoryStore()
    const world = await acquainted({ store })
    const { ben, client, heard } = world
    world.hangUp()
    const open = store.open() as OpenStore
    const rows = open.scan('sessions', undefined, 100) as readonly { readonly key: string }[]
    void open.commit(rows.map(({ key }) => ({ table: 'sessions', key, value: undefined })))
    void open.close()
    ben.reinstall({ isSilent: true })
    await world.connect()
    world.events.length = 0
    await client.send(ben.lid, { text: 'hello again' })
    await world.clock.advance(1_000)
    expect(heard).toEqual(['hello again'])
    expect(changes(world)).toMatchObject([{ implicit: true, lidUser: ben.lid }])
    await expectHarmony(world)
    world.bens.stop()
    world.hangUp()
  })

  it('while we were away: told as part of the backlog, the session waits for the next message', async () => {
    const world = await acquainted()
    const { ben, sent } = world
    world.hangUp()
    ben.reinstall()
    sent.length = 0
    await world.connect()
    await world.clock.advance(1_000)
    expect(changes(world)).toMatchObject([{ implicit: false, offline: true }])
    expect(asked(sent, 'usync')).toBe(0)
    await expectHarmony(world)
    world.bens.stop()
    world.hangUp()
  })
})

describe('news of identities that are none', () => {
  const notice = (from: Parameters<typeof stanza>[1]) => stanza('notification', { type: 'encrypt', id: 'N1', t: '1', ...from }, [stanza('identity')])

  it.each([
    ['of somebody unknown', () => ({ from: '15550100099@s.whatsapp.net' })],
    ['of a linked device', ({ ben }: TestWorld) => ({ from: `${ben.phoneNumber.user}:1@s.whatsapp.net` })],
    ['of ourselves', ({ ana }: TestWorld) => ({ from: ana.phoneNumber })],
  ])('%s: acknowledged, nothing told, nothing asked', async (_, from) => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(from(world)))
    await world.clock.advance(1_000)
    expect(world.events).toEqual([])
    expect(world.sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'N1')).toHaveLength(1)
    expect(asked(world.sent, 'usync')).toBe(0)
    await expectHarmony(world)
    world.bens.stop()
    world.hangUp()
  })

  it.each([
    ['without a sender', {}],
    ['of a group', { from: '120363000000000001@g.us' }],
  ])('%s: malformed', async (_, from) => {
    const world = await acquainted()
    world.simulator.inject(world.device, notice(from))
    expect(world.events).toMatchObject([{ type: 'malformed_stanza', faults: [expect.stringContaining('from')] }])
    world.bens.stop()
    world.hangUp()
  })
})
