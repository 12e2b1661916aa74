import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { codecOf, unknownFields } from '../../lib/proto/codec.ts'
import { Conversation, HistorySync, Message, MessageKey, SyncActionValue } from '../../lib/proto/index.ts'
import { createTables } from '../../lib/proto/table.ts'
import { hex } from '../vectors.ts'

describe('semantics', () => {
  it('keeps what it does not know, at every level and byte for byte', () => {
    const foreign = hex('ba3e03616263')
    const inner = concat(Message.encode({ conversation: 'x' }), foreign)
    const context = concat(hex('0a0151'), foreign)
    const extended = concat(hex('0a0178'), hex('8a01'), Uint8Array.of(context.length), context)
    const wire = concat(hex('32'), Uint8Array.of(extended.length), extended, foreign)
    expect(toHex(Message.encode(Message.decode(wire)))).toBe(toHex(wire))
    expect(Message.decode(inner)).toEqual({ conversation: 'x', [unknownFields]: [foreign] })
  })

  it('reads a message without what used to be required', () => expect(HistorySync.decode(new Uint8Array(0))).toEqual({}))

  it('keeps 64 bits exact', () => {
    for (const value of [0, 1, -1, 2 ** 53 - 1, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n] as const) {
      const table = createTables('T|1 a I|2 b S|3 c Z')
      const codec = codecOf<{ a: number | bigint; b: number | bigint; c: number | bigint }>('T', table)
      const { a, b, c } = codec.decode(codec.encode({ a: value, b: value, c: value }))
      expect([a, b, c].map(BigInt)).toEqual([BigInt(value), BigInt(value), BigInt(value)])
    }
    expect(Conversation.decode(Conversation.encode({ id: 'c', muteEndTime: 2 ** 40 })).muteEndTime).toBe(2 ** 40)
  })

  it('takes the last of several values', () => expect(Message.decode(hex('0a0161' + '0a0162')).conversation).toBe('b'))

  it('joins a message that comes in parts, at every depth', () => {
    const foreign = hex('ba3e03616263')
    const first = { text: 'a', contextInfo: { stanzaId: 'Q', mentionedJid: ['x'], isForwarded: true }, [unknownFields]: [foreign] }
    const second = { matchedText: 'b', contextInfo: { mentionedJid: ['y'], isForwarded: false }, [unknownFields]: [foreign] }
    const wire = concat(Message.encode({ extendedTextMessage: first }), Message.encode({ extendedTextMessage: second }))
    expect(Message.decode(wire)).toEqual({
      extendedTextMessage: {
        text: 'a',
        matchedText: 'b',
        contextInfo: { stanzaId: 'Q', mentionedJid: ['x', 'y'], isForwarded: false },
        [unknownFields]: [foreign, foreign],
      },
    })
  })

  it('tells absent from zero', () => {
    const zeros = { remoteJid: '', fromMe: false }
    expect(toHex(MessageKey.encode(zeros))).toBe('0a00' + '1000')
    expect(MessageKey.decode(hex('0a001000'))).toEqual(zeros)
    expect('id' in MessageKey.decode(hex('0a001000'))).toBe(false)
    expect(toHex(MessageKey.encode({ id: 'b', remoteJid: undefined } as unknown as MessageKey))).toBe('1a0162')
  })

  it('keeps numbers an enum does not name', () => {
    const wire = hex('6203' + '10cf0f')
    expect(Message.decode(wire).protocolMessage).toEqual({ type: 1999 })
    expect(toHex(Message.encode(Message.decode(wire)))).toBe(toHex(wire))
    const negative = hex('620b' + '10ffffffffffffffffff01')
    expect(Message.decode(negative).protocolMessage).toEqual({ type: -1 })
    expect(toHex(Message.encode(Message.decode(negative)))).toBe(toHex(negative))
  })

  it('takes a known number in a foreign wire form for an unknown field', () => {
    const wire = hex('0805')
    expect(Message.decode(wire)).toEqual({ [unknownFields]: [wire] })
    expect(toHex(Message.encode(Message.decode(wire)))).toBe(toHex(wire))
  })

  it('reads maps, also with a half missing or a key of ill repute', () => {
    const codec = codecOf<{ readonly map?: Readonly<Record<string, number | bigint>> }>('T', createTables('T|1 map %tI'))
    expect(codec.decode(hex('0a050a01611001' + '0a030a0162' + '0a021003'))).toEqual({ map: { a: 1, b: 0, '': 3 } })
    const map = codec.decode(hex('0a0d' + '0a095f5f70726f746f5f5f' + '1001')).map!
    expect(Object.getPrototypeOf(map)).toBe(Object.prototype)
    expect(Object.entries(map)).toEqual([['__proto__', 1]])
    expect(toHex(codec.encode({ map }))).toBe('0a0d' + '0a095f5f70726f746f5f5f' + '1001')
    expect(SyncActionValue.decode(SyncActionValue.encode({ musicUserIdAction: { music_user_id_map: { a: 'b' } } }))).toEqual({
      musicUserIdAction: { music_user_id_map: { a: 'b' } },
    })
  })

  it('gives views of the input', () => {
    const wire = hex('1a021234' + '0a0161')
    const { senderKeyDistributionMessage } = Message.decode(hex('1204' + '12020102'))
    expect(senderKeyDistributionMessage).toEqual({ axolotlSenderKeyDistributionMessage: Uint8Array.of(1, 2) })
    const codec = codecOf<{ readonly bytes?: Uint8Array }>('T', createTables('T|3 bytes B'))
    expect(codec.decode(wire).bytes!.buffer).toBe(wire.buffer)
  })

  it('reads text that is no UTF-8 with replacement characters', () => {
    expect(Message.decode(hex('0a02c328')).conversation).toBe('\ufffd(')
    expect(Message.decode(hex('0a01e2')).conversation).toBe('\ufffd')
    expect(Message.decode(hex('0a03efbbbf')).conversation).toBe('\ufeff')
  })

  it.each([
    ['cut', '0a05'],
    ['cut in its tag', '80'],
    ['cut in a number', '620210ff'],
    ['cut in eight bytes', '0901020304'],
    ['a group', '0b0c'],
    ['a group of a foreign number', 'bb3ebc3e'],
    ['the end of a group', '0c'],
    ['of wire type 6', '0e'],
    ['of wire type 7', '0f'],
    ['a field with the number 0', '0001'],
    ['a tag of more than 32 bits', 'ffffffff7f00'],
    ['longer than its parent', '32020a0161'],
    ['a packed list that crosses its end', '1a06b20102018001'],
    ['length behind the end', '3205'],
    ['endless number', 'f8ffffffffffffffffffffff01'],
    ['nested too deep', nested(150)],
  ])('refuses what is %s with a typed error', (_, wire) =>
    expect(() => Message.decode(hex(wire))).toThrow(expect.objectContaining({ code: 'proto_malformed', type: 'Message' })))

  it.each([
    ['a number for text', { conversation: 5 }],
    ['text for bytes', { imageMessage: { mediaKey: 'AAAA' } }],
    ['text for a number', { imageMessage: { width: '5' } }],
    ['a fraction of a 64-bit number', { imageMessage: { fileLength: 1.5 } }],
    ['text for a message', { imageMessage: 'x' }],
    ['one value for a list', { imageMessage: { scanLengths: 5 } }],
    ['a number for a boolean', { imageMessage: { viewOnce: 1 } }],
  ])('refuses to write %s with a typed error', (_, message) =>
    expect(() => Message.encode(message as unknown as Message)).toThrow(expect.objectContaining({ code: 'proto_malformed', type: 'Message' })))

  it('refuses to write a message in itself', () => {
    const message: { ephemeralMessage?: { message?: Message } } = {}
    message.ephemeralMessage = { message }
    expect(() => Message.encode(message)).toThrow(expect.objectContaining({ code: 'proto_malformed' }))
  })

  it('writes what it reads, up to the deepest nesting', () => {
    const wire = hex(nested(50))
    expect(toHex(Message.encode(Message.decode(wire)))).toBe(toHex(wire))
    expect(() => Message.decode(hex(nested(51)))).toThrow(expect.objectContaining({ code: 'proto_malformed' }))
  })

  it('survives any bytes', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          Message.decode(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'proto_malformed' })
        }
      }),
      { numRuns: 2000 },
    ))
})

/** An `ephemeralMessage` in an `ephemeralMessage`, and so on. */
function nested(depth: number): string {
  let wire = new Uint8Array(0)
  const wrap = (tag: readonly number[], body: Uint8Array): Uint8Array<ArrayBuffer> => {
    const length = body.length < 128 ? [body.length] : [(body.length & 0x7f) | 0x80, body.length >> 7]
    return Uint8Array.from([...tag, ...length, ...body])
  }
  for (let level = 0; level < depth; level += 1) wire = wrap([0xc2, 0x02], wrap([0x0a], wire))
  return toHex(wire)
}
