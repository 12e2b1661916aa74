import { createHmac, hkdfSync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { hkdfSha256, hmacSha256, hmacSha256OfTwo } from '#crypto'
import { toHex } from '../../lib/bytes/bytes.ts'
import { isSmallHkdf, SMALL_KEY, SMALL_MESSAGE, smallHkdfSha256, smallHmacSha256 } from '../../lib/crypto/small-hmac.ts'

const reference = (key: Uint8Array, ...parts: readonly Uint8Array[]): string => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) hmac.update(part)
  return hmac.digest('hex')
}
const referenceHkdf = (input: Uint8Array, salt: Uint8Array | undefined, info: Uint8Array, length: number): string =>
  toHex(new Uint8Array(hkdfSync('sha256', input, salt ?? new Uint8Array(32), info, length)))

const upTo = (maxLength: number) => fastCheck.uint8Array({ maxLength })
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 131 + length) & 0xff)

describe('small HMAC', () => {
  it('equals OpenSSL for every length of message and of key', () => {
    for (let length = 0; length <= SMALL_MESSAGE; length += 1)
      expect(toHex(smallHmacSha256(pattern(length % (SMALL_KEY + 1)), [pattern(length)]))).toBe(reference(pattern(length % (SMALL_KEY + 1)), pattern(length)))
  })

  it('does not change with the cut into parts, and forgets the call before', () =>
    fastCheck.assert(
      fastCheck.property(upTo(SMALL_KEY), fastCheck.array(upTo(100), { maxLength: 4 }), (key, parts) => {
        smallHmacSha256(pattern(64), [pattern(SMALL_MESSAGE)])
        expect(toHex(smallHmacSha256(key, parts))).toBe(reference(key, ...parts))
      }),
      { numRuns: 200 },
    ))

  it('is left for the backend beyond its limits', () => {
    for (const [key, message] of [[64, SMALL_MESSAGE + 1], [65, 10], [200, 10_000]] as const)
      expect(toHex(hmacSha256(pattern(key), pattern(message)))).toBe(reference(pattern(key), pattern(message)))
  })

  it('makes two at once', () => {
    const [first, second] = hmacSha256OfTwo(pattern(32), 1, 2)
    expect(toHex(first)).toBe(reference(pattern(32), Uint8Array.of(1)))
    expect(toHex(second)).toBe(reference(pattern(32), Uint8Array.of(2)))
  })
})

describe('small HKDF', () => {
  it('equals OpenSSL', () =>
    fastCheck.assert(
      fastCheck.property(upTo(SMALL_MESSAGE), fastCheck.option(upTo(SMALL_KEY), { nil: undefined }), upTo(SMALL_MESSAGE - 33), fastCheck.integer({ min: 1, max: 300 }), (input, salt, info, length) => {
        expect(isSmallHkdf(input, salt, info, length)).toBe(true)
        expect(toHex(smallHkdfSha256(input, salt, info, length))).toBe(referenceHkdf(input, salt, info, length))
      }),
      { numRuns: 300 },
    ))

  it('equals OpenSSL for every length of info around a block, in words and not', () => {
    for (let info = 0; info <= 64; info += 1) for (const length of [32, 80, 128]) expect(toHex(smallHkdfSha256(pattern(32), undefined, pattern(info), length))).toBe(referenceHkdf(pattern(32), undefined, pattern(info), length))
  })

  it('is left for the backend beyond its limits', () => {
    for (const [input, salt, info, length] of [[SMALL_MESSAGE + 1, 32, 5, 80], [32, 65, 5, 80], [32, 32, 600, 80]] as const)
      expect(toHex(hkdfSha256(pattern(input), pattern(salt), pattern(info), length))).toBe(referenceHkdf(pattern(input), pattern(salt), pattern(info), length))
  })
})
