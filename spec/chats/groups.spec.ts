import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, throwError } from 'rxjs'

import { createChatView } from '../../lib/chats/index.ts'
import { NotConnected, textOf, type MessageAddonEvent } from '../../lib/index.ts'
import { requestOperation } from '../../lib/operation/operation.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { sha256 } from '#crypto'
import { utf8 } from '../../lib/bytes/bytes.ts'
import { Message as MessageCodec, Message_PollVoteMessage } from '../../lib/proto/content.generated.ts'
import { Message_ProtocolMessage_Type as ProtocolType } from '../../lib/proto/enums.generated.ts'
import type { Message } from '../../lib/proto/types.generated.ts'
import { sealWithSecret, type SecretUse } from '../../lib/signal/message-secret.ts'
import { watchedWorld } from './watched.ts'

const SECRET = new Uint8Array(32).fill(7)
const IV = new Uint8Array(12).fill(3)
const withSecret = (message: Message): Message => ({ ...message, messageContextInfo: { messageSecret: SECRET } })
const sealed = (use: SecretUse, parentId: string, parentSender: string, modifier: string, plaintext: Uint8Array) => ({
  encIv: IV,
  encPayload: sealWithSecret(SECRET, { use, parentId, parentSender, modifier }, IV, plaintext),
})

const grouped = async () => {
  const world = await watchedWorld()
  const cleo = world.simulator.phone({ name: 'Cleo' })
  const group = world.simulator.group({ phones: [world.ben, world.ana, cleo], subject: 'Picnic' })
  await world.clock.advance(2_000)
  return { ...world, cleo, group: group.jid }
}

describe('a group in a chat view', () => {
  it('has its subject, who wrote what, and what each member did with what we wrote', async () => {
    const world = await grouped()
    const { ben, cleo, group } = world
    const sending = world.client.send(group, { text: 'who comes?' }).result()
    await world.clock.advance(2_000)
    await sending
    const ours = ben.sendToGroup(group, 'me')
    cleo.sendToGroup(group, { extendedTextMessage: { text: 'not without @ana', contextInfo: { mentionedJid: [world.ana.lid.toString()] } } })
    await world.clock.advance(2_000)
    expect(world.chats()).toMatchObject([{ name: 'Picnic', unread: 2, unreadMentions: 1, lastMessage: { sender: { user: cleo.lid.user } } }])
    const [mention, answer, question] = await world.messages(group)
    expect(mention).toMatchObject({ sender: { user: cleo.lid.user }, pushName: 'Cleo' })
    expect(answer).toMatchObject({ id: ours, sender: { user: ben.lid.user } })
    expect(question!.status).toBe('delivered')
    expect(question!.receipts.map(({ person }) => person.user).sort()).toEqual([ben.lid.user, cleo.lid.user].sort())
    ben.renameGroup(group, 'Dinner')
    ben.removeFromGroup(group, world.ana)
    await world.clock.advance(2_000)
    expect(world.chats()).toMatchObject([{ name: 'Dinner', isReadOnly: true }])
  })

  it('counts the last vote of everybody, read or not yet', async () => {
    const world = await grouped()
    const { ben, cleo, group, ana } = world
    const poll = ben.sendToGroup(group, withSecret({ pollCreationMessageV3: { name: 'What?', options: [{ optionName: 'Tea' }, { optionName: 'Milk' }], selectableOptionsCount: 1 } }))
    const key = { remoteJid: group.toString(), fromMe: false, participant: ben.lid.toString(), id: poll }
    const voteOf = (voter: typeof ben, ...names: readonly string[]): Message => ({
      pollUpdateMessage: { pollCreationMessageKey: key, vote: sealed('Poll Vote', poll, ben.lid.toString(), voter.lid.toString(), Message_PollVoteMessage.encode({ selectedOptions: names.map((name) => sha256(utf8(name))) })) },
    })
    cleo.sendToGroup(group, voteOf(cleo, 'Tea'))
    ana.sendToGroup(group, voteOf(ana, 'Tea'))
    await world.clock.advance(2_000)
    const shown = async () => (await world.messages(group)).find(({ id }) => id === poll)?.poll
    expect(await shown()).toMatchObject([{ name: 'Tea', voters: [{ user: cleo.lid.user }, 'me'] }, { name: 'Milk', voters: [] }])
    cleo.sendToGroup(group, voteOf(cleo, 'Milk'))
    await world.clock.advance(2_000)
    expect(await shown()).toMatchObject([{ name: 'Tea', voters: ['me'] }, { name: 'Milk', voters: [{ user: cleo.lid.user }] }])
    // Votes are no messages.
    expect(await world.messages(group)).toHaveLength(1)
    expect(world.chats()).toMatchObject([{ unread: 1 }])
  })

  it('counts a vote that could not be opened while the line was gone, as soon as it comes again', async () => {
    const world = await grouped()
    const { ben, group } = world
    world.leave()
    let isGone = true
    const store = memoryStore()
    const openAddon: typeof world.client.openAddon = (event) => (isGone ? requestOperation<MessageAddonEvent | undefined>(throwError(() => new NotConnected('openAddon'))) : world.client.openAddon(event))
    const view = createChatView({ client: { ...world.client, openAddon }, store, scheduler: world.clock.scheduler })
    let failure: unknown
    const watching = view.chats$.subscribe({ error: (error: unknown) => (failure = error) })
    const poll = ben.sendToGroup(group, withSecret({ pollCreationMessageV3: { name: 'What?', options: [{ optionName: 'Tea' }], selectableOptionsCount: 1 } }))
    const key = { remoteJid: group.toString(), fromMe: true, participant: ben.lid.toString(), id: poll }
    const vote = sealed('Poll Vote', poll, ben.lid.toString(), ben.lid.toString(), Message_PollVoteMessage.encode({ selectedOptions: [sha256(utf8('Tea'))] }))
    ben.sendToGroup(group, { pollUpdateMessage: { pollCreationMessageKey: key, vote } })
    await world.clock.advance(2_000)
    const votes = async () => (await firstValueFrom(view.chat(group).messages$)).flatMap((message) => message.poll ?? []).flatMap(({ voters }) => voters)
    expect([await votes(), failure]).toEqual([[], undefined])
    isGone = false
    watching.unsubscribe()
    await world.clock.advance(1_000)
    view.chats$.subscribe()
    await world.clock.advance(2_000)
    expect(await votes()).toHaveLength(1)
  })

  it('lets only authors edit, authors and admins take back, and tells ids apart that somebody copied', async () => {
    const world = await grouped()
    const { ben, cleo, group } = world
    const id = cleo.sendToGroup(group, withSecret({ conversation: 'hers' }))
    await world.clock.advance(2_000)
    const key = { remoteJid: group.toString(), fromMe: false, participant: cleo.lid.toString(), id }
    ben.sendToGroup(group, { protocolMessage: { key, type: ProtocolType.MESSAGE_EDIT, editedMessage: { conversation: 'forged' } } })
    ben.sendToGroup(group, { protocolMessage: { key, type: ProtocolType.REVOKE } })
    await world.clock.advance(2_000)
    expect((await world.messages(group)).map(({ message }) => textOf(message ?? {}))).toEqual(['hers'])
    const edited = MessageCodec.encode({ protocolMessage: { key: { ...key, fromMe: true }, type: ProtocolType.MESSAGE_EDIT, editedMessage: { conversation: 'hers, indeed' } } })
    cleo.sendToGroup(group, { secretEncryptedMessage: { targetMessageKey: { ...key, fromMe: true }, secretEncType: 2, ...sealed('Message Edit', id, cleo.lid.toString(), cleo.lid.toString(), edited) } })
    cleo.sendToGroup(group, { reactionMessage: { key, text: '❤', senderTimestampMs: 1 } })
    ben.sendToGroup(group, { reactionMessage: { key, text: '👎', senderTimestampMs: 1 } })
    await world.clock.advance(2_000)
    const [message] = await world.messages(group)
    expect(textOf(message!.message!)).toBe('hers, indeed')
    expect(message!.editedAt).toBeInstanceOf(Date)
    expect(message!.reactions).toMatchObject([{ text: '❤', sender: { user: cleo.lid.user } }, { text: '👎', sender: { user: ben.lid.user } }])
    cleo.sendToGroup(group, { protocolMessage: { key: { ...key, fromMe: true }, type: ProtocolType.REVOKE } })
    await world.clock.advance(2_000)
    expect((await world.messages(group)).map(({ kind }) => kind)).toEqual(['revoked'])
  })
})
