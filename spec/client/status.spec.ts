import { describe, expect, it } from '@jest/globals'

import { textOf, toJid, type ClientOptions, type WaEvent } from '../../lib/index.ts'
import { bigEndian } from '../../lib/bytes/bytes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import type { Phone } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const STATUS = 'status@broadcast'

interface StatusWorld extends TestWorld {
  readonly cleo: Phone
  readonly heard: ReadonlyMap<Phone, string[]>
  readonly failures: Error[]
}

const ready = async (options: Partial<ClientOptions> = {}): Promise<StatusWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  const cleo = world.simulator.phone({ name: 'Cleo' })
  const heard = new Map([world.ana, world.ben, cleo].map((phone) => [phone, [] as string[]]))
  const failures: Error[] = []
  for (const [phone, texts] of heard) {
    phone.messages$.subscribe(({ text, chat }) => texts.push(`${chat} ${text}`))
    phone.failures$.subscribe((error) => failures.push(error))
  }
  world.events.length = 0
  world.sent.length = 0
  return { ...world, cleo, heard, failures }
}

const posts = (sent: readonly Stanza[]): readonly Stanza[] => sent.filter(({ tag }) => tag === 'message')
const named = (post: Stanza) => childrenOf(childOf(post, 'participants')!, 'to').map((to) => [String(to.attrs['jid']), childOf(to, 'enc') !== undefined])
const messages = (events: readonly WaEvent[]) => events.filter((event) => event.type === 'message')

describe('a status post', () => {
  it('of ours reaches those named and our phone; the key goes out once, names go out always', async () => {
    const world = await ready()
    const { client, ben, cleo, ana, heard, sent } = world
    const audience = { people: [ben.lid, cleo.phoneNumber], setting: 'allowlist' } as const
    const { id } = await client.send(STATUS, { text: 'sunny' }, { audience })
    await client.send(STATUS, { text: 'cloudy' }, { audience })
    for (const texts of heard.values()) expect(texts).toEqual([`${STATUS} sunny`, `${STATUS} cloudy`])
    expect(world.failures).toEqual([])
    const [first, second] = posts(sent)
    expect(first!.attrs).toEqual({ to: toJid(STATUS), id, type: 'text' })
    expect(named(first!).sort()).toEqual([[ana.lid.toString(), true], [ben.lid.toString(), true], [cleo.lid.toString(), true]])
    expect(named(second!).sort()).toEqual([[ana.lid.toString(), false], [ben.lid.toString(), false], [cleo.lid.toString(), false]])
    expect(childOf(first!, 'meta')?.attrs).toEqual({ status_setting: 'allowlist' })
    expect(childrenOf(second!).map(({ tag, attrs }) => [tag, attrs['type']])).toEqual([['participants', undefined], ['enc', 'skmsg'], ['meta', undefined], ['reporting', undefined]])
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('whose acknowledgement says that devices were missed makes us give everybody our key again, the same one', async () => {
    const world = await ready()
    const { client, simulator, clock, ben, cleo, ana, sent, heard, device } = world
    const audience = { people: [ben.lid, cleo.lid] }
    await client.send(STATUS, { text: 'one' }, { audience })
    // The simulator keeps no hash of an audience: what it would say is said for it.
    const silent = simulator.faults.add({ on: { device, direction: 'out', tag: 'ack', where: (passing) => passing.stanza?.attrs['id'] === 'TWO' }, do: { kind: 'drop' } })
    const sending = client.send(STATUS, { text: 'two' }, { id: 'TWO', audience }).result()
    await clock.advance(5)
    silent.remove()
    simulator.inject(device, stanza('ack', { class: 'message', id: 'TWO', from: toJid(STATUS), t: 1, phash: '2:AAAAAAAA' }))
    await clock.advance(5)
    await sending
    sent.length = 0
    await client.send(STATUS, { text: 'three' }, { audience })
    await client.send(STATUS, { text: 'four' }, { audience })
    const [third, fourth] = posts(sent)
    expect(named(third!).sort()).toEqual([ana, ben, cleo].map(({ lid }) => [lid.toString(), true]).sort())
    expect(named(fourth!).every(([, hasKey]) => !hasKey)).toBe(true)
    for (const texts of heard.values()) expect(texts).toEqual(['one', 'two', 'three', 'four'].map((text) => `${STATUS} ${text}`))
    expect(world.failures).toEqual([])
    expect(simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('somebody may not read any more makes us take a new key', async () => {
    const world = await ready()
    const { client, ben, cleo, sent, heard } = world
    await client.send(STATUS, { text: 'both' }, { audience: { people: [ben.lid, cleo.lid] } })
    await client.send(STATUS, { text: 'Ben only' }, { audience: { people: [ben.lid] } })
    expect(named(posts(sent)[1]!).sort()).toEqual([[world.ana.lid.toString(), true], [ben.lid.toString(), true]])
    expect(heard.get(ben)).toHaveLength(2)
    expect(heard.get(cleo)).toEqual([`${STATUS} both`])
    world.hangUp()
  })

  it('that is refused gives our key with the next one, to those alone who lack it', async () => {
    const world = await ready()
    const { client, simulator, ana, ben, cleo, heard, sent } = world
    await client.send(STATUS, { text: 'one' }, { audience: { people: [ben.lid] } })
    const audience = { people: [ben.lid, cleo.lid] }
    const fault = simulator.faults.add({ on: { device: world.device, direction: 'in', tag: 'message', times: 1 }, do: { kind: 'refuse', code: 400 } })
    await expect(client.send(STATUS, { text: 'two' }, { audience })).rejects.toThrow(/400/)
    fault.remove()
    sent.length = 0
    await client.send(STATUS, { text: 'three' }, { audience })
    expect(posts(sent).map((post) => named(post).sort())).toEqual([[[ana.lid.toString(), false], [ben.lid.toString(), false], [cleo.lid.toString(), true]]])
    expect(heard.get(cleo)).toEqual([`${STATUS} three`])
    expect(world.failures).toEqual([])
    world.hangUp()
  })

  it('needs an audience of people, which nothing else has', async () => {
    const { client, ben, hangUp } = await ready()
    expect(() => client.send(STATUS, { text: 'x' })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    expect(() => client.send(STATUS, { text: 'x' }, { audience: { people: [] } })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    expect(() => client.send(STATUS, { text: 'x' }, { audience: { people: ['1@g.us'] } })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    expect(() => client.send(ben.lid, { text: 'x' }, { audience: { people: [ben.lid] } })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    expect(() => client.send('5@broadcast', { text: 'x' })).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    hangUp()
  })

  it('of others is read, and acknowledged twice', async () => {
    const world = await ready()
    const { ben, ana, cleo, events, sent } = world
    const id = ben.postStatus([ana, cleo], 'at the sea')
    const [event] = messages(events)
    expect(event).toMatchObject({ info: { id, isStatus: true, source: { chat: toJid(STATUS), sender: ben.lid, isFromMe: false, isGroup: true } } })
    expect(event!.info.bclParticipants).toBeUndefined()
    expect(textOf(event!.message)).toBe('at the sea')
    expect(sent.filter(({ attrs }) => attrs['id'] === id)).toMatchObject([{ tag: 'receipt', attrs: { context: 'status', participant: ben.lid } }, { tag: 'ack', attrs: { participant: ben.lid } }])
    world.hangUp()
  })

  it('of our own phone tells who may read it', async () => {
    const world = await ready()
    const { ben, ana, cleo, events } = world
    ana.postStatus([ben, cleo], 'from my phone')
    ana.postStatus([ben, cleo], 'again')
    expect(messages(events).map(({ info }) => [info.source.isFromMe, info.bclParticipants?.length])).toEqual([[true, 3], [true, 3]])
    world.hangUp()
  })

  it.each([
    ['a reader', (world: StatusWorld) => world.ben.lid, 1],
    ['somebody who is no reader', (world: StatusWorld) => world.cleo.lid, 0],
  ])('that %s could not read', async (_, who, resent) => {
    const world = await ready()
    const { client, ben, sent, clock, simulator } = world
    const { id } = await client.send(STATUS, { text: 'again?' }, { audience: { people: [ben.lid], setting: 'denylist' } })
    sent.length = 0
    const participant = who(world)
    simulator.inject(world.device, stanza('receipt', { from: toJid(STATUS), participant, id, type: 'retry', t: '1767225600' }, [stanza('retry', { v: '1', count: '1', id, t: '1767225600' }), stanza('registration', {}, bigEndian(7, 4))]))
    await clock.advance(1_000)
    const resends = posts(sent)
    expect(resends).toHaveLength(resent)
    for (const resend of resends) {
      expect(resend.attrs).toEqual({ to: toJid(STATUS), participant, id, type: 'text' })
      expect(childOf(resend, 'enc')?.attrs).toMatchObject({ count: '1' })
      expect(childOf(resend, 'meta')?.attrs).toEqual({ status_setting: 'denylist' })
    }
    world.hangUp()
  })

  it('lost on the way is asked for and read', async () => {
    const world = await ready()
    const { ben, ana, events, clock, simulator } = world
    ben.postStatus([ana], 'first')
    simulator.corruptNextMessage()
    const id = ben.postStatus([ana], 'broken')
    await clock.advance(2_000)
    expect(messages(events).map(({ info, message }) => [info.id === id, textOf(message)])).toEqual([[false, 'first'], [true, 'broken']])
    world.hangUp()
  })
})

describe('a broadcast list', () => {
  it('is read as what it is, with its owner', async () => {
    const world = await ready()
    const { ben, ana, events, sent } = world
    const list = toJid('1700000000@broadcast')
    const id = ben.sendToList(list, [ana], 'to all of you')
    expect(messages(events)).toMatchObject([{ info: { id, source: { chat: list, sender: ben.lid, broadcastListOwner: ben.lid, isFromMe: false } } }])
    expect(messages(events)[0]!.info.isStatus).toBeUndefined()
    expect(sent.filter(({ attrs }) => attrs['id'] === id)).toMatchObject([{ tag: 'receipt', attrs: { to: list, participant: ben.lid } }])
    world.hangUp()
  })
})
