import { describe, expect, it } from '@jest/globals'

import { of } from 'rxjs'

import { textOf, toJid, type ClientOptions, type MessageAddonEvent, type WaEvent } from '../../lib/index.ts'
import { Message, Message_PollVoteMessage, Message_ReactionMessage } from '../../lib/proto/content.generated.ts'
import { sealBotReply, sealWithSecret, type SecretUse } from '../../lib/signal/message-secret.ts'
import type { Live } from '../../lib/client/live.ts'
import { tellAddons } from '../../lib/client/tell-addons.ts'
import { nothingOf } from '../../lib/pipeline/parsed.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { messageEvent } from '../../lib/testing/index.ts'
import { createTestWorld, type TestWorld } from './world.ts'

const SECRET = new Uint8Array(32).fill(7)
const IV = new Uint8Array(12).fill(3)
const OPTION = new Uint8Array(32).fill(1)

const ready = async (options: Partial<ClientOptions> = {}): Promise<TestWorld> => {
  const world = createTestWorld(options)
  await world.connect()
  await world.client.send(world.ben.lid, { text: 'hello' })
  world.events.length = 0
  world.sent.length = 0
  return world
}

const addons = (events: readonly WaEvent[]): readonly MessageAddonEvent[] => events.filter((event) => event.type === 'message_addon')
const withSecret = (message: Message): Message => ({ ...message, messageContextInfo: { messageSecret: SECRET } })
const sealed = (use: SecretUse, parentId: string, parentSender: string, modifier: string, plaintext: Uint8Array) => ({
  encIv: IV,
  encPayload: sealWithSecret(SECRET, { use, parentId, parentSender, modifier }, IV, plaintext),
})
const vote = Message_PollVoteMessage.encode({ selectedOptions: [OPTION] })

describe('something that belongs to an earlier message', () => {
  it('is opened for whoever asks, as for events that were kept', async () => {
    const world = await ready()
    const { ben, ana, client, events } = world
    const poll = ben.sendMessage(ana.lid, withSecret({ pollCreationMessageV3: { name: 'Lunch?' } }))
    ben.sendMessage(ana.lid, { pollUpdateMessage: { pollCreationMessageKey: { remoteJid: ana.lid.toString(), fromMe: true, id: poll }, vote: sealed('Poll Vote', poll, ben.lid.toString(), ben.lid.toString(), vote) } })
    const [created, voted] = events.filter((event) => event.type === 'message')
    expect(await client.openAddon(created!)).toBeUndefined()
    expect(await client.openAddon(voted!)).toMatchObject({ kind: 'poll_vote', targetMessageId: poll, decrypted: { selectedOptions: [OPTION] } })
    world.hangUp()
    await expect(client.openAddon(voted!).result()).rejects.toMatchObject({ code: 'not_connected' })
  })

  it('of theirs is told after the message it came in', async () => {
    const world = await ready()
    const { ben, ana, events } = world
    const poll = ben.sendMessage(ana.lid, withSecret({ pollCreationMessageV3: { name: 'Lunch?' } }))
    const id = ben.sendMessage(ana.lid, { pollUpdateMessage: { pollCreationMessageKey: { remoteJid: ana.lid.toString(), fromMe: true, id: poll }, vote: sealed('Poll Vote', poll, ben.lid.toString(), ben.lid.toString(), vote) } })
    expect(events.filter(({ type }) => type !== 'server_ack').map(({ type }) => type)).toEqual(['message', 'message', 'message_addon'])
    expect(addons(events)).toEqual([{ type: 'message_addon', kind: 'poll_vote', info: expect.objectContaining({ id }), targetMessageId: poll, decrypted: { selectedOptions: [OPTION] } }])
    world.hangUp()
  })

  it('of ours, in the form of either address', async () => {
    const world = await ready()
    const { ben, ana, events, client } = world
    let secret: Uint8Array | undefined
    client.messagesSent$.subscribe(({ message }) => (secret = message.messageContextInfo?.messageSecret))
    const { id } = await client.send(ben.lid, { text: 'what do you say?' })
    const reaction = Message_ReactionMessage.encode({ text: '👍', senderTimestampMs: 5 })
    const by = (one: string, other: string) => ({ encIv: IV, encPayload: sealWithSecret(secret!, { use: 'Enc Reaction', parentId: id, parentSender: one, modifier: other }, IV, reaction) })
    const react = (body: ReturnType<typeof by>) => ben.sendMessage(ana.lid, { encReactionMessage: { targetMessageKey: { remoteJid: ana.lid.toString(), fromMe: false, id }, ...body } })
    react(by(ana.lid.toString(), ben.lid.toString()))
    react(by(ana.phoneNumber.toString(), ben.phoneNumber.toString()))
    react(by(ana.lid.toString(), ben.phoneNumber.toString()))
    expect(addons(events).map(({ kind, decrypted, fault }) => [kind, decrypted !== undefined, fault])).toEqual([
      ['reaction', true, undefined],
      ['reaction', true, undefined],
      ['reaction', false, 'does_not_verify'],
    ])
    world.hangUp()
  })

  it('in a group, after a restart as well', async () => {
    const store = memoryStore()
    const world = await ready({ store })
    const { ben, ana, events, simulator } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const group = simulator.group({ phones: [ana, ben, cleo] })
    const event = ben.sendToGroup(group.jid, withSecret({ eventMessage: { name: 'Party' } }))
    await world.clock.advance(1_000)
    world.hangUp()
    await world.clock.advance(1_000)
    await world.connect()
    const answer = Uint8Array.of(8, 1)
    cleo.sendToGroup(group.jid, { encEventResponseMessage: { eventCreationMessageKey: { remoteJid: group.jid.toString(), fromMe: false, participant: ben.lid.toString(), id: event }, ...sealed('Event Response', event, ben.lid.toString(), cleo.lid.toString(), answer) } })
    await world.clock.advance(1_000)
    expect(addons(events)).toMatchObject([{ kind: 'event_response', targetMessageId: event, decrypted: { response: 1 } }])
    world.hangUp()
  })

  it.each([
    ['an edit in time', 60, 'ben', undefined],
    ['an edit too late', 1_300, 'ben', 'too_late'],
    ['an edit by somebody else', 60, 'cleo', 'not_the_author'],
  ] as const)('%s', async (_, laterSeconds, editor, fault) => {
    const world = await ready()
    const { ben, ana, events, simulator, clock } = world
    const cleo = simulator.phone({ name: 'Cleo' })
    const group = simulator.group({ phones: [ana, ben, cleo] })
    const id = ben.sendToGroup(group.jid, withSecret({ conversation: 'tpyo' }))
    const by = editor === 'ben' ? ben : cleo
    const edit = Message.encode({ protocolMessage: { type: 14, key: { id, fromMe: true }, editedMessage: { conversation: 'typo' }, timestampMs: clock.scheduler.now() + laterSeconds * 1_000 } })
    by.sendToGroup(group.jid, { secretEncryptedMessage: { secretEncType: 2, targetMessageKey: { remoteJid: group.jid.toString(), fromMe: editor === 'ben', participant: ben.lid.toString(), id }, ...sealed('Message Edit', id, ben.lid.toString(), by.lid.toString(), edit) } })
    const [addon] = addons(events)
    expect(addon).toMatchObject({ kind: 'message_edit', targetMessageId: id })
    expect(addon!.fault).toBe(fault)
    expect(addon!.decrypted !== undefined).toBe(fault === undefined)
    world.hangUp()
  })

  it('nobody knows the message of says so', async () => {
    const world = await ready()
    const { ben, ana, events } = world
    ben.sendMessage(ana.lid, { encCommentMessage: { targetMessageKey: { remoteJid: ana.lid.toString(), fromMe: true, id: 'NEVER' }, encIv: IV, encPayload: new Uint8Array(20) } })
    expect(addons(events)).toMatchObject([{ kind: 'comment', targetMessageId: 'NEVER', decrypted: undefined, fault: 'no_message_secret' }])
    world.hangUp()
  })
})

describe('a reply of a bot', () => {
  const BOT = toJid('867051314767696@bot')

  /** Our question to a bot, as another device of ours wrote it; the secret is known from it. */
  const asked = async (): Promise<TestWorld & { readonly question: string }> => {
    const world = await ready()
    const question = 'QUESTION'
    world.ana.remember({ id: question, chat: BOT, sender: world.ana.lid, isFromMe: true, message: withSecret({ conversation: 'why?' }), text: 'why?' })
    world.simulator.inject(world.device, stanza('message', { id: question, from: world.ana.lid, recipient: BOT, type: 'text', t: Math.floor(world.clock.scheduler.now() / 1000) }, [stanza('unavailable')]))
    await world.clock.advance(1_000)
    world.events.length = 0
    world.sent.length = 0
    return { ...world, question }
  }
  const reply = (world: TestWorld, id: string, content: Uint8Array, target: string, more: Readonly<Record<string, string>> = {}) =>
    world.simulator.inject(world.device, stanza('message', { id, from: BOT, type: 'text', t: Math.floor(world.clock.scheduler.now() / 1000) }, [stanza('enc', { v: '2', type: 'msmsg' }, content), stanza('meta', { target_id: target }), stanza('bot', { edit: 'first', ...more })]))
  const said = (world: TestWorld, id: string, text: string) => sealBotReply(SECRET, { id, asker: world.ana.lid.toString(), bot: BOT.toString() }, IV, Message.encode({ conversation: text }))

  it('is read as it grows', async () => {
    const world = await asked()
    reply(world, 'B1', said(world, 'B1', 'Be'), world.question)
    reply(world, 'B2', said(world, 'B1', 'Because'), world.question, { edit: 'last', edit_target_id: 'B1' })
    const told = world.events.filter((event) => event.type === 'message')
    expect(told.map(({ info, message }) => [info.id, info.botInfo?.editType, info.botInfo?.editTargetId, textOf(message)])).toEqual([['B1', 'first', undefined, 'Be'], ['B2', 'last', 'B1', 'Because']])
    world.hangUp()
  })

  it.each([
    ['to a message nobody knows', 'OTHER', undefined, 'no_message_secret', '495'],
    ['that does not verify', 'QUESTION', 20, 'invalid_message', '500'],
    ['that is cut', 'QUESTION', -1, 'malformed_ciphertext', '487'],
  ] as const)('%s is refused and not asked for again', async (_, target, at, reason, error) => {
    const world = await asked()
    const content = said(world, 'B1', 'Because')
    if (at !== undefined && at >= 0) content[at + 5]! ^= 1
    reply(world, 'B1', at === -1 ? content.subarray(0, 20) : content, target)
    await world.clock.advance(5_000)
    expect(world.events.filter(({ type }) => type === 'undecryptable_message')).toMatchObject([{ reason, recovery: 'none' }])
    expect(world.sent.filter(({ attrs }) => attrs['id'] === 'B1')).toMatchObject([{ tag: 'ack', attrs: { error } }])
    world.hangUp()
  })
})

describe('an add-on nobody observes', () => {
  it('is not opened, and its secret is not looked for', () => {
    const looked: string[] = []
    const message = { pollUpdateMessage: { pollCreationMessageKey: { id: 'POLL', fromMe: true }, vote: { encIv: IV, encPayload: vote } } }
    const parsed = { ...nothingOf(stanza('message')), events: [messageEvent({ message })] }
    const session = { secrets: { find: (_chat: unknown, _sender: unknown, id: string) => of(looked.push(id) && undefined) } }
    const tell = (isObserved: boolean) =>
      // Only what is asked for here is there.
      tellAddons({ live: { session } as unknown as Live, hub: { emit: () => undefined, isObserved: () => isObserved } }, of(parsed)).subscribe()
    tell(false)
    expect(looked).toEqual([])
    tell(true)
    expect(looked).toEqual(['POLL'])
  })
})
