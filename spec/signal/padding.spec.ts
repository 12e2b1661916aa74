import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { toHex } from '../../lib/bytes/bytes.ts'
import { pad, unpad } from '../../lib/signal/padding.ts'
import { hex } from '../vectors.ts'

describe('padding', () => {
  it('comes off as it went on, 1 to 16 bytes', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.uint8Array({ maxLength: 50 }), fastCheck.nat(255), (plaintext, random) => {
        const padded = pad(plaintext, () => random)
        expect(padded.length - plaintext.length).toBe((random & 15) + 1)
        expect(toHex(unpad(padded))).toBe(toHex(plaintext))
        expect(toHex(unpad(pad(plaintext)))).toBe(toHex(plaintext))
      }),
    ))

  it.each(['', '00', '0a00', '02', '030303'.slice(0, 4), '0a0103'])('refuses %s', (bytes) =>
    expect(() => unpad(hex(bytes))).toThrow(expect.objectContaining({ fault: 'bad_padding' })),
  )
})
