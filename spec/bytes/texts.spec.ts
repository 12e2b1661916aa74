import { describe, expect, it } from '@jest/globals'

import { fromBase64, fromHex, toBase64, toHex } from '../../lib/bytes/bytes.ts'

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 151 + (index >> 8) * 7 + length) & 0xff)

describe('bytes as text', () => {
  // Both are put together in pieces of 256 characters: every length up to three of them.
  it.each([
    ['hex', toHex, fromHex],
    ['base64', toBase64, fromBase64],
  ] as const)('%s is what Node makes of it, at any length', (encoding, to, from) => {
    for (let length = 0; length <= 600; length += 1) {
      const bytes = bytesOf(length)
      const text = to(bytes)
      expect(text).toBe(Buffer.from(bytes).toString(encoding))
      expect(from(text)).toEqual(bytes)
    }
  })
})
