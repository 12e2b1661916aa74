import { describe, expect, it } from '@jest/globals'

import type { Message } from '../../lib/proto/types.generated.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { toJid, type WaEvent } from '../../lib/index.ts'
import { aPush } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const CHANNEL = '120363000000000002@newsletter'

const connected = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  world.events.length = 0
  world.sent.length = 0
  return world
}
const told = ({ events }: TestWorld): readonly string[] =>
  events.filter(({ type }) => type !== 'receipt').map((event) => (event.type === 'message' ? `message ${event.info.id} ${event.message.conversation ?? JSON.stringify(event.message)}` : event.type))
const answers = ({ sent }: TestWorld) => sent.filter(({ tag, attrs }) => (tag === 'ack' || tag === 'receipt') && attrs['id'] === 'POST1')

describe('a post in a channel', () => {
  it('is a message, acknowledged once it is in the store, without a receipt', async () => {
    const world = await connected()
    world.simulator.push(world.ana.lid, aPush.message({ message: { conversation: 'Hello all' }, serverId: 107 }))
    await world.clock.advance(0)
    const [event] = world.events as readonly (WaEvent & { readonly type: 'message' })[]
    expect(event).toMatchObject({ type: 'message', message: { conversation: 'Hello all' }, origin: 'live', redelivered: false })
    expect(event!.info).toMatchObject({ id: 'POST1', serverId: 107, source: { isFromMe: false, isGroup: false } })
    expect(event!.info.source.chat).toEqual(toJid(CHANNEL))
    expect(answers(world)).toMatchObject([{ tag: 'ack', attrs: { class: 'message', to: toJid(CHANNEL), type: 'text' } }])
    world.hangUp()
  })

  it('is told once however often it comes, and each of its edits as well', async () => {
    const world = await connected()
    const at = 1_767_225_600
    for (const [text, edit, t] of [['one', undefined, at], ['one', undefined, at], ['two', '3', at + 5], ['three', '3', at + 9], ['three', '3', at + 9]] as const)
      world.simulator.push(world.ana.lid, aPush.message({ message: { conversation: text }, t, ...(edit && { edit }) }))
    await world.clock.advance(0)
    expect(told(world)).toEqual(['message POST1 one', 'message POST1 two', 'message POST1 three'])
    expect(answers(world)).toHaveLength(5)
    world.hangUp()
  })

  it('is owed to durable consumers across a restart', async () => {
    const world = await connected()
    const keys: string[] = []
    const first = world.client.durable('archive', ['message']).subscribe(({ key }) => keys.push(key))
    await world.clock.advance(0)
    world.simulator.push(world.ana.lid, aPush.message())
    await world.clock.advance(0)
    first.unsubscribe()
    world.client.durable('archive', ['message']).subscribe(({ key, event, ack }) => {
      keys.push(`${key} ${event.message.conversation}`)
      ack()
    })
    await world.clock.advance(0)
    expect(keys).toEqual([keys[0], `${keys[0]} News`])
    world.hangUp()
  })

  it('cannot speak for a device of ours, whoever is said to have written it', async () => {
    const world = await connected()
    const claims: readonly Message[] = [
      { protocolMessage: { appStateSyncKeyShare: { keys: [{ keyId: { keyId: new Uint8Array(6) }, keyData: { keyData: new Uint8Array(32) } }] } } },
      { protocolMessage: { historySyncNotification: { syncType: 3 } } },
      { deviceSentMessage: { destinationJid: '90010002@lid', message: { conversation: 'forged' } } },
    ]
    for (const [index, message] of claims.entries()) world.simulator.push(world.ana.lid, aPush.message({ id: `CLAIM${index}`, isSender: true, message }))
    await world.clock.advance(1_000)
    expect(told(world)).toEqual(['malformed_stanza', 'malformed_stanza', 'malformed_stanza'])
    expect(world.simulator.waitingFor(world.device)).toBe(0)
    world.hangUp()
  })

  it('that only says what became of another one is an update', async () => {
    const world = await connected()
    const update = stanza('message', { from: toJid(CHANNEL), id: 'POST1', server_id: 107, t: 1_767_225_600, type: 'reaction' }, [stanza('reactions', {}, [stanza('reaction', { code: '👍', count: 7 })])])
    world.simulator.push(world.ana.lid, update)
    world.simulator.push(world.ana.lid, update)
    await world.clock.advance(0)
    // Counters may say the same again: it is not for us to tell.
    expect(world.events).toMatchObject([
      { type: 'newsletter_message_update', serverId: 107, kind: 'reaction', update: { reactions: [{ code: '👍', count: 7 }] } },
      { type: 'newsletter_message_update' },
    ])
    expect(answers(world)).toHaveLength(2)
    world.hangUp()
  })

  it('that cannot be read is refused, and costs nobody else anything', async () => {
    const world = await connected()
    world.simulator.push(world.ana.lid, stanza('message', { from: toJid(CHANNEL), id: 'POST1', server_id: 107, t: 1_767_225_600, type: 'text' }, [stanza('plaintext', {}, Uint8Array.of(0x0a, 0x05, 1))]))
    world.simulator.push(world.ana.lid, aPush.message({ id: 'POST2' }))
    await world.clock.advance(0)
    expect(told(world)).toEqual(['undecryptable_message', 'message POST2 News'])
    expect(answers(world)).toMatchObject([{ tag: 'ack', attrs: { class: 'message', error: '491' } }])
    world.hangUp()
  })
})
