import { describe, expect, it } from '@jest/globals'
import { zlibSync } from 'fflate'

import { concat } from '../../lib/bytes/bytes.ts'
import { HistoryRejected } from '../../lib/errors/history-error.ts'
import { extractHistory, type HistoryExtract } from '../../lib/history/extract-history.ts'
import { inflateHistory } from '../../lib/history/inflate-history.ts'
import { readHistory, readHistoryMessages } from '../../lib/history/read-history.ts'
import { openMedia } from '../../lib/media/media-file.ts'
import { expandMediaKey } from '../../lib/media/media-keys.ts'
import { Conversation, HistorySync, HistorySyncMsg, Message_HistorySyncNotification } from '../../lib/proto/content.generated.ts'
import { HistorySync_HistorySyncType as types } from '../../lib/proto/enums.generated.ts'
import { hex, vectorCases } from '../vectors.ts'

interface Summary {
  readonly syncType: keyof typeof types
  readonly chunkOrder: number
  readonly progress: number
  readonly conversations: ReadonlyArray<{ readonly id: string; readonly name: string; readonly unread: number; readonly archived: boolean; readonly messages: number; readonly first: string; readonly last: string }>
  readonly pushNames: ReadonlyArray<readonly [string, string]>
  readonly lidMappings: ReadonlyArray<readonly [string, string]>
}

interface HistoryCase {
  readonly group: 'inline' | 'external' | 'damaged'
  readonly notification: string
  readonly file?: string
  readonly expected: Summary | 'reject'
}

const all = vectorCases<HistoryCase>('history')

const zlibOf = ({ notification, file }: HistoryCase): Uint8Array => {
  const said = Message_HistorySyncNotification.decode(hex(notification))
  if (said.initialHistBootstrapInlinePayload) return said.initialHistBootstrapInlinePayload
  const { fileSha256, fileEncSha256, fileLength, mediaKey } = said
  return openMedia(hex(file!), expandMediaKey(mediaKey!, 'history'), { ...(fileSha256 && { fileSha256 }), ...(fileEncSha256 && { fileEncSha256 }), fileLength: Number(fileLength) })
}

const parts = { ownUser: '15551003', oldestSeconds: { lasting: 0, other: 0 } }

const extract = (zlib: Uint8Array): HistoryExtract => {
  const steps = extractHistory(inflateHistory(zlib), parts)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

const summaryOf = (conversation: Conversation) => ({
  id: conversation.id,
  name: conversation.name,
  unread: conversation.unreadCount ?? 0,
  archived: conversation.archived ?? false,
  messages: conversation.messages?.length ?? 0,
  first: conversation.messages?.[0]?.message?.key?.id,
  last: conversation.messages?.at(-1)?.message?.key?.id,
})

describe('history of the vectors', () => {
  const good = all.filter(({ expected }) => expected !== 'reject')

  it.each(good)('$id: all three readers agree with it', (vector) => {
    const expected = vector.expected as Summary
    const said = Message_HistorySyncNotification.decode(hex(vector.notification))
    expect([said.syncType, said.chunkOrder, said.progress]).toEqual([types[expected.syncType], expected.chunkOrder, expected.progress])
    const zlib = zlibOf(vector)
    const whole = HistorySync.decode(concat(...inflateHistory(zlib)))
    expect((whole.conversations ?? []).map(summaryOf)).toEqual(expected.conversations)

    const read = [...copies(readHistory(inflateHistory(zlib)))]
    expect(read.filter(({ kind }) => kind === 'conversation').map(({ bytes }) => summaryOf(Conversation.decode(bytes)))).toEqual(expected.conversations)
    const remainder = HistorySync.decode(read.at(-1)!.bytes)
    const { conversations: _, ...rest } = whole
    expect(remainder).toEqual(rest)
    expect((remainder.pushnames ?? []).map(({ id, pushname }) => [id, pushname])).toEqual(expected.pushNames)

    let messages: HistorySyncMsg[] = []
    const joined: Conversation[] = []
    for (const part of readHistoryMessages(inflateHistory(zlib))) {
      if (part.kind === 'message') messages.push(HistorySyncMsg.decode(part.bytes.slice()))
      else if (part.kind === 'conversation') {
        joined.push({ ...Conversation.decode(part.bytes), ...(messages.length > 0 && { messages }) })
        messages = []
      }
    }
    expect(joined.map(summaryOf)).toEqual(expected.conversations)

    const extracted = extract(zlib)
    expect(extracted.mappings).toEqual(expected.lidMappings)
    expect(extracted.conversations).toBe(expected.conversations.length)
    expect(extracted.messages).toBe(expected.conversations.reduce((sum, { messages: count }) => sum + count, 0))
    expect(extracted.ownName).toBe(expected.pushNames.find(([id]) => id === '15551003@s.whatsapp.net')?.[1])
    expect(extracted.sizeBytes).toBe(concat(...inflateHistory(zlib)).length)
  })

  it.each(all.filter(({ expected }) => expected === 'reject'))('$id is refused', (vector) => {
    expect(() => extract(zlibOf(vector))).toThrow(HistoryRejected)
  })
})

const copies = function* <T extends { readonly bytes: Uint8Array }>(source: Iterable<T>): Generator<T> {
  for (const part of source) yield { ...part, bytes: part.bytes.slice() }
}

describe('known answers of the document', () => {
  const raw = hex('080012560a1a313535353132333435363740732e77686174736170702e6e657412360a320a240a1a313535353132333435363740732e77686174736170702e6e657410001a044142434412040a0268691880e2cfaa0610013002280130643a210a1a313535353132333435363740732e77686174736170702e6e65741203426f627a300a1a313535353132333435363740732e77686174736170702e6e657412123939383837373636353534343333406c6964')
  const zlib = hex('789ce360100ae39232343535353432363135337728d62bcf482c294e2c28d0cb4b2d1132e332e252c1a74280418ac5d1c9d94588858b292353a2e1d1f9556c028c064c1a8c0629568a78cd6676ca4faa32c0ab44c8d2d2c2c2dcdcccccd4d4c4c4d8d82127330500cdda2e7d')

  it('inflates', () => expect(concat(...inflateHistory(zlib))).toEqual(raw))
  it('inflates what we deflate', () => expect(concat(...inflateHistory(zlibSync(raw)))).toEqual(raw))
  it('has a name and a mapping', () => {
    const steps = extractHistory(inflateHistory(zlib), { ...parts, ownUser: '15551234567' })
    expect(steps.next().value).toMatchObject({ ownName: 'Bob', mappings: [['15551234567@s.whatsapp.net', '99887766554433@lid']], conversations: 1, messages: 1 })
  })
})
