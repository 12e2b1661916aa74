import { describe, expect, it } from '@jest/globals'

import { toJid } from '../../lib/index.ts'
import { participantHash } from '../../lib/stanza/participant-hash.ts'
import { childOf, childrenOf } from '../../lib/stanza/stanza.ts'
import { linkTo, messagesOf, receiversOf } from './people.ts'
import { createTestWorld } from './world.ts'

const LIST = '1700000000@broadcast'

const ready = async () => {
  const world = createTestWorld()
  await world.connect()
  const cleo = world.simulator.phone({ name: 'Cleo' })
  const heard: string[] = []
  for (const [name, phone] of [['Ana', world.ana], ['Ben', world.ben], ['Cleo', cleo]] as const) phone.messages$.subscribe(({ text, chat }) => heard.push(`${name}: ${chat} ${text}`))
  world.sent.length = 0
  return { ...world, cleo, heard }
}

describe('a broadcast list', () => {
  it('is written to by phone number, with our key to those who lack it', async () => {
    const world = await ready()
    const { client, ana, ben, cleo, heard, sent } = world
    const audience = { people: [ben.lid, cleo.phoneNumber] }
    const { id } = await client.send(LIST, { text: 'news' }, { audience })
    await client.send(LIST, { text: 'more' }, { audience })
    expect(heard.sort()).toEqual(['Ana', 'Ben', 'Cleo'].flatMap((name) => [`${name}: ${LIST} more`, `${name}: ${LIST} news`]))
    const [first, second] = messagesOf(sent)
    const devices = [ana, ben, cleo].map(({ phoneNumber }) => phoneNumber)
    const phash = participantHash([...devices, toJid(world.device)])
    expect([first!.attrs, second!.attrs['phash']]).toEqual([{ to: toJid(LIST), id, type: 'text', phash }, phash])
    expect([[...receiversOf(first!)].sort(), receiversOf(second!)]).toEqual([devices.map(String).sort(), []])
    expect(childrenOf(second!).map(({ tag, attrs }) => [tag, attrs['type']])).toEqual([['enc', 'skmsg'], ['reporting', undefined]])
    expect(childOf(first!, 'meta')).toBeUndefined()
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('somebody is taken off makes us take a new key', async () => {
    const world = await ready()
    const { client, ben, cleo, sent } = world
    await client.send(LIST, { text: 'both' }, { audience: { people: [ben.lid, cleo.lid] } })
    await client.send(LIST, { text: 'Ben only' }, { audience: { people: [ben.lid] } })
    expect([...receiversOf(messagesOf(sent)[1]!)].sort()).toEqual([world.ana.phoneNumber, ben.phoneNumber].map(String).sort())
    world.hangUp()
  })

  it('is sent again to whoever could not read it, and to nobody it was not for', async () => {
    const world = await ready()
    const { client, ben, cleo, heard, sent } = world
    const audience = { people: [ben.lid] }
    await client.send(LIST, { text: 'one' }, { audience })
    world.simulator.corruptNextMessage()
    ben.behave({ asksAgain: true })
    const { id } = await client.send(LIST, { text: 'two' }, { audience })
    await world.clock.advance(1_000)
    expect(heard.filter((line) => line.startsWith('Ben')).sort()).toEqual([`Ben: ${LIST} one`, `Ben: ${LIST} two`])
    const resends = messagesOf(sent).filter(({ attrs }) => attrs['participant'] !== undefined)
    expect(resends.map(({ attrs }) => [attrs['id'], attrs['to']?.toString(), attrs['addressing_mode']])).toEqual(resends.map(() => [id, LIST, undefined]))
    expect(resends.length).toBeGreaterThan(0)
    expect(heard.some((line) => line.startsWith('Cleo'))).toBe(false)
    expect(cleo.lid).toBeDefined()
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.hangUp()
  })

  it('whose message went past a device reaches it under the same id, and nobody else twice', async () => {
    const world = await ready()
    const { client, simulator, ben, cleo, sent, heard } = world
    const audience = { people: [ben.phoneNumber, cleo.phoneNumber] }
    await client.send(LIST, { text: 'one' }, { audience })
    const deaf = simulator.faults.add({ on: { device: world.device, direction: 'out', tag: 'notification' }, do: { kind: 'drop' } })
    const bens = await linkTo(world, ben)
    deaf.remove()
    // Not by what the new device asks for on its own.
    const unasked = simulator.faults.add({ on: { device: bens.device, direction: 'in', tag: 'receipt' }, do: { kind: 'drop' } })
    sent.length = heard.length = 0
    const { id } = await client.send(LIST, { text: 'two' }, { audience })
    const [first, again, ...others] = messagesOf(sent)
    expect([first, again].map((message) => message!.attrs['id'])).toEqual([id, id])
    expect([first, again].map((message) => receiversOf(message!))).toEqual([[], [`${ben.phoneNumber.user}:1@s.whatsapp.net`]])
    expect(others).toEqual([])
    expect(bens.texts).toEqual(['two'])
    expect(heard.filter((line) => !line.startsWith('Ana')).sort()).toEqual([`Ben: ${LIST} two`, `Cleo: ${LIST} two`])
    expect(client.explain(id)?.steps.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['devices_missed', 'sent_again']))
    expect(simulator.reusedMessageKeys()).toEqual([])
    unasked.remove()
    bens.stop()
    world.hangUp()
  })

  it('that lost somebody has another hash, and nobody was missed', async () => {
    const { client, ben, cleo, sent, simulator, hangUp } = await ready()
    await client.send(LIST, { text: 'to both' }, { audience: { people: [ben.lid, cleo.lid] } })
    sent.length = 0
    await client.send(LIST, { text: 'to one' }, { audience: { people: [ben.lid] } })
    expect(messagesOf(sent)).toHaveLength(1)
    expect(simulator.reusedMessageKeys()).toEqual([])
    hangUp()
  })

  it('whose first message is refused gives our key with the next one', async () => {
    const world = await ready()
    const { client, simulator, ben, heard, sent } = world
    const audience = { people: [ben.lid] }
    const fault = simulator.faults.add({ on: { device: world.device, direction: 'in', tag: 'message', times: 1 }, do: { kind: 'refuse', code: 400 } })
    await expect(client.send(LIST, { text: 'one' }, { audience })).rejects.toThrow(/400/)
    fault.remove()
    sent.length = 0
    await client.send(LIST, { text: 'two' }, { audience })
    expect(messagesOf(sent).map((message) => [...receiversOf(message)].sort())).toEqual([[world.ana.phoneNumber, ben.phoneNumber].map(String).sort()])
    expect(heard.filter((line) => line.startsWith('Ben'))).toEqual([`Ben: ${LIST} two`])
    world.hangUp()
  })

  it('needs its people named, and has no setting', async () => {
    const world = await ready()
    expect(() => world.client.send(LIST, { text: 'x' })).toThrow(/audience/)
    expect(() => world.client.send(LIST, { text: 'x' }, { audience: { people: [] } })).toThrow(/audience/)
    expect(() => world.client.send(LIST, { text: 'x' }, { audience: { people: [world.ben.lid], setting: 'contacts' } })).toThrow(/setting/)
    world.hangUp()
  })
})
