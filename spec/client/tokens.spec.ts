import { describe, expect, it } from '@jest/globals'

import { stanza, type Stanza } from '../../lib/index.ts'
import { bytesOf, childOf } from '../../lib/stanza/stanza.ts'
import { linkTo, messagesOf } from './people.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const SENDS_TOKENS = { 10518: '1' }
/** A period of a minute instead of a week. */
const MINUTES = { ...SENDS_TOKENS, 996: '60' }

const start = async (values: Readonly<Record<number, string>> = SENDS_TOKENS): Promise<TestWorld> => {
  const world = createTestWorld()
  world.simulator.setProperties({ values })
  await world.connect()
  await world.clock.advance(10)
  world.events.length = 0
  world.sent.length = 0
  return world
}
const lastMessage = ({ sent }: TestWorld): Stanza => messagesOf(sent).at(-1)!
const tokenIn = (message: Stanza): string | undefined => {
  const token = bytesOf(childOf(message, 'tctoken'))
  return token && new TextDecoder().decode(token)
}
const givenByUs = ({ simulator, ana }: TestWorld) => simulator.tokensGiven().filter(({ from }) => String(from) === String(ana.phoneNumber))

describe('a token somebody gave us', () => {
  it('goes with every message to them, under either address, also after a restart; nothing is told of it', async () => {
    const world = await start()
    const { client, ben, events, hangUp, connect, clock } = world
    await client.send(ben.lid, { text: 'a stranger' })
    expect(tokenIn(lastMessage(world))).toBeUndefined()
    ben.trust(world.ana)
    expect(events.map(({ type }) => type)).not.toContain('notification')
    await client.send(ben.lid, { text: 'a friend' })
    expect(tokenIn(lastMessage(world))).toBe('90010002 trusts 90010001')
    hangUp()
    await connect()
    await clock.advance(10)
    await client.send(ben.phoneNumber, { text: 'still' })
    expect(tokenIn(lastMessage(world))).toBe('90010002 trusts 90010001')
    hangUp()
  })

  it('goes with nothing unless the server says so, nor to groups or ourselves', async () => {
    const world = await start({})
    const { client, ana, ben, simulator } = world
    ben.trust(ana)
    await client.send(ben.lid, { text: 'a friend' })
    expect(tokenIn(lastMessage(world))).toBeUndefined()
    await client.send(simulator.group({ phones: [ana, ben] }).jid, { text: 'all' })
    expect(tokenIn(lastMessage(world))).toBeUndefined()
    await client.send(ana.lid, { text: 'a note' })
    expect(childOf(lastMessage(world), 'reporting')).toBeUndefined()
    world.hangUp()
  })

  it('that the server insists on: without it a message fails, and they are given one of ours', async () => {
    const world = await start()
    const { client, ana, ben, simulator, clock } = world
    simulator.requireTokens(true)
    await expect(client.send(ben.lid, { text: 'a stranger' }).result()).rejects.toMatchObject({ status: '463' })
    await clock.advance(10)
    expect(givenByUs(world)).toMatchObject([{ to: ben.phoneNumber }])
    ben.trust(ana)
    await client.send(ben.lid, { text: 'a friend' })
    world.hangUp()
  })

  it.each([
    ['without tokens', [], '15550100002@s.whatsapp.net'],
    ['of a group', [stanza('tokens')], '120363000000000001@g.us'],
  ])('%s is malformed, and acknowledged', async (_, content, from) => {
    const world = await start()
    world.simulator.inject(world.device, stanza('notification', { type: 'privacy_token', id: 'N1', t: '1', from }, content))
    expect(world.events).toMatchObject([{ type: 'malformed_stanza' }])
    expect(world.sent.filter(({ tag, attrs }) => tag === 'ack' && attrs['id'] === 'N1')).toHaveLength(1)
    world.hangUp()
  })
})

describe('a token of ours', () => {
  it('is given to whom we write, once a period, after the server took the message', async () => {
    const world = await start(MINUTES)
    const { client, ben, simulator, clock } = world
    await client.send(ben.lid, { text: 'one' })
    await client.send(ben.phoneNumber, { text: 'two' })
    await clock.advance(10)
    expect(givenByUs(world)).toMatchObject([{ to: ben.phoneNumber }])
    await clock.advance(60_000)
    await client.send(ben.lid, { text: 'three' })
    await clock.advance(10)
    expect(givenByUs(world)).toHaveLength(2)
    simulator.refuseMessages('404')
    const cleo = simulator.phone({ name: 'Cleo' })
    await client.send(cleo.lid, { text: 'refused' }).result().catch(() => undefined)
    simulator.refuseMessages(undefined)
    await clock.advance(10)
    expect(givenByUs(world)).toHaveLength(2)
    await client.send(simulator.group({ phones: [world.ana, cleo] }).jid, { text: 'all' })
    await client.send(world.ana.lid, { text: 'a note' })
    await clock.advance(10)
    expect(givenByUs(world)).toHaveLength(2)
    world.hangUp()
  })

  it('is given again to a new phone, of the same date', async () => {
    const world = await start()
    const { client, ben, clock } = world
    await client.send(ben.lid, { text: 'one' })
    await clock.advance(3_600_000)
    const [first] = givenByUs(world)
    ben.reinstall()
    await clock.advance(1_000)
    expect(givenByUs(world)).toEqual([first, first])
    ben.reinstall({ isSilent: true })
    ben.send(world.ana.lid, 'me again')
    await clock.advance(1_000)
    expect(givenByUs(world)).toEqual([first, first, first])
    world.hangUp()
  })
})

describe('a token for reports', () => {
  it('goes with messages to people and groups, and reaches who reads them', async () => {
    const world = await start()
    const { client, ana, ben, simulator, clock } = world
    const bens = await linkTo(world, ben)
    const infos: unknown[] = []
    bens.client.messages$.subscribe(({ info, message }) => infos.push([info.metaInfo.reportingToken?.length, info.metaInfo.reportingTokenVersion, message.messageContextInfo?.reportingTokenVersion]))
    await client.send(ben.lid, { text: 'to you' })
    await client.send(simulator.group({ phones: [ana, ben] }).jid, { text: 'to all' })
    await clock.advance(1_000)
    expect(infos).toEqual([
      [16, 2, 2],
      [16, 2, 2],
    ])
    bens.stop()
    world.hangUp()
  })
})
