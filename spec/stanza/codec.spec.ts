import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'
import { zlibSync } from 'fflate'

import { sha256 } from '#crypto'
import { concat, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { decodeStanza } from '../../lib/stanza/decode.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import { Jid, SERVER } from '../../lib/stanza/jid.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { StanzaCodecError } from '../../lib/errors/stanza-codec-error.ts'
import { hex, vectorCases } from '../vectors.ts'
import { nodeOfStanza, stanzaOfNode, type VectorNode } from './vector-node.ts'

type Reading = { readonly node: VectorNode; readonly by: readonly string[] }
interface EncodeCase {
  readonly node: VectorNode
  readonly encodings: readonly { readonly hex: string; readonly by: readonly string[]; readonly roundTrip?: readonly string[] }[]
}
interface DecodeCase {
  readonly hex: string
  readonly readings: readonly Reading[]
  readonly rejectedBy?: readonly string[]
}

const faultOf = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof StanzaCodecError) return error.fault
    throw error
  }
}

/** msgr and interop addresses are shown with device 0 by some; compare without it. */
const plainZero = (node: unknown): string => JSON.stringify(node).replace(/:0@(msgr|interop)/g, '@$1')

describe('encodeStanza on vectors', () => {
  it.each(vectorCases<EncodeCase>('stanza-codec', 'encode'))('$id', ({ node, encodings }) => {
    const encoded = toHex(encodeStanza(stanzaOfNode(node)))
    const agreed = encodings.filter(({ roundTrip }) => roundTrip?.length)
    const listed = encodings.find((encoding) => encoding.hex === encoded)
    // A spelling of our own must at least be read back as the same stanza.
    if (!listed && agreed.length > 0) expect(nodeOfStanza(decodeStanza(hex(encoded)))).toEqual(nodeOfStanza(stanzaOfNode(node)))
    for (const encoding of agreed)
      expect(plainZero(nodeOfStanza(decodeStanza(hex(encoding.hex))))).toEqual(plainZero(nodeOfStanza(stanzaOfNode(node))))
  })

  it('writes what most encoders write', () => {
    const cases = vectorCases<EncodeCase>('stanza-codec', 'encode')
    const unlisted = cases.filter(({ node, encodings }) => !encodings.some((encoding) => encoding.hex === toHex(encodeStanza(stanzaOfNode(node)))))
    expect(unlisted.map(({ id }) => id)).toEqual([])
  })
})

describe('decodeStanza on vectors', () => {
  it.each(vectorCases<DecodeCase>('stanza-codec', 'decode'))('$id', ({ hex: wire, readings, rejectedBy }) => {
    let decoded: unknown
    const fault = faultOf(() => (decoded = nodeOfStanza(decodeStanza(hex(wire)))))
    if (fault !== undefined) expect(rejectedBy ?? []).not.toEqual([])
    else expect(readings.map(({ node }) => plainZero(nodeOfStanza(stanzaOfNode(node))))).toContain(plainZero(decoded))
  })

  it.each(vectorCases<{ hex: string; verdict: string }>('stanza-codec', 'reject'))('refuses $id', ({ hex: wire, verdict }) => {
    const fault = faultOf(() => decodeStanza(hex(wire)))
    if (verdict === 'must-reject') expect(fault).toBeDefined()
  })
})

const S = SERVER
const children = (count: number) => stanza('list', {}, Array.from({ length: count }, () => stanza('item')))

describe('known answers', () => {
  it.each([
    [stanza('xmlstreamend'), '00f80102'],
    [stanza('iq', { id: '57.12-1', xmlns: 'w:p', type: 'get', to: 's.whatsapp.net' }), '00f8091908ff8457b12a1f165704291103'],
    [stanza('ib', {}, [stanza('offline_batch', { count: '200' })]), '00f802fc026962f801f803ed0841edf9'],
    [
      stanza('receipt', { id: '3EB0D2A9F1', to: '5511999998888:7@s.whatsapp.net', type: 'read', t: '1755800000' }),
      '00f8090708fb053eb0d2a9f111f70007ff875511999998888f042a1aff051755800000',
    ],
    [stanza('message', { to: '123456789012345:12@lid', id: '3EB0AB', type: 'text' }, hex('0a0b')), '00f8081311f7010cff88123456789012345f08fb033eb0ab0438fc020a0b'],
    [stanza('message', { to: '5511999998888:99@hosted' }), '00f8031311f78063ff875511999998888f'],
    [stanza('message', { to: '123456789012345:99@hosted.lid' }), '00f8031311f78163ff88123456789012345f'],
    [stanza('iq', { to: '120363021234567890@g.us' }), '00f8031911faff091203630212345678901c'],
    [stanza('message', { to: 'status@broadcast' }), '00f8031311fa0b0d'],
    [stanza('iq', { to: S }), '00f8031911fa0003'],
    [stanza('iq', { to: '867051314767696@bot' }), '00f8031911faff88867051314767696ffc03626f74'],
    [stanza('message', { from: new Jid('89012345678', 'msgr', 3) }), '00f8031306f6ff8689012345678f0003cc'],
    [stanza('test', { a: '' }), '00f803fc0474657374fc0161fc00'],
    [stanza('test', { n: 'Zoë ☕' }), '00f803fc0474657374fc016efc085a6fc3ab20e29895'],
    [stanza('test', {}, []), '00f802fc047465737400'],
    [stanza('iq', { to: 's.whatsapp.net', xmlns: 'passive', type: 'set', id: '12.34-6' }, [stanza('active')]), '00f80a19110316ec18045a08ff8412b34a6ff801f801ec01'],
    [stanza('iq', { to: '5511999998888@s.whatsapp.net' }), '00f8031911faff875511999998888f03'],
    [stanza('iq', { to: '120363012345678901@newsletter' }), '00f8031911faff09120363012345678901fc0a6e6577736c6574746572'],
    [
      stanza('iq', { from: S, type: 'set', id: '9876', xmlns: 'md' }, [stanza('pair-device', {}, [stanza('ref', {}, '2@AbCdEf')])]),
      '00f80a1906fa0003045a08ff02987616fc026d64f801f802edeef801f802ed50fc083240416243644566',
    ],
    [
      stanza('success', { t: '1755800000', props: '27', companion_enc_static: 'NULL', lid: '123456789012345:3@lid', location: 'frc', abprops: '5' }),
      '00f80d4c1aff0517558000005cee04ece6fc044e554c4c76f70103ff88123456789012345f3dfc036672634bec79',
    ],
    [stanza('stream:error', { code: '515' }), '00f8039d70ff82515f'],
    [stanza('stream:error', {}, [stanza('conflict', { type: 'replaced' })]), '00f8029df801f803ec0e04ec11'],
    [stanza('stream:error', { code: '401' }, [stanza('conflict', { type: 'device_removed' })]), '00f8049d708df801f803ec0e04fc0e6465766963655f72656d6f766564'],
    [stanza('failure', { reason: '402', code: '101', expire: '21600' }), '00f807ee3cec2eff82402f70ec36fc06657870697265ff8321600f'],
    [
      stanza('ib', { from: S }, [stanza('offline_preview', { count: 3, appdata: 0, message: 2, notification: 0, receipt: 1, call: 0 })]),
      '00f804fc02696206fa0003f801f80d4e41a2802d1345092d0755642d',
    ],
    [stanza('ib', { from: S }, [stanza('offline', { count: 3 })]), '00f804fc02696206fa0003f801f8031241a2'],
    [stanza('ib', { from: S }, [stanza('edge_routing', {}, [stanza('routing_info', {}, hex('080a'))])]), '00f804fc02696206fa0003f801f80228f801f80227fc02080a'],
    [stanza('ib', {}, [stanza('unified_session', { id: '324800123' })]), '00f802fc026962f801f803fc0f756e69666965645f73657373696f6e08ff85324800123f'],
    [
      stanza('iq', { id: '12.34-7', xmlns: 'urn:xmpp:whatsapp:dirty', type: 'set', to: S }, [stanza('clean', { type: 'account_sync', timestamp: '1755800000' })]),
      '00f80a1908ff8412b34a7f16ecb8045a11fa0003f801f805edf804ec6eec9aff051755800000',
    ],
    [stanza('ack', { class: 'notification', id: '1234567', to: S, type: 'server_sync' }), '00f8091b150908ff841234567f11fa000304eccb'],
    [stanza('iq', { to: S, type: 'result', id: 'abc' }), '00f8071911fa0003041408fc03616263'],
  ])('%#', (tree, expected) => {
    expect(toHex(encodeStanza(tree))).toBe(expected)
    expect(plainZero(nodeOfStanza(decodeStanza(hex(expected))))).toEqual(plainZero(nodeOfStanza(tree)))
  })

  it('counts 256 children in two bytes', () => {
    const encoded = encodeStanza(children(256))
    expect(encoded.length).toBe(775)
    expect(toHex(encoded.subarray(0, 10))).toBe('00f80271f90100f8013f')
    expect(toHex(sha256(encoded))).toBe('8142e2a41ebb77bef9c9f74c77ee4be32d0f26c0be3dfa061d69eb8302d33ea2')
  })

  it.each([
    [256, '00f8041d5145fd000100aa'],
    [2 ** 20 - 1, '00f8041d5145fd0fffffaa'],
    [2 ** 20, '00f8041d5145fe00100000aa'],
  ])('counts %i bytes of content', (length, head) => {
    const tree = stanza('enc', { v: '2' }, new Uint8Array(length).fill(0xaa))
    const encoded = encodeStanza(tree)
    expect(toHex(encoded.subarray(0, head.length / 2))).toBe(head)
    expect(toHex(sha256(decodeStanza(encoded).content as Uint8Array))).toBe(toHex(sha256(tree.content as Uint8Array)))
  })

  it.each([
    ['ff8412a34b5f', '12-34.5'],
    ['fb04deadbeef', 'DEADBEEF'],
    ['fc086465616462656566', 'deadbeef'],
    ['ff06ab0123456789', '-.0123456789'],
  ])('writes and reads %s', (wire, text) => {
    expect(decodeStanza(hex(`00f802fc0474657374${wire}`)).content).toEqual(utf8(text))
    expect(toHex(encodeStanza(stanza('test', { a: text })))).toBe(`00f803fc0474657374fc0161${wire}`)
  })

  it('reads the packed and compressed forms', () => {
    expect(nodeOfStanza(decodeStanza(hex('02789cfbc12529c82cf64682258ae37f8bd066affc1f8c3f18df3002005ca60890')))).toEqual(
      nodeOfStanza(decodeStanza(hex('00f80a19110316ec18045a08ff8412b34a6ff801f801ec01'))),
    )
    expect(decodeStanza(hex('00f802fc0474657374ff8412a34b5f')).content).toEqual(utf8('12-34.5'))
    expect(String(decodeStanza(hex('00f8031306f6ff8689012345678f0003fc046d736772')).attrs['from'])).toBe('89012345678:3@msgr')
    expect(String(decodeStanza(hex('00f8031306f5ff85112233445f00020001fc07696e7465726f70')).attrs['from'])).toBe('1-112233445:2@interop')
  })

  it.each([
    ['', 'empty_data'],
    ['00', 'unexpected_eof'],
    ['0000', 'invalid_node'],
    ['00f800', 'invalid_node'],
    ['00f80100', 'invalid_node'],
    ['00f8031308', 'unexpected_eof'],
    ['00f803130004', 'non_string_key'],
    ['00f80219ff01c0', 'invalid_nibble'],
    ['00f80219ff80', 'invalid_packed_length'],
    ['00f8031311f70201ff021234', 'invalid_domain_type'],
    ['00f80113ff', 'leftover_data'],
    ['00f801f0', 'invalid_token'],
    ['00f801fc02c328', 'invalid_utf8'],
    [`00${'f80219f801'.repeat(130)}f80119`, 'max_depth_exceeded'],
    ['00f80219f9ffff000000', 'invalid_node'],
    ['00f80219f9fffff80119', 'unexpected_eof'],
    ['02ff', 'zlib'],
  ])('%s is refused as %s', (wire, fault) => expect(faultOf(() => decodeStanza(hex(wire)))).toBe(fault))

  it('takes odd but honest forms', () => {
    expect(decodeStanza(hex('00f803130800')).attrs['id']).toBe('')
    expect(decodeStanza(hex('00f8021900')).content).toBeUndefined()
    expect(decodeStanza(hex('00f80219fb820a5f')).content).toEqual(utf8('0A5'))
    expect(String(decodeStanza(hex('00f8031311f78201ff021234')).attrs['to'])).toBe('1234:1@hosted')
    expect(decodeStanza(hex('02')).tag).toBe('xmlstreamend')
  })
})

describe('bounds', () => {
  it('refuses an inflate bomb without unpacking it', () => {
    const bomb = concat(Uint8Array.of(2), zlibSync(new Uint8Array(64 * 1024 * 1024), { level: 9 }))
    expect(faultOf(() => decodeStanza(bomb))).toBe('decompressed_too_large')
  })

  it('reads an inflated stanza whatever its size, ignores what follows it', () => {
    for (const size of [4000, 4085, 4090, 4096, 70_000, 200_000]) {
      const content = Uint8Array.from({ length: size }, (_, index) => (index * index * 31) >>> 7)
      const plain = encodeStanza(stanza('media', {}, content)).subarray(1)
      for (const level of [0, 1, 9] as const)
        expect(decodeStanza(concat(Uint8Array.of(2), zlibSync(plain, { level }), Uint8Array.of(1, 2, 3))).content).toEqual(content)
    }
  })

  it('does not choke on megabytes behind the end of a compressed stanza', () => {
    const compressed = zlibSync(encodeStanza(stanza('presence')).subarray(1))
    expect(decodeStanza(concat(Uint8Array.of(2), compressed, new Uint8Array(12 * 1024 * 1024))).tag).toBe('presence')
  })

  it('refuses every shortened compressed stanza', () => {
    const compressed = concat(Uint8Array.of(2), zlibSync(encodeStanza(stanza('presence', { name: 'Ana' })).subarray(1)))
    for (let length = 2; length < compressed.length; length += 1) expect(faultOf(() => decodeStanza(compressed.subarray(0, length)))).toBe('zlib')
  })

  it('keeps names apart that look alike', () => {
    // Same length, ends and middle: one place in the table of names for all of them.
    const names = ['kabcxdefk', 'kbacxdefk', 'kabcxfdek', 'kabcxdéfk', 'k']
    for (let turn = 0; turn < 3; turn += 1)
      for (const name of names) {
        const decoded = decodeStanza(encodeStanza({ tag: name, attrs: { [name]: name } }))
        expect([decoded.tag, ...Object.entries(decoded.attrs)]).toEqual([name, [name, name]])
      }
  })

  it('reads texts of every length back', () => {
    for (const character of ['7', 'F', 'x', 'é', '☕'])
      for (let length = 0; length <= 300; length += 1) {
        const text = character.repeat(length)
        expect(decodeStanza(encodeStanza(stanza('test', { text }))).attrs['text']).toBe(text)
      }
  })

  it('lets a client leave out the server of an interop address, where asked to', () => {
    const short = encodeStanza(stanza('iq', { to: '1-112233445:2@interop' }))
    const whole = concat(short, Uint8Array.of(0xfc, 7), utf8('interop'))
    expect(faultOf(() => decodeStanza(short))).toBe('unexpected_eof')
    for (const wire of [short, whole])
      expect(String(decodeStanza(wire, { isInteropServerOptional: true }).attrs['to'])).toBe('1-112233445:2@interop')
  })

  it('refuses a stanza nested 10,000 deep', () =>
    expect(faultOf(() => decodeStanza(hex(`00${'f80219f801'.repeat(10_000)}f80119`)))).toBe('max_depth_exceeded'))

  it('refuses a small frame that inflates to millions of nodes or attributes', () => {
    const many = (piece: Uint8Array, count: number): Uint8Array => concat(...Array.from({ length: count }, () => piece))
    const list = (size: number, children: Uint8Array): Uint8Array => concat(Uint8Array.of(0xf8, 2, 6, 0xf9, size >> 8, size & 0xff), children)
    const nodes = list(65_535, many(Uint8Array.of(0xf8, 1, 6), 65_535))
    const attributes = concat(Uint8Array.of(0xf9, 0xff, 0xff, 6), many(Uint8Array.of(7, 8), 32_767))
    for (const [piece, count] of [[nodes, 9], [attributes, 17]] as const) {
      const frame = concat(Uint8Array.of(2), zlibSync(list(count, many(piece, count))))
      expect(frame.length).toBeLessThan(5_000)
      expect(faultOf(() => decodeStanza(frame))).toBe('list_too_long')
    }
  })

  it('refuses lists and devices no form can hold', () => {
    expect(faultOf(() => encodeStanza(children(65_536)))).toBe('list_too_long')
    expect(faultOf(() => encodeStanza(stanza('iq', { to: new Jid('1', 'lid', 256) })))).toBe('invalid_jid')
  })

  it('leaves a foreign key alone', () => {
    const decoded = decodeStanza(encodeStanza({ tag: 'x', attrs: Object.defineProperty({}, '__proto__', { value: 'y', enumerable: true }) }))
    expect(Object.keys(decoded.attrs)).toEqual(['__proto__'])
    expect(decoded.attrs['constructor']).toBeUndefined()
  })

  it('reads back what it wrote', () => {
    const leaf = fastCheck.uint8Array({ maxLength: 300 })
    const { tree } = fastCheck.letrec((tie) => ({
      tree: fastCheck.record({
        tag: fastCheck.string({ minLength: 1, maxLength: 20 }),
        attrs: fastCheck.dictionary(fastCheck.string({ minLength: 1, maxLength: 10 }), fastCheck.string({ maxLength: 140 }).filter((text) => !text.includes('@'))),
        content: fastCheck.option(fastCheck.oneof({ maxDepth: 4 }, leaf, fastCheck.array(tie('tree'), { maxLength: 4 })), { nil: undefined }),
      }),
    }))
    fastCheck.assert(
      fastCheck.property(tree, (value) => {
        const original = value as ReturnType<typeof stanza>
        expect(nodeOfStanza(decodeStanza(encodeStanza(original)))).toEqual(nodeOfStanza(original))
      }),
    )
  })

  it('survives any bytes', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.uint8Array({ maxLength: 200 }), (bytes) => {
        faultOf(() => decodeStanza(concat(Uint8Array.of(0), bytes)))
      }),
      { numRuns: 1000 },
    ))
})
