import { createHmac } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import * as used from '#crypto'
import * as node from '../../lib/crypto/node.ts'
import * as portable from '../../lib/crypto/portable.ts'
import { toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { hex, vectorCases } from '../vectors.ts'

const bytes = (length: number) => fastCheck.uint8Array({ minLength: length, maxLength: length })

describe('crypto backend on vectors', () => {
  it.each(vectorCases<{ verdict: string; public: string; message: string; signature: string; private?: string }>('curve', 'xeddsa'))(
    'XEdDSA $id',
    (vector) => {
      const verifies = used.verify(hex(vector.public), hex(vector.message), hex(vector.signature))
      if (vector.verdict !== 'contested') expect(verifies).toBe(vector.verdict === 'valid')
      if (vector.private !== undefined) {
        const pair = { publicKey: hex(vector.public), privateKey: hex(vector.private) }
        const signature = used.sign(pair, hex(vector.message))
        if (toHex(used.publicKeyOf(pair.privateKey)) === vector.public)
          expect(used.verify(pair.publicKey, hex(vector.message), signature)).toBe(true)
      }
    },
  )

  it.each(vectorCases<Record<string, string>>('curve', 'x25519'))('X25519 $id', (vector) => {
    expect(toHex(used.publicKeyOf(hex(vector['privateA']!)))).toBe(vector['publicA'])
    expect(toHex(used.agree(hex(vector['privateA']!), hex(vector['publicB']!)))).toBe(vector['shared'])
    expect(toHex(used.agree(hex(vector['privateB']!), hex(vector['publicA']!)))).toBe(vector['shared'])
  })

  it.each(vectorCases<{ ikm: string; salt: string | null; info: string; length: number; output: string }>('curve', 'hkdf-sha256'))(
    'HKDF $id',
    ({ ikm, salt, info, length, output }) =>
      expect(toHex(used.hkdfSha256(hex(ikm), salt === null ? undefined : hex(salt), info, length))).toBe(output),
  )

  it.each([['node', node], ['portable', portable]] as const)('opens many texts under one key as one by one, on %s', (_, backend) =>
    fastCheck.assert(
      fastCheck.property(bytes(32), fastCheck.array(fastCheck.tuple(bytes(16), fastCheck.uint8Array({ maxLength: 200 })), { maxLength: 5 }), (key, texts) => {
        const open = backend.cbcDecryptor(key)
        for (const [iv, text] of texts) expect(toHex(open(iv, node.aesCbcEncrypt(key, iv, text)))).toBe(toHex(text))
      }),
      { numRuns: 100 },
    ),
  )

  it.each([['node', node], ['portable', portable]] as const)('refuses wrong padding and lengths, on %s', (_, backend) => {
    const [key, iv] = [new Uint8Array(32).fill(1), new Uint8Array(16).fill(2)]
    // Of a text of one block all the last byte of the IV says is the padding.
    const sealed = node.aesCbcEncrypt(key, iv, new Uint8Array(15)).slice()
    for (let last = 0; last < 256; last += 1) {
      const bent = iv.slice()
      bent[15] = last
      const padding = 1 ^ iv[15]! ^ last
      const outcome = (): string => toHex(backend.cbcDecryptor(key)(bent, sealed))
      if (padding === 1) expect(outcome()).toBe('00'.repeat(15))
      else expect(outcome).toThrow(expect.objectContaining({ fault: 'bad_padding' }))
    }
    for (const length of [0, 1, 15, 17]) expect(() => backend.cbcDecryptor(key)(iv, new Uint8Array(length))).toThrow(expect.objectContaining({ fault: 'bad_padding' }))
    expect(() => backend.cbcDecryptor(new Uint8Array(16))).toThrow(expect.objectContaining({ fault: 'bad_key' }))
    expect(() => backend.cbcDecryptor(key)(new Uint8Array(12), sealed)).toThrow(expect.objectContaining({ fault: 'bad_key' }))
  })

  it('HMAC-SHA-512 is that of OpenSSL on both sides of its short way', () => {
    for (const [key, length] of [[0, 0], [32, 0], [32, 140], [127, 300], [128, 4_096], [129, 10], [128, 4_097], [64, 100_000]] as const) {
      const [secret, message] = [new Uint8Array(key).fill(7), Uint8Array.from({ length }, (_, index) => index & 0xff)]
      const cut = Math.floor(length / 3)
      expect(toHex(node.hmacSha512(secret, message.subarray(0, cut), message.subarray(cut)))).toBe(createHmac('sha512', secret).update(message).digest('hex'))
    }
  })

  it('refuses keys of low order everywhere', () => {
    for (const key of ['00'.repeat(32), `01${'00'.repeat(31)}`, 'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800', '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157', `ec${'ff'.repeat(30)}7f`]) {
      expect(used.verify(hex(key), utf8('x'), new Uint8Array(64))).toBe(false)
      expect(() => used.agree(used.generateKeyPair().privateKey, hex(key))).toThrow(expect.objectContaining({ fault: 'degenerate_agreement' }))
    }
  })
})

/** Protocol document 04, section 1.2. */
const seededKeys = [
  {
    seed: '01'.repeat(32),
    k: '58e86efb75fa4e2c410f46e16de9f6acae1a1703528651b69bc176c088bef36e',
    u: '1b1b58dd50ea14b60da17b790cd02754d970c9bab864ebb3c0f3016fe51d3f57',
    message: '',
    signature:
      '778cda0634c021fae8b1a9fa655ba13230f6fcfc5c5d519afb0872ec9bf1d64241cc3eed8ad47270d86d30e762ad17677c6fb1797e35bca7eba30388257e020f',
  },
  {
    seed: '02'.repeat(32),
    k: 'a83c626bc9c38c8c201878ebb1d5b0b50ac40e8986c78793db1d4ef369fca14e',
    u: '60346e7c911a5f6ba154129174cafe75b294ac3bbd5549632f48cec6266f8410',
    message: '0538ab664bd86f77d7e66bdd9ae0792913a94fd8b33a1260027e4b46c1f4884c67',
    signature:
      'c28afbf055b779e1a061229161ac1d17be3ca082aa1756d4b586455a520ad803ca30a44b379814932c58cf997a0de23b5538e28c3f286673e67528b5ee873b8c',
  },
  {
    seed: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    k: '3894eea49c580aef816935762be049559d6d1440dede12e6a125f1841fff8e6f',
    u: '4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01',
    message: '68656c6c6f',
    signature:
      'e1a7fca94a835127885b99e2eba733d6ee5bf5dc463ed8385eb6f1dcaa1117c0f151750a10f46f5b3796a91203578f702c85c67c334b5689a516284d499f718f',
  },
]

describe('keys that keep their seed', () => {
  it.each(seededKeys)('seed $seed', ({ seed, k, u, message, signature }) => {
    const pair = used.keyPairFromSeed(hex(seed))
    expect(toHex(pair.privateKey)).toBe(k)
    expect(toHex(pair.publicKey)).toBe(u)
    expect(toHex(used.sign(pair, hex(message)))).toBe(signature)
    expect(used.verify(pair.publicKey, hex(message), hex(signature))).toBe(true)
  })

  it('signs the portable way as documented', () => {
    const privateKey = hex('4044444444444444444444444444444444444444444444444444444444444444')
    const message = hex('0538ab664bd86f77d7e66bdd9ae0792913a94fd8b33a1260027e4b46c1f4884c67')
    expect(toHex(used.signWith(privateKey, message, new Uint8Array(64).fill(0x42)))).toBe(
      'b54d996441f3428a84cb045765ae94418bd4b8db84e9882f4d11a32cf7423a6409a72cf33c6ecef59a93d66be178370a3f30c38d0c38e9833d7c329151f3b582',
    )
  })
})

describe('both backends', () => {
  it('export the same names', () => expect(Object.keys(node).sort()).toEqual(Object.keys(portable).sort()))

  it('agree on hashes, ciphers and derivations', () =>
    fastCheck.assert(
      fastCheck.property(bytes(32), bytes(16), fastCheck.uint8Array({ maxLength: 300 }), (key, iv, data) => {
        for (const name of ['md5', 'sha1', 'sha256', 'sha512'] as const) expect(toHex(node[name](data, iv))).toBe(toHex(portable[name](data, iv)))
        expect(toHex(node.hmacSha256(key, data, iv))).toBe(toHex(portable.hmacSha256(key, data, iv)))
        expect(toHex(node.hkdfSha256(data, iv, 'info', 80))).toBe(toHex(portable.hkdfSha256(data, iv, 'info', 80)))
        expect(toHex(node.aesCtr(key, iv, data))).toBe(toHex(portable.aesCtr(key, iv, data)))
        const boxed = node.aesCbcEncrypt(key, iv, data)
        expect(toHex(portable.aesCbcDecrypt(key, iv, boxed))).toBe(toHex(data))
        const sealed = node.aeadOf(key).seal(iv.subarray(0, 12), data, data)
        expect(toHex(portable.aeadOf(key).open(iv.subarray(0, 12), data, sealed))).toBe(toHex(data))
        sealed[sealed.length - 1]! ^= 1
        for (const backend of [node, portable])
          expect(() => backend.aeadOf(key).open(iv.subarray(0, 12), data, sealed)).toThrow(expect.objectContaining({ fault: 'bad_tag' }))
      }),
      { numRuns: 50 },
    ))

  it('agree on curve operations', () =>
    fastCheck.assert(
      fastCheck.property(bytes(32), bytes(32), fastCheck.uint8Array({ maxLength: 100 }), (seed, other, message) => {
        const ours = node.keyPairFromSeed(seed)
        const theirs = portable.keyPairFromSeed(other)
        expect(toHex(portable.keyPairFromSeed(seed).publicKey)).toBe(toHex(ours.publicKey))
        expect(toHex(node.agree(ours.privateKey, theirs.publicKey))).toBe(toHex(portable.agree(theirs.privateKey, ours.publicKey)))
        const signature = node.sign(ours, message)
        expect(toHex(portable.sign(ours, message))).toBe(toHex(signature))
        expect(portable.verify(ours.publicKey, message, signature)).toBe(true)
        expect(node.verify(ours.publicKey, message, portable.sign({ ...ours, seed: undefined! }, message))).toBe(true)
        expect(node.verify(theirs.publicKey, message, signature)).toBe(toHex(seed) === toHex(other))
      }),
      { numRuns: 20 },
    ))

  it('sign alike with a bare private key', () =>
    fastCheck.assert(
      fastCheck.property(bytes(32), bytes(64), fastCheck.uint8Array({ maxLength: 200 }), (privateKey, random, message) => {
        const signature = node.signWith(privateKey, message, random)
        expect(toHex(portable.signWith(privateKey, message, random))).toBe(toHex(signature))
        // A second one with the same array uses the sign that the first found out.
        expect(toHex(node.signWith(privateKey, message, random))).toBe(toHex(signature))
        expect(portable.verify(node.publicKeyOf(privateKey), message, signature)).toBe(true)
      }),
      { numRuns: 60 },
    ))

  it('agree on whether a damaged signature verifies', () =>
    fastCheck.assert(
      fastCheck.property(bytes(32), fastCheck.nat(63), fastCheck.integer({ min: 1, max: 255 }), (seed, place, change) => {
        const pair = node.keyPairFromSeed(seed)
        const signature = node.sign(pair, seed)
        signature[place]! ^= change
        expect(node.verify(pair.publicKey, seed, signature)).toBe(false)
        expect(portable.verify(pair.publicKey, seed, signature)).toBe(false)
      }),
      { numRuns: 40 },
    ))

  it('find the same of signers they expected', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.array(bytes(32), { minLength: 1, maxLength: 6 }), bytes(32), (seeds, stranger) => {
        const pairs = [...seeds, stranger].map(portable.keyPairFromSeed)
        // Keys that never verify, and no keys at all, spoil nothing for the others.
        const useless = [new Uint8Array(32), hex(`ec${'ff'.repeat(30)}7f`), hex(`01${'00'.repeat(31)}`), new Uint8Array(31)]
        for (const backend of [node, portable]) backend.expectSigners([...useless, ...pairs.slice(0, -1).map(({ publicKey }) => publicKey), pairs[0]!.publicKey])
        for (const pair of pairs) {
          const signature = portable.sign(pair, stranger)
          expect([node, portable].map((backend) => backend.verify(pair.publicKey, stranger, signature))).toEqual([true, true])
          signature[40]! ^= 1
          expect([node, portable].map((backend) => backend.verify(pair.publicKey, stranger, signature))).toEqual([false, false])
        }
        for (const key of useless) expect(node.verify(key, stranger, portable.sign(pairs[0]!, stranger))).toBe(false)
      }),
      { numRuns: 20 },
    ))

  it('never throw when they verify', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.uint8Array({ maxLength: 40 }), fastCheck.uint8Array({ maxLength: 70 }), bytes(64), (publicKey, signature, whole) => {
        for (const backend of [node, portable]) {
          expect(backend.verify(publicKey, new Uint8Array(3), signature)).toBe(false)
          expect(backend.verify(publicKey, new Uint8Array(3), whole)).toBe(false)
        }
      }),
      { numRuns: 60 },
    ))

  it('agree on HMAC-SHA512, PBKDF2 and generated keys', () => {
    const [key, data] = [utf8('key'), utf8('data')]
    expect(toHex(node.hmacSha512(key, data))).toBe(toHex(portable.hmacSha512(key, data)))
    expect(toHex(node.pbkdf2Sha256(key, data, 10, 40))).toBe(toHex(portable.pbkdf2Sha256(key, data, 10, 40)))
    for (const [one, other] of [[node, portable], [portable, node]] as const) {
      const { publicKey, privateKey } = one.generateKeyPair()
      expect(toHex(other.publicKeyOf(privateKey))).toBe(toHex(publicKey))
      expect([privateKey[0]! & 7, privateKey[31]! >> 6]).toEqual([0, 1])
    }
  })

  it('hand out memory of their own', () => {
    const [key, iv] = [new Uint8Array(32), new Uint8Array(16)]
    for (const backend of [node, portable]) {
      const boxed = backend.aesCbcEncrypt(key, iv, utf8('hello'))
      expect(boxed.buffer.byteLength).toBeLessThan(1_000)
      expect(backend.aesCbcDecrypt(key, iv, boxed).buffer.byteLength).toBeLessThan(1_000)
    }
  })

  it('make no key that Node can freeze on, and load no curve library on Node', () => {
    const folder = new URL('../../lib/crypto/node/', import.meta.url)
    const source = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
    expect(source).not.toMatch(/generateKeyPairSync\(/)
    expect(source).not.toMatch(/@noble/)
  })

  it('refuse wrong padding and keys of a wrong length', () => {
    for (const backend of [node, portable]) {
      expect(() => backend.aesCbcDecrypt(new Uint8Array(32), new Uint8Array(16), new Uint8Array(16))).toThrow(
        expect.objectContaining({ fault: 'bad_padding' }),
      )
      for (const [key, iv] of [[31, 16], [32, 15], [0, 0]] as const)
        for (const cipher of [backend.aesCbcEncrypt, backend.aesCbcDecrypt, backend.aesCtr])
          expect(() => cipher(new Uint8Array(key), new Uint8Array(iv), new Uint8Array(16))).toThrow(expect.objectContaining({ fault: 'bad_key' }))
      for (const length of [0, 15, 17])
        expect(() => backend.aesCbcDecrypt(new Uint8Array(32), new Uint8Array(16), new Uint8Array(length))).toThrow(
          expect.objectContaining({ fault: 'bad_padding' }),
        )
      expect(() => backend.publicKeyOf(new Uint8Array(31))).toThrow(expect.objectContaining({ fault: 'bad_key' }))
      expect(() => backend.keyPairFromSeed(new Uint8Array(31))).toThrow(expect.objectContaining({ fault: 'bad_key' }))
      expect(() => backend.agree(new Uint8Array(31), new Uint8Array(32))).toThrow(expect.objectContaining({ fault: 'bad_key' }))
      expect(backend.verify(new Uint8Array(31), new Uint8Array(0), new Uint8Array(64))).toBe(false)
    }
  })
})

describe('randomBytes', () => {
  it('gives every length, and never the same twice', () => {
    const seen = new Set<string>()
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = used.randomBytes(1 + (round % 600))
      expect(bytes).toHaveLength(1 + (round % 600))
      if (bytes.length >= 16) seen.add(toHex(bytes.subarray(0, 16)))
    }
    expect(seen.size).toBe(Array.from({ length: 2_000 }, (_, round) => 1 + (round % 600)).filter((length) => length >= 16).length)
    expect(used.randomBytes(0)).toHaveLength(0)
  })

  it('fills the whole range of each byte, and never gives out its own memory', () => {
    const counts = new Uint32Array(256)
    for (let round = 0; round < 2_000; round += 1) for (const byte of used.randomBytes(64)) counts[byte]! += 1
    // 500 are expected of each; ten standard deviations either way.
    expect([Math.min(...counts) > 276, Math.max(...counts) < 724]).toEqual([true, true])
    const bytes = used.randomBytes(32)
    expect(bytes.buffer.byteLength).toBe(32)
  })
})
