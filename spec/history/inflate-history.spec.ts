import { describe, expect, it } from '@jest/globals'
import { zlibSync } from 'fflate'

import { concat } from '../../lib/bytes/bytes.ts'
import { extractHistory } from '../../lib/history/extract-history.ts'
import { inflateHistory } from '../../lib/history/inflate-history.ts'
import { readHistory, readHistoryMessages } from '../../lib/history/read-history.ts'
import { HistorySync } from '../../lib/proto/content.generated.ts'

const drain = (bytes: Uint8Array, limits = {}): Uint8Array => concat(...inflateHistory(bytes, limits))
const sample = HistorySync.encode({ syncType: 3, conversations: Array.from({ length: 200 }, (_, index) => ({ id: `${index}@lid`, messages: [{ message: { key: { id: `M${index}` }, message: { conversation: 'x'.repeat(index * 10) } } }] })), progress: 5 })

describe('inflateHistory', () => {
  it.each([0, 1, 6, 9] as const)('inflates level %i, stored blocks too', (level) => expect(drain(zlibSync(sample, { level }))).toEqual(sample))

  it('refuses a stream cut anywhere, a wrong checksum and what follows the end', () => {
    const zlib = zlibSync(sample)
    for (let length = 0; length < zlib.length; length += 101) expect(() => drain(zlib.subarray(0, length))).toThrow('zlib')
    const wrong = zlib.slice()
    wrong[wrong.length - 1]! ^= 1
    expect(() => drain(wrong)).toThrow('zlib')
    expect(() => drain(concat(zlib, Uint8Array.of(0)))).toThrow('zlib')
    expect(() => drain(concat(zlib, new Uint8Array(1_000_000)))).toThrow('zlib')
  })

  it('refuses a bomb before it fills the memory', () => {
    const bomb = zlibSync(new Uint8Array(24 * 1024 * 1024), { level: 1 })
    let held = 0
    expect(() => {
      for (const chunk of inflateHistory(bomb)) held += chunk.length
    }).toThrow('too_large')
    expect(held).toBeLessThan(20 * 1024 * 1024)
    expect(() => drain(zlibSync(sample), { mostBytes: sample.length - 1 })).toThrow('too_large')
  })
})

describe('readers of history', () => {
  /** The sample in chunks of one size. */
  const chunked = function* (size: number): Generator<Uint8Array, void, undefined> {
    for (let start = 0; start < sample.length; start += size) yield sample.slice(start, start + size)
  }

  it.each([1, 3, 17, 1000, 1_000_000])('do not depend on chunks of %i bytes', (size) => {
    const ids: (string | undefined)[] = []
    for (const { kind, bytes } of readHistory(chunked(size))) if (kind === 'conversation') ids.push(HistorySync.decode(concat(Uint8Array.of(18), lengthOf(bytes), bytes)).conversations?.[0]?.id)
    expect(ids).toEqual(Array.from({ length: 200 }, (_, index) => `${index}@lid`))
    expect([...readHistoryMessages(chunked(size))].filter(({ kind }) => kind === 'message')).toHaveLength(200)
    const extracting = extractHistory(chunked(size), { ownUser: '1', oldestSeconds: { lasting: 0, other: 0 } })
    let last = extracting.next()
    while (!last.done) last = extracting.next()
    expect(last.value).toMatchObject({ conversations: 200, messages: 200, skipped: 0, sizeBytes: sample.length })
  })

  it('refuse a field beyond the bound, and a message cut in the middle', () => {
    expect(() => [...readHistory(chunked(100), { mostFieldBytes: 1_000 })]).toThrow('too_large')
    expect(() => [...readHistory([sample.subarray(0, -1)][Symbol.iterator]())]).toThrow('malformed')
  })
})

const lengthOf = (bytes: Uint8Array): Uint8Array => {
  const out: number[] = []
  for (let left = bytes.length; ; left >>>= 7) {
    if (left < 128) return Uint8Array.of(...out, left)
    out.push((left & 127) | 128)
  }
}
