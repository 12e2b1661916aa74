import { describe, expect, it } from '@jest/globals'

import { memoryStore } from '../../lib/store/memory/index.ts'
import { linkTo, messagesOf, receiversOf } from './people.ts'
import { createTestWorld, type TestWorld } from './world.ts'

/** Our client knows Ben's devices, and is not told of the one he links now. */
const unaware = async () => {
  const world = createTestWorld()
  await world.connect()
  await world.client.send(world.ben.lid, { text: 'hello' })
  const fault = world.simulator.faults.add({ on: { device: world.device, direction: 'out', where: ({ stanza }) => stanza?.tag === 'notification' }, do: { kind: 'drop' } })
  const bens = await linkTo(world, world.ben)
  fault.remove()
  world.sent.length = 0
  return { ...world, bens, linked: `${world.ben.lid.user}:1@lid` }
}
const messagesTo = (world: Pick<TestWorld, 'sent' | 'ana'>): readonly (readonly string[])[] =>
  messagesOf(world.sent).map((message) => receiversOf(message).filter((device) => device !== world.ana.lid.toString()))

describe('a message that went past a device', () => {
  it('reaches it under the same id, once, and nobody else again', async () => {
    const { bens, linked, ...world } = await unaware()
    const heard: (string | undefined)[] = []
    world.ben.messages$.subscribe(({ text }) => heard.push(text))
    const { id } = await world.client.send(world.ben.lid, { text: 'to all of you' })
    await world.clock.advance(5)
    expect(messagesTo(world)).toEqual([[world.ben.lid.toString()], [linked]])
    expect(messagesOf(world.sent).map(({ attrs }) => attrs['id'])).toEqual([id, id])
    expect([bens.texts, heard]).toEqual([['to all of you'], ['to all of you']])
    expect(world.client.explain(id)).toMatchObject({ outcome: 'mended', steps: [{ kind: 'devices_missed' }, { kind: 'sent_again', encType: 'pkmsg' }] })
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    // The next one knows.
    world.sent.length = 0
    await world.client.send(world.ben.lid, { text: 'next' })
    expect(messagesTo(world)).toEqual([[world.ben.lid.toString(), linked]])
    bens.stop()
    world.hangUp()
  })

  it('is accepted all the same when the device is gone again', async () => {
    const { bens, ...world } = await unaware()
    world.ben.unlink(1)
    expect((await world.client.send(world.ben.lid, { text: 'x' })).message.conversation).toBe('x')
    bens.stop()
    world.hangUp()
  })

  it('reaches it on the next connection when the line breaks in between', async () => {
    const { bens, ...world } = await unaware()
    let isFirst = true
    const watching = world.simulator.traffic$.subscribe(({ direction, stanza }) => {
      // Right after the acknowledgement that says so, before the lists are asked for.
      if (direction !== 'out' || stanza.tag !== 'ack' || stanza.attrs['phash'] === undefined || !isFirst) return
      isFirst = false
      world.simulator.disconnect(world.device)
    })
    const sending = world.client.send(world.ben.lid, { text: 'in spite of it' }).result()
    await world.clock.advance(60_000)
    await sending
    expect(bens.texts).toEqual(['in spite of it'])
    expect(isFirst).toBe(false)
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    watching.unsubscribe()
    bens.stop()
    world.hangUp()
  })

  it('of a member of a group reaches it under the same id, with our key, and nobody else again', async () => {
    const store = memoryStore()
    const world = createTestWorld({ store })
    await world.connect()
    const cleo = world.simulator.phone({ name: 'Cleo' })
    const group = world.simulator.group({ phones: [world.ana, world.ben, cleo] })
    await world.client.send(group.jid, { text: 'hello' })
    const fault = world.simulator.faults.add({ on: { device: world.device, direction: 'out', where: ({ stanza }) => stanza?.tag === 'notification' }, do: { kind: 'drop' } })
    const bens = await linkTo(world, world.ben)
    fault.remove()
    // What it asks for on its own comes later than what the server says.
    const late = world.simulator.faults.add({ on: { device: `${world.ben.phoneNumber.user}:1@s.whatsapp.net`, direction: 'in', where: ({ stanza }) => stanza?.tag === 'receipt' }, do: { kind: 'delay', ms: 3_000 } })
    const [heard, others]: (string | undefined)[][] = [[], []]
    world.ben.messages$.subscribe(({ text }) => heard!.push(text))
    cleo.messages$.subscribe(({ text }) => others!.push(text))
    world.sent.length = 0
    const sending = world.client.send(group.jid, { text: 'to all of you' }).result()
    await world.clock.advance(1_000)
    const { id } = await sending
    const [first, second, ...more] = messagesOf(world.sent)
    expect([first!.attrs['id'], second!.attrs['id'], more.length]).toEqual([id, id, 0])
    expect([receiversOf(first!), receiversOf(second!)]).toEqual([[], [`${world.ben.lid.user}:1@lid`]])
    expect(bens.texts).toEqual(['to all of you'])
    await world.clock.advance(10_000)
    expect([bens.texts, heard, others]).toEqual([['to all of you'], ['to all of you'], ['to all of you']])
    expect(world.client.explain(id)).toMatchObject({ outcome: 'mended' })
    expect(world.simulator.reusedMessageKeys()).toEqual([])
    world.sent.length = 0
    await world.client.send(group.jid, { text: 'next' })
    expect(messagesOf(world.sent)).toHaveLength(1)
    late.remove()
    bens.stop()
    world.hangUp()
    await world.clock.advance(1_000)
    // Nothing of it is left for the next process to send.
    const open = await store.open()
    expect(await open.scan('outbox', undefined, 10)).toEqual([])
    await open.close()
  })
})
