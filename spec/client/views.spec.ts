import { describe, expect, it } from '@jest/globals'

import { type GroupParticipantInfo, type PollTally, type TypingPerson } from '../../lib/index.ts'
import { Message_PollVoteMessage } from '../../lib/proto/content.generated.ts'
import { sealWithSecret } from '../../lib/signal/message-secret.ts'
import { aPush, liveMessage, type Phone } from '../../lib/testing/index.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const connected = async (): Promise<TestWorld> => {
  const world = createTestWorld()
  await world.connect()
  world.sent.length = 0
  return world
}

describe('who writes in a chat', () => {
  const shown = (people: readonly TypingPerson[]): readonly string[] => people.map(({ person, media }) => `${person.user} ${media}`)

  it('is shown until they stop, or say no more for 25 seconds', async () => {
    const world = await connected()
    const seen: (readonly string[])[] = []
    const watching = world.client.chat(world.ben.lid).typing$.subscribe((people) => seen.push(shown(people)))
    world.ben.type(world.ana.lid)
    world.ben.type(world.ana.lid, 'paused')
    world.ben.type(world.ana.lid, 'audio')
    await world.clock.advance(20_000)
    world.ben.type(world.ana.lid, 'audio')
    await world.clock.advance(24_999)
    const ben = world.ben.lid.user
    expect(seen).toEqual([[], [`${ben} text`], [], [`${ben} audio`], [`${ben} audio`]])
    await world.clock.advance(1)
    expect(seen.at(-1)).toEqual([])
    watching.unsubscribe()
    world.hangUp()
  })

  it('in a group names everybody, shares one view, and leaves nothing behind', async () => {
    const world = await connected()
    const { client, ben, ana, simulator, clock } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const { jid } = simulator.group({ phones: [ben, ana, cleo], subject: 'Trip' })
    await clock.advance(1)
    let last: readonly TypingPerson[] = []
    let late: readonly TypingPerson[] = []
    const first = client.chat(jid).typing$.subscribe((people) => (last = people))
    ben.type(jid)
    cleo.type(jid, 'audio')
    const second = client.chat(jid).typing$.subscribe((people) => (late = people))
    expect(shown(last)).toEqual([`${ben.lid.user} text`, `${cleo.lid.user} audio`])
    expect(late).toBe(last)
    const timers = clock.pendingTimers()
    first.unsubscribe()
    second.unsubscribe()
    expect(timers - clock.pendingTimers()).toBe(2)
    world.hangUp()
  })
})

describe('who is in a group', () => {
  const shown = (people: readonly GroupParticipantInfo[], phones: readonly Phone[]): readonly string[] =>
    people.map(({ jid, role }) => `${phones.findIndex(({ lid }) => lid.user === jid.user)} ${role ?? ''}`).sort()

  it('is asked for on each connection and kept up to date', async () => {
    const world = await connected()
    const { client, ben, ana, simulator, clock } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const phones = [ben, ana, cleo]
    const { jid } = simulator.group({ phones: [ben, ana], subject: 'Trip' })
    await clock.advance(1)
    const seen: (readonly string[])[] = []
    const watching = client.group(jid).participants$.subscribe((people) => seen.push(shown(people, phones)))
    const other = client.group(jid).participants$.subscribe()
    await clock.advance(1)
    const isAsked = (): number => world.sent.filter(({ tag, attrs }) => tag === 'iq' && attrs['xmlns'] === 'w:g2').length
    const asked = isAsked()
    expect(seen).toHaveLength(1)
    const change = (tag: string, phone: Phone) => simulator.push(ana.lid, aPush.group_update({ group: jid, by: ben.lid, actions: [stanza(tag, {}, [stanza('participant', { jid: phone.lid })])] }))
    change('add', cleo)
    change('promote', cleo)
    change('demote', cleo)
    change('remove', cleo)
    await clock.advance(1)
    const [start] = seen as [readonly string[]]
    expect(seen.slice(1)).toEqual([[...start, '2 participant'], [...start, '2 admin'], [...start, '2 participant'], start])
    expect(isAsked()).toBe(asked)
    simulator.push(ana.lid, aPush.groups_dirty([jid]))
    await clock.advance(1)
    expect(isAsked()).toBe(asked + 1)
    client.reconnect()
    await clock.advance(5_000)
    expect(isAsked()).toBeGreaterThan(asked + 1)
    watching.unsubscribe()
    other.unsubscribe()
    world.hangUp()
  })

  it('cannot be known of a group that is none, nor of a person', async () => {
    const world = await connected()
    let failed: unknown
    world.client.group('120363999999999999@g.us').participants$.subscribe({ error: (error: unknown) => (failed = error) })
    await world.clock.advance(1)
    expect(failed).toMatchObject({ code: 'server_refused' })
    expect(() => world.client.group(world.ben.lid)).toThrow(expect.objectContaining({ code: 'option_invalid' }))
    world.hangUp()
  })
})

describe('how a poll stands', () => {
  const SECRET = new Uint8Array(32).fill(7)
  const [FIRST, SECOND] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const IV = new Uint8Array(12).fill(3)

  it('counts the last vote of each, opened', async () => {
    const world = await connected()
    const { client, ben, ana, simulator, clock } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const { jid } = simulator.group({ phones: [ben, ana, cleo], subject: 'Trip' })
    await clock.advance(1)
    const id = ben.sendToGroup(jid, { pollCreationMessageV3: { name: 'Lunch?' }, messageContextInfo: { messageSecret: SECRET } })
    const vote = (phone: Phone, ...selectedOptions: Uint8Array[]): void => {
      const use = { use: 'Poll Vote', parentId: id, parentSender: ben.lid.toString(), modifier: phone.lid.toString() } as const
      const encPayload = sealWithSecret(SECRET, use, IV, Message_PollVoteMessage.encode({ selectedOptions }))
      const pollCreationMessageKey = { remoteJid: jid.toString(), fromMe: phone === ben, participant: ben.lid.toString(), id }
      phone.sendToGroup(jid, { pollUpdateMessage: { pollCreationMessageKey, vote: { encIv: IV, encPayload } } })
    }
    const seen: PollTally[] = []
    const watching = client.poll({ chat: jid, id }).tally$.subscribe((tally) => seen.push(tally))
    const step = async (...votes: Parameters<typeof vote>): Promise<void> => {
      vote(...votes)
      await clock.advance(1_000)
    }
    await step(ben, FIRST)
    await step(cleo, FIRST, SECOND)
    await step(ben, SECOND)
    await step(cleo)
    const [one, two] = ['01'.repeat(32), '02'.repeat(32)]
    expect(seen.map(({ votes, voters }) => [votes.get(one) ?? 0, votes.get(two) ?? 0, voters])).toEqual([[0, 0, 0], [1, 0, 1], [2, 1, 2], [1, 2, 2], [0, 1, 1]])
    watching.unsubscribe()
    world.hangUp()
  })
})

describe('whether somebody is there', () => {
  it('is asked for while somebody looks, once for all, and after a reconnect', async () => {
    const world = await connected()
    const { client, ben, clock, sent } = world
    const isAsked = (type: string): number => sent.filter(({ tag, attrs }) => tag === 'presence' && attrs['type'] === type).length
    const seen: boolean[] = []
    const first = client.contact(ben.lid).presence$.subscribe(({ unavailable }) => seen.push(unavailable))
    const second = client.contact(ben.lid).presence$.subscribe()
    await clock.advance(1)
    expect(isAsked('subscribe')).toBe(1)
    ben.setPresence(true)
    expect(seen.at(-1)).toBe(false)
    client.reconnect()
    await clock.advance(5_000)
    expect(isAsked('subscribe')).toBe(2)
    first.unsubscribe()
    expect(isAsked('unsubscribe')).toBe(0)
    second.unsubscribe()
    await clock.advance(1)
    expect(isAsked('unsubscribe')).toBe(1)
    world.hangUp()
  })
})

describe('what becomes of the posts of a channel', () => {
  const CHANNEL = '120363000000000002@newsletter'
  const asked = ({ sent }: TestWorld): number => sent.filter(({ tag, attrs }) => tag === 'iq' && attrs['xmlns'] === 'newsletter').length

  it('is told while somebody looks, asked for again in time and after a loss, and by nobody afterwards', async () => {
    const world = await connected()
    const { client, simulator, clock } = world
    expect(simulator.tellLive(CHANNEL)).toBe(0)
    const seen: number[] = []
    const watching = client.newsletter(CHANNEL).liveUpdates$.subscribe(({ messages }) => seen.push(messages[0]!.serverId))
    const other = client.newsletter(CHANNEL).liveUpdates$.subscribe()
    await clock.advance(0)
    expect(asked(world)).toBe(1)
    expect(simulator.tellLive(CHANNEL, [liveMessage(107)])).toBe(1)
    await clock.advance(0)
    // Another channel is not told of.
    expect(simulator.tellLive('120363000000000009@newsletter')).toBe(0)
    await clock.advance(269_000)
    expect(asked(world)).toBe(1)
    await clock.advance(1_000)
    expect(asked(world)).toBe(2)
    await clock.advance(299_000)
    expect(simulator.tellLive(CHANNEL, [liveMessage(108)])).toBe(1)
    simulator.disconnect(world.device)
    await clock.advance(10_000)
    expect(asked(world)).toBeGreaterThanOrEqual(4)
    expect(simulator.tellLive(CHANNEL, [liveMessage(109)])).toBe(1)
    await clock.advance(0)
    expect(seen).toEqual([107, 108, 109])
    const before = asked(world)
    watching.unsubscribe()
    other.unsubscribe()
    await clock.advance(900_000)
    expect(asked(world)).toBe(before)
    expect(simulator.tellLive(CHANNEL)).toBe(0)
    world.hangUp()
  })

  it('is asked of channels only', async () => {
    const world = await connected()
    expect(() => world.client.newsletter('120363000000000001@g.us')).toThrow(expect.objectContaining({ option: 'channel' }))
    world.hangUp()
  })
})
