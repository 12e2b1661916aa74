import { describe, expect, it } from '@jest/globals'
import { map } from 'rxjs'
import fastCheck from 'fast-check'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { createFrameDecoder, encodeFrame, frame, introBytes } from '../../lib/connection/frame.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const a = Uint8Array.of(1, 2, 3)
const b = Uint8Array.of(4)
const wire = concat(encodeFrame(a), encodeFrame(b))
const chunks = { h: wire.subarray(0, 2), t: wire.subarray(2), w: wire, l: Uint8Array.of(0, 2, 1) }
const frames = { a: toHex(a), b: toHex(b) }

describe('frame', () => {
  it('keeps wire order whatever the chunks', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const bytes$ = hot('  h-t---w---|', chunks)
    const expected = '    --(ab)(ab)|'
    const subscription = '^---------!'

    expectObservable(bytes$.pipe(frame(), map(toHex))).toBe(expected, frames)
    expectSubscriptions(bytes$.subscriptions).toBe(subscription)
  }))

  it('drops half a frame at the end, passes errors on', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('h-|', chunks).pipe(frame())).toBe('--|')
    expectObservable(hot('h-#', chunks).pipe(frame())).toBe('--#')
    expectObservable(hot('|', chunks).pipe(frame())).toBe('|')
  }))

  it('ends at a frame over the limit', marbles(({ hot, expectObservable }) => {
    const failure = expect.objectContaining({ code: 'frame_too_large', sizeBytes: 513 })
    expectObservable(hot('-l', chunks).pipe(frame(512))).toBe('-#', {}, failure)
  }))

  it('shares nothing between subscribers and starts clean again', marbles(({ cold, expectObservable }) => {
    const bytes$ = cold('   h-t---|', chunks).pipe(frame(), map(toHex))
    const expected = '      --(ab)|'

    expectObservable(bytes$, '^!').toBe('--')
    expectObservable(bytes$, '^------').toBe(expected, frames)
    expectObservable(bytes$).toBe(expected, frames)
  }))
})

describe('frame decoder', () => {
  it('gives the same frames for every cut', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.array(fastCheck.uint8Array({ maxLength: 600 }), { maxLength: 5 }), fastCheck.array(fastCheck.integer({ min: 1, max: 300 }), { minLength: 1 }), (bodies, sizes) => {
        const stream = concat(...bodies.map(encodeFrame))
        const decoder = createFrameDecoder()
        const read: string[] = []
        for (let start = 0, turn = 0; start < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length]!
          read.push(...decoder.push(stream.subarray(start, start + size)).map(toHex))
          start += size
        }
        expect(read).toEqual(bodies.map(toHex))
      }),
    ))

  it('gives a view when a frame lies within one chunk', () => {
    const [frame] = createFrameDecoder().push(wire)
    expect(frame!.buffer).toBe(wire.buffer)
  })

  it('refuses a body no length can say', () =>
    expect(() => encodeFrame(new Uint8Array(2 ** 24))).toThrow(expect.objectContaining({ code: 'frame_too_large' })))
})

describe('introBytes', () => {
  it('puts routing information in front', () => {
    expect(toHex(introBytes(Uint8Array.of(0x0a, 0x0b, 0x0c)))).toBe('454400010000030a0b0c57410603')
    expect(toHex(introBytes())).toBe('57410603')
    expect(toHex(introBytes(new Uint8Array(2 ** 24)))).toBe('57410603')
  })
})
