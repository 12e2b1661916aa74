import { describe, expect, it } from '@jest/globals'

import { OptionInvalid, PushNameMissing, type PresenceEvent, type Stanza } from '../../lib/index.ts'
import { childOf } from '../../lib/stanza/stanza.ts'
import { stanza, toJid } from '../../lib/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const connected = async (options: Parameters<typeof createTestWorld>[0] = {}): Promise<TestWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  world.events.length = 0
  world.sent.length = 0
  return world
}
const presences = ({ events }: TestWorld): readonly string[] =>
  events.flatMap((event) => (event.type === 'presence' ? [`${event.unavailable ? 'gone' : 'there'} ${event.lastSeenKind ?? ''}`.trim()] : []))
const said = ({ sent }: TestWorld, tag: string): readonly unknown[] => sent.filter((stanza) => stanza.tag === tag).map(({ attrs }) => attrs['type'])

describe('presence', () => {
  it('is told of those we asked for, as long as we ask', async () => {
    const world = await connected()
    world.ben.setPresence(true)
    expect(presences(world)).toEqual([])
    await world.client.presence.subscribe(world.ben.lid)
    await world.clock.advance(1)
    world.ben.setPresence(false)
    world.ben.setPresence(true)
    await world.client.presence.unsubscribe(world.ben.lid)
    await world.clock.advance(1)
    world.ben.setPresence(false)
    expect(presences(world)).toEqual(['there', 'gone timestamp', 'there'])
    world.hangUp()
  })

  it('is asked for again after a lost connection, once we are there ourselves', async () => {
    const world = await connected()
    await world.client.presence.subscribe(world.ben.phoneNumber)
    await world.clock.advance(1)
    world.sent.length = 0
    world.events.length = 0
    world.simulator.disconnect(world.device)
    await world.clock.advance(10_000)
    expect(said(world, 'presence')).toEqual(['available', 'subscribe'])
    world.ben.setPresence(true)
    expect(presences(world)).toEqual(['gone never_online', 'there'])
    world.hangUp()
  })

  it('is watched while somebody listens: asked for once, given up with the last one', async () => {
    const world = await connected()
    const seen: PresenceEvent[] = []
    const presence$ = world.client.presence.watch(world.ben.lid)
    const [one, other] = [presence$.subscribe((event) => seen.push(event)), presence$.subscribe()]
    await world.clock.advance(1)
    world.ben.setPresence(true)
    one.unsubscribe()
    await world.clock.advance(1)
    expect(said(world, 'presence')).toEqual(['subscribe'])
    other.unsubscribe()
    await world.clock.advance(1)
    expect(said(world, 'presence')).toEqual(['subscribe', 'unsubscribe'])
    expect(seen.map(({ unavailable }) => unavailable)).toEqual([true, false])
    world.hangUp()
  })

  it('of our own is said and stays said; receipts follow it', async () => {
    const world = await connected()
    await world.client.presence.unavailable()
    await world.clock.advance(1)
    world.ben.send(world.ana.lid, 'hello')
    await world.clock.advance(1)
    expect(said(world, 'receipt')).toEqual(['inactive'])
    world.simulator.disconnect(world.device)
    await world.clock.advance(10_000)
    expect(said(world, 'presence')).toEqual(['unavailable', 'unavailable'])
    world.sent.length = 0
    await world.client.presence.available()
    await world.clock.advance(1)
    expect(world.sent.map(({ tag }) => tag)).toEqual(['ib', 'presence'])
    expect(childOf(world.sent[0]!, 'unified_session')).toBeDefined()
    world.ben.send(world.ana.lid, 'again')
    await world.clock.advance(1)
    expect(said(world, 'receipt')).toEqual([undefined])
    world.hangUp()
  })

  it('refuses what has no presence, and to speak without a name', async () => {
    const world = await connected()
    expect(() => world.client.presence.subscribe('120363000000000002@newsletter')).toThrow(OptionInvalid)
    expect(() => world.client.presence.typing('status@broadcast')).toThrow(OptionInvalid)
    world.hangUp()
    const nameless = createTestWorld()
    await expect(nameless.client.presence.available().result()).rejects.toMatchObject({ code: 'not_connected' })
    expect(new PushNameMissing().code).toBe('push_name_missing')
  })
})

describe('typing', () => {
  const kinds = (stanzas: readonly Stanza[]): readonly unknown[] => stanzas.map(({ content }) => (content as readonly Stanza[]).map(({ tag, attrs }) => `${tag} ${String(attrs['media'] ?? '')}`.trim())[0])

  it('of ours reaches the other side, and theirs reaches us', async () => {
    const world = await connected()
    const heard: Stanza[] = []
    world.ben.typing$.subscribe((typing) => heard.push(typing))
    await world.client.presence.typing(world.ben.lid)
    await world.client.presence.typing(world.ben.lid, 'audio')
    await world.client.presence.paused(world.ben.lid)
    await world.clock.advance(1)
    expect(kinds(heard)).toEqual(['composing', 'composing audio', 'paused'])
    world.ben.type(world.ana.lid)
    world.ben.type(world.ana.lid, 'paused')
    expect(world.events).toMatchObject([
      { type: 'chat_presence', state: 'composing', media: 'text', source: { isGroup: false, chat: world.ben.lid } },
      { type: 'chat_presence', state: 'paused', media: 'text' },
    ])
    // Nobody acknowledges these.
    expect(world.sent.filter(({ tag }) => tag === 'ack')).toEqual([])
    world.hangUp()
  })

  it('in a group names who types', async () => {
    const world = await connected()
    const { jid } = world.simulator.group({ phones: [world.ben, world.ana], subject: 'Trip' })
    await world.clock.advance(1)
    world.events.length = 0
    world.ben.type(jid, 'audio')
    expect(world.events).toMatchObject([{ type: 'chat_presence', media: 'audio', source: { isGroup: true, chat: jid, sender: world.ben.lid, isFromMe: false } }])
    const heard: Stanza[] = []
    world.ben.typing$.subscribe((typing) => heard.push(typing))
    await world.client.presence.typing(jid)
    await world.clock.advance(1)
    expect(heard).toMatchObject([{ attrs: { from: jid, participant: world.ana.lid } }])
    world.hangUp()
  })
})

describe('news about our own account', () => {
  it('a new name is told, kept, and shown', async () => {
    const world = await connected()
    world.simulator.push(world.ana.lid, stanza('notification', { type: 'account_sync', pushname: 'Ana Maria' }), stanza('notification', { type: 'account_sync', pushname: 'Ana Maria' }))
    await world.clock.advance(1)
    expect(world.events).toMatchObject([{ type: 'self_push_name_updated', fromServer: true, oldName: 'Ana', newName: 'Ana Maria' }])
    expect(world.sent.filter(({ tag }) => tag === 'presence')).toMatchObject([{ attrs: { type: 'available', name: 'Ana Maria' } }])
    world.hangUp()
  })

  it('of somebody else is none', async () => {
    const world = await connected()
    world.simulator.push(world.ana.lid, stanza('notification', { type: 'account_sync', from: toJid('15550100099@s.whatsapp.net'), pushname: 'Eve' }))
    await world.clock.advance(1)
    expect(world.events).toMatchObject([{ type: 'malformed_stanza' }])
    expect(world.sent.map(({ tag }) => tag)).toEqual(['ack'])
    world.hangUp()
  })

  it('privacy settings are asked for once after several changes, and only if somebody wants to know', async () => {
    const world = await connected()
    const change = stanza('notification', { type: 'account_sync' }, [stanza('privacy', {}, [stanza('category', { name: 'last', value: 'none' })])])
    world.simulator.push(world.ana.lid, change, change)
    await world.clock.advance(2_000)
    expect(world.events).toMatchObject([{ type: 'privacy_settings_changed', changed: ['last'], settings: { last: 'all' } }])
    expect(world.sent.filter(({ tag, attrs }) => tag === 'iq' && attrs['xmlns'] === 'privacy').length).toBe(5)
    world.simulator.push(world.ana.lid, change)
    await world.clock.advance(2_000)
    expect(world.events[1]).toMatchObject({ type: 'privacy_settings_changed', changed: [] })
    world.hangUp()
  })

  it('signs of life that fail are told, and those that come again', async () => {
    const world = await connected()
    const fault = world.simulator.faults.add({ on: { direction: 'in', tag: 'iq', times: 1 }, do: { kind: 'drop' } })
    // Other things arrive meanwhile, so the connection is not given up.
    for (let second = 0; second < 120; second += 5) {
      await world.clock.advance(5_000)
      if (second > 20 && second < 50) world.ben.type(world.ana.lid)
    }
    fault.remove()
    const lives = world.events.filter(({ type }) => type.startsWith('keep_alive'))
    expect(lives).toMatchObject([{ type: 'keep_alive_timeout', errorCount: 1 }, { type: 'keep_alive_restored' }])
    world.hangUp()
  })
})
