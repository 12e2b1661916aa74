import { describe, expect, it } from '@jest/globals'
import { zlibSync } from 'fflate'
import { lastValueFrom, take, toArray } from 'rxjs'

import { extractHistory } from '../../lib/history/extract-history.ts'
import { inflateHistory } from '../../lib/history/inflate-history.ts'
import { LazyHistory } from '../../lib/history/lazy-history.ts'
import { createWireReader } from '../../lib/history/wire-reader.ts'
import { concat } from '../../lib/bytes/bytes.ts'
import { Conversation, HistorySync, HistorySyncMsg } from '../../lib/proto/content.generated.ts'
import { madePieces } from '../../lib/simulator/made-history.ts'
import { createVirtualClock } from '../../lib/testing/index.ts'

const [{ bytes, history }] = madePieces({ conversations: 30, messagesPerChat: 20, atSeconds: 1_700_000_000 }) as [ReturnType<typeof madePieces>[number]]
const decoded: string[] = []
/** Codecs that count what is decoded. */
const codecs = {
  history: { ...HistorySync, decode: (part: Uint8Array) => (decoded.push('history'), HistorySync.decode(part)) },
  conversation: { ...Conversation, decode: (part: Uint8Array) => (decoded.push('conversation'), Conversation.decode(part)) },
  entry: HistorySyncMsg,
}
const lazy = (raw = bytes) => new LazyHistory({ syncType: 3, chunkOrder: 2, progress: 50, peerDataRequestSessionId: 'A', oldestMsgInChunkTimestampSec: 1_700_000_000 }, zlibSync(raw), raw.length, codecs)

describe('LazyHistory', () => {
  it('decodes nothing for its metadata, and once for get()', async () => {
    decoded.length = 0
    const piece = Object.freeze(lazy())
    expect(JSON.parse(JSON.stringify(piece))).toEqual({ syncType: 3, chunkOrder: 2, progress: 50, peerDataRequestSessionId: 'A', oldestMessageTimestamp: '2023-11-14T22:13:20.000Z' })
    expect([piece.compressedBytes.length > 0, piece.decompressedSize, decoded]).toEqual([true, bytes.length, []])
    expect(await piece.get()).toEqual(history)
    expect(await piece.get()).toBe(await piece.get())
    expect(decoded).toEqual(['history'])
    expect(await piece.decompress()).toEqual(bytes)
  })

  it('streams to any number of readers, conversations or messages, and stops when nobody reads', async () => {
    const piece = lazy()
    const [one, other] = await Promise.all([lastValueFrom(piece.stream().pipe(toArray())), lastValueFrom(piece.messages().pipe(toArray()))])
    expect(one.flatMap((part) => (part.kind === 'conversation' ? [part.conversation] : []))).toEqual(history.conversations)
    expect(other.filter(({ kind }) => kind === 'message')).toHaveLength(600)
    decoded.length = 0
    await lastValueFrom(piece.stream().pipe(take(2)))
    expect(decoded).toEqual(['conversation', 'conversation'])
  })

  it('leaves out a conversation nobody can read, and says so', async () => {
    const broken = concat(bytes, Uint8Array.of(18, 3, 10, 200, 1))
    const parts = await lastValueFrom(lazy(broken).stream().pipe(toArray()))
    expect(parts.filter(({ kind }) => kind === 'conversation')).toHaveLength(30)
    expect(parts.at(-1)).toMatchObject({ kind: 'remainder', skippedConversations: 1 })
    expect(await lazy(broken).get()).toBeUndefined()
  })

  it('is undefined when it is damaged, and its streams say why', async () => {
    const cut = new LazyHistory({ syncType: 3 }, zlibSync(bytes).subarray(0, -20), bytes.length, codecs)
    expect(await cut.get()).toBeUndefined()
    await expect(cut.decompress()).rejects.toThrow('zlib')
    await expect(lastValueFrom(cut.stream())).rejects.toThrow('zlib')
  })

  it('lets others work while a large one is read', async () => {
    const clock = createVirtualClock()
    const large = concat(...Array.from({ length: 40 }, () => bytes))
    const piece = new LazyHistory({ syncType: 3 }, zlibSync(large), large.length, codecs, clock.scheduler)
    let parts = 0
    piece.stream().subscribe(() => (parts += 1))
    expect(parts).toBeGreaterThan(0)
    expect(parts).toBeLessThan(1_201)
    await clock.advance(100)
    expect(parts).toBe(1_201)
  })
})

describe('memory', () => {
  it('follows the largest field, not the piece', () => {
    const large = concat(...Array.from({ length: 100 }, () => bytes))
    const chunks = function* (): Generator<Uint8Array, void, undefined> {
      for (let start = 0; start < large.length; start += 32_768) yield large.slice(start, start + 32_768)
    }
    const reader = createWireReader(chunks(), 1_000_000)
    for (let head = reader.peek(); head; head = reader.peek()) reader.take(head.headBytes + head.bodyBytes)
    expect(large.length).toBeGreaterThan(5_000_000)
    expect(reader.heldBytes()).toBeLessThanOrEqual(128 * 1024)
  })

  it('has a bound on the secrets that are kept', () => {
    const entry = madePieces({ conversations: 1, messagesPerChat: 25_000, atSeconds: 1_800_000_000 })[0]!.bytes
    const steps = extractHistory(inflateHistory(zlibSync(entry)), { ownUser: '1', oldestSeconds: { lasting: 0, other: 0 } })
    let step = steps.next()
    while (!step.done) step = steps.next()
    expect(step.value.secrets).toHaveLength(10_000)
    expect(step.value.secrets.at(-1)!.atSeconds).toBe(1_800_000_000)
  })
})
