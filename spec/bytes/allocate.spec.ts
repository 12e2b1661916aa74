import { describe, expect, it } from '@jest/globals'

import { createAllocator } from '../../lib/bytes/allocate.ts'

describe('an allocator', () => {
  it('gives zeros of the length asked for, never the same place twice', () => {
    const allocate = createAllocator(1_024)
    const arrays = Array.from({ length: 200 }, (_, index) => allocate((index * 7) % 129))
    arrays.forEach((array, index) => {
      expect(array).toEqual(new Uint8Array((index * 7) % 129))
      array.fill(index + 1)
    })
    arrays.forEach((array, index) => expect(array.every((byte) => byte === index + 1)).toBe(true))
  })

  it('cuts only what is worth it from a block', () => {
    const allocate = createAllocator(1_024)
    const [small, first, second, large] = [allocate(64), allocate(65), allocate(128), allocate(129)]
    expect(first.buffer).toBe(second.buffer)
    expect([small.buffer.byteLength, first.buffer.byteLength, large.buffer.byteLength]).toEqual([64, 1_024, 129])
  })
})
