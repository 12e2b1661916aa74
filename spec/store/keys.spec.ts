import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'

import { utf8 } from '../../lib/bytes/bytes.ts'
import { compareKeys } from '../../lib/store/compare-keys.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import { quarantineWrites } from '../../lib/store/quarantine.ts'
import type { OpenStore } from '../../lib/store/store.ts'

const wellFormed = fc.string({ unit: 'binary', maxLength: 6 })

describe('compareKeys', () => {
  it('is the order of UTF-8 bytes', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Math.sign(Buffer.compare(utf8(left), utf8(right))))
      }),
    )
  })
})

describe('the order of memoryStore', () => {
  it('is kept through any mixture of writes and scans', () => {
    const step = fc.record({ key: fc.string({ maxLength: 2 }), isKept: fc.boolean(), isScanned: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = memoryStore().open() as OpenStore
        const model = new Set<string>()
        for (const { key, isKept, isScanned } of steps) {
          void store.commit([{ table: 'inbox', key, value: isKept ? Uint8Array.of(1) : undefined }])
          if (isKept) model.add(key)
          else model.delete(key)
          const expected = [...model].sort(compareKeys)
          if (isScanned) expect((store.scan('inbox', undefined, 100) as readonly { key: string }[]).map((row) => row.key)).toEqual(expected)
          if (isScanned) expect((store.scan('inbox', key, 3) as readonly { key: string }[]).map((row) => row.key)).toEqual(expected.filter((other) => compareKeys(other, key) > 0).slice(0, 3))
        }
      }),
    )
  })
})

describe('quarantineWrites', () => {
  it('moves a row out of the way', async () => {
    const store = await memoryStore().open()
    const value = Uint8Array.of(1, 2)
    await store.commit([{ table: 'sessions', key: 'a/b', value }])
    await store.commit(quarantineWrites('sessions', 'a/b', value))
    expect(await store.read('sessions', 'a/b')).toBeUndefined()
    expect(await store.scan('quarantine', undefined, 9)).toEqual([{ key: 'sessions/a/b', value }])
  })
})
