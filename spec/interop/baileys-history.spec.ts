import { describe, expect, it } from '@jest/globals'
import { filter, firstValueFrom, scan, timeout } from 'rxjs'

import { toBase64, utf8 } from '../../lib/bytes/bytes.ts'
import type { HistorySync } from '../../lib/proto/types.generated.ts'
import { createSimulator } from '../../lib/testing/index.ts'
import { hasPeers, startPeer, untilLinked, wrongThings, type HistoryChat, type HistoryMessage } from './peer.ts'

const whenInstalled = hasPeers ? describe : describe.skip

const chatsIn = (pieces: readonly HistorySync[]): readonly HistoryChat[] =>
  pieces.flatMap(({ conversations = [] }) => conversations.map(({ id, name, unreadCount }) => ({ id: id!, ...(name !== undefined && { name }), ...(unreadCount !== undefined && { unreadCount }) })))

const messagesIn = (pieces: readonly HistorySync[]): readonly HistoryMessage[] =>
  pieces.flatMap(({ conversations = [] }) =>
    conversations.flatMap(({ messages = [] }) =>
      messages.map(({ message }) => ({ chat: message!.key!.remoteJid!, id: message!.key!.id!, fromMe: message!.key!.fromMe === true, text: message!.message!.conversation! })),
    ),
  )

const sorted = <T extends { readonly id: string }>(all: readonly T[]): readonly T[] => all.toSorted((one, other) => (one.id < other.id ? -1 : 1))

whenInstalled('what a simulated phone puts on the media host, read by Baileys', () => {
  it.each([
    ['in files', { chunks: 3, conversations: 60, inline: false }],
    ['inline', { chunks: 1, conversations: 4, inline: true }],
  ])(
    'is its history, piece by piece, %s',
    async (_, { chunks, conversations, inline }) => {
      const simulator = createSimulator()
      const listening = await simulator.listen()
      const ana = simulator.phone({ name: 'Ana' })
      const baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
      await untilLinked(baileys, ana)
      const pieces: HistorySync[] = []
      ana.history.send({ conversations, messagesPerChat: 5, chunks, inline, change: (piece) => (pieces.push(piece), piece) })
      // It tells pieces that come together as one, and some of them again with the next one.
      const told = await firstValueFrom(
        baileys.events$.pipe(
          filter((event) => event.kind === 'history'),
          scan(
            ({ chats, messages }, event) => ({
              chats: new Map([...chats, ...event.chats.map((chat) => [chat.id, chat] as const)]),
              messages: new Map([...messages, ...event.messages.map((message) => [message.id, message] as const)]),
            }),
            { chats: new Map<string, HistoryChat>(), messages: new Map<string, HistoryMessage>() },
          ),
          filter(({ chats, messages }) => chats.size >= conversations && messages.size >= 5 * conversations),
          timeout({ first: 20_000 }),
        ),
      )
      expect(sorted([...told.chats.values()])).toEqual(sorted(chatsIn(pieces)))
      expect(sorted([...told.messages.values()])).toEqual(sorted(messagesIn(pieces)))
      for (let turn = 0; turn < 100 && ana.history.confirmed().length < chunks; turn += 1) await new Promise((resolve) => setTimeout(resolve, 50))
      expect(ana.history.confirmed()).toHaveLength(chunks)
      baileys.stop()
      expect(wrongThings(simulator)).toEqual([])
      await listening.close()
    },
    60_000,
  )

  it('is a picture somebody sends', async () => {
    const simulator = createSimulator()
    const listening = await simulator.listen()
    const [ana, ben] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' })]
    const baileys = await startPeer('Baileys', listening.url, simulator.trustedRoot.publicKey)
    await untilLinked(baileys, ana)
    const picture = utf8('not much of a picture '.repeat(5_000))
    const id = ben.sendMessage(ana, { imageMessage: { ...simulator.media.put('image', picture), mimetype: 'image/jpeg', caption: 'look' } })
    expect((await baileys.next('media')).base64).toBe(toBase64(picture))
    expect((await baileys.next('message')).id).toBe(id)
    baileys.stop()
    await listening.close()
  }, 60_000)
})
