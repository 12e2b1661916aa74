import { describe, expect, it } from '@jest/globals'

import { stanza, textOf, toJid, type ResolvedContact } from '../../lib/index.ts'
import { LIDMigrationMappingSyncPayload } from '../../lib/proto/content.generated.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore } from '../../lib/store/store.ts'
import { asked, linkTo, messagesOf, receiversOf } from './people.ts'
import { createTestWorld } from './world.ts'

/** Ana's client and Ben's, who know each other by their numbers only. */
const byNumbers = async (stores: { readonly ana?: ReturnType<typeof memoryStore> } = {}) => {
  const world = createTestWorld(stores.ana ? { store: stores.ana } : {})
  world.simulator.hideLids(true)
  await world.connect()
  const bens = await linkTo(world, world.ben)
  const talk = async (words: string) => {
    await world.client.send(world.ben.phoneNumber, { text: `${words} from Ana` })
    await bens.client.send(world.ana.phoneNumber, { text: `${words} from Ben` })
    await world.clock.advance(1_000)
  }
  await talk('one')
  await talk('two')
  const texts = () => world.events.flatMap((event) => (event.type === 'message' && !event.info.source.isFromMe ? [textOf(event.message)] : []))
  expect([texts(), bens.texts.filter((text) => text?.endsWith('Ana'))]).toEqual([
    ['one from Ben', 'two from Ben'],
    ['one from Ana', 'two from Ana'],
  ])
  expect(messagesOf(world.sent).every(({ attrs }) => String(attrs['to']).endsWith('@s.whatsapp.net'))).toBe(true)
  world.sent.length = 0
  return { ...world, bens, talk, texts }
}

describe('a conversation whose addresses move from phone numbers to LIDs', () => {
  it.each([
    ['the one who writes first afterwards hears of it first', 'ana'],
    ['the other one does', 'ben'],
  ])('goes on with the same sessions: %s', async (_, first) => {
    const world = await byNumbers()
    const { client, ana, ben, bens, simulator, sent, clock, talk, texts } = world
    simulator.hideLids(false)
    if (first === 'ana') await client.send(ben.phoneNumber, { text: 'moving' })
    else await bens.client.send(ana.phoneNumber, { text: 'moving' })
    await clock.advance(1_000)
    await client.contacts.resolve([ben.phoneNumber])
    await bens.client.contacts.resolve([ana.phoneNumber])
    sent.length = 0
    await talk('three')
    await talk('four')
    expect(texts().slice(-2)).toEqual(['three from Ben', 'four from Ben'])
    expect(bens.texts.filter((text) => text?.endsWith('Ana')).slice(-2)).toEqual(['three from Ana', 'four from Ana'])
    // By LID on the wire, with the sessions of before: no new keys, nothing asked for again.
    const messages = messagesOf(sent)
    expect(messages.every(({ attrs }) => String(attrs['to']).endsWith('@lid'))).toBe(true)
    expect(messages.flatMap(receiversOf).every((device) => device.endsWith('@lid'))).toBe(true)
    expect(asked(sent, 'encrypt')).toBe(0)
    expect(sent.filter(({ tag, attrs }) => tag === 'receipt' && attrs['type'] === 'retry')).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
    bens.stop()
    world.hangUp()
  })

  it('leaves nothing under the numbers', async () => {
    const store = memoryStore()
    const world = await byNumbers({ ana: store })
    world.simulator.hideLids(false)
    await world.client.contacts.resolve([world.ben.phoneNumber])
    await world.talk('three')
    world.hangUp()
    const open = store.open() as OpenStore
    const keys = (table: 'sessions' | 'identities') => (open.scan(table, undefined, 100) as readonly { readonly key: string }[]).map(({ key }) => key).filter((key) => key.startsWith(world.ben.phoneNumber.user))
    expect([keys('sessions'), keys('identities')]).toEqual([[], []])
    void open.close()
    world.bens.stop()
  })
})

describe('contacts.resolve', () => {
  it('gives both addresses, in the order asked; what is known is not asked again', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ana, ben, sent } = world
    const cleo = world.simulator.phone({ name: 'Cleo' })
    sent.length = 0
    const people = [ben.phoneNumber.toString(), cleo.lid, '15559999999@s.whatsapp.net', '99999999@lid', ana.lid]
    const expected: readonly ResolvedContact[] = [
      { asked: ben.phoneNumber, phoneNumber: ben.phoneNumber, lid: ben.lid, isRegistered: true },
      { asked: cleo.lid, phoneNumber: cleo.phoneNumber, lid: cleo.lid, isRegistered: true },
      { asked: toJid('15559999999@s.whatsapp.net'), phoneNumber: toJid('15559999999@s.whatsapp.net'), isRegistered: false },
      { asked: toJid('99999999@lid'), isRegistered: false },
      { asked: ana.lid, phoneNumber: ana.phoneNumber, lid: ana.lid, isRegistered: true },
    ]
    expect(await client.contacts.resolve(people)).toEqual(expected)
    expect(asked(sent, 'usync')).toBe(2)
    sent.length = 0
    expect(await client.contacts.resolve([ben.lid, cleo.phoneNumber])).toMatchObject([{ phoneNumber: ben.phoneNumber }, { lid: cleo.lid }])
    expect(asked(sent, 'usync')).toBe(0)
    world.hangUp()
  })

  it('needs a connection, and addresses of people', async () => {
    const world = createTestWorld()
    await expect(world.client.contacts.resolve([world.ben.lid]).result()).rejects.toMatchObject({ code: 'not_connected' })
    expect(() => world.client.contacts.resolve(['120363000000000001@g.us'])).toThrow(expect.objectContaining({ code: 'jid_invalid' }))
    expect(() => world.client.contacts.resolve(['nobody'])).toThrow(expect.objectContaining({ code: 'jid_invalid' }))
  })
})

describe('who is who', () => {
  it('is learnt when somebody changes the number, if both LIDs are named', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ben, simulator, device, sent } = world
    const modify = (more: Parameters<typeof stanza>[1]) =>
      stanza('notification', { from: ben.phoneNumber, type: 'contacts', id: 'N1', t: '1' }, [stanza('modify', { old: ben.phoneNumber, new: toJid('15550100099@s.whatsapp.net'), ...more })])
    simulator.inject(device, modify({ new_lid: toJid('90010099@lid') }))
    expect(await client.contacts.resolve(['90010099@lid'])).toMatchObject([{ isRegistered: false }])
    simulator.inject(device, modify({ old_lid: ben.lid, new_lid: toJid('90010099@lid') }))
    sent.length = 0
    expect(await client.contacts.resolve(['90010099@lid', ben.lid])).toMatchObject([{ phoneNumber: toJid('15550100099@s.whatsapp.net') }, { phoneNumber: ben.phoneNumber }])
    expect(asked(sent, 'usync')).toBe(0)
    world.hangUp()
  })

  it('our phone says for everybody at once; somebody else may not', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, ana, ben, sent } = world
    const mapping = (pn: number, lid: number) => ({
      protocolMessage: { type: 22, lidMigrationMappingSyncMessage: { encodedMappingPayload: LIDMigrationMappingSyncPayload.encode({ pnToLidMappings: [{ pn, assignedLid: 1, latestLid: lid }] }) } },
    })
    ben.sendMessage(ana.lid, mapping(15_550_100_077, 90_010_077))
    ana.sendMessage(ben.lid, mapping(15_550_100_088, 90_010_088))
    await world.clock.advance(1)
    await new Promise((resolve) => setImmediate(resolve))
    sent.length = 0
    expect(await client.contacts.resolve(['90010088@lid'])).toMatchObject([{ phoneNumber: toJid('15550100088@s.whatsapp.net') }])
    expect(asked(sent, 'usync')).toBe(0)
    expect(await client.contacts.resolve(['90010077@lid'])).toMatchObject([{ isRegistered: false }])
    world.hangUp()
  })
})
