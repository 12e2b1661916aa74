import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'
import protobuf from 'protobufjs'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { codecOf, unknownFields } from '../../lib/proto/codec.ts'
import { Conversation, HistorySync, Message, MessageKey } from '../../lib/proto/index.ts'
import { ADVDeviceIdentity, ADVKeyIndexList, ClientPayload, DeviceProps, HandshakeMessage } from '../../lib/proto/core.ts'
import { createTables } from '../../lib/proto/table.ts'
import { hex } from '../vectors.ts'

const folder = new URL('../../protos/', import.meta.url)
const root = new protobuf.Root()
root.resolvePath = (_, target) => fileURLToPath(new URL(target.split('/').pop()!, folder))
root.loadSync(readdirSync(folder).filter((name) => name.endsWith('.proto')), { keepCase: true }).resolveAll()
const schema = root.lookup('waproto') as protobuf.Namespace

const nestedIn = (object: protobuf.ReflectionObject): readonly protobuf.ReflectionObject[] => [
  object,
  ...(object instanceof protobuf.Namespace ? object.nestedArray.flatMap(nestedIn) : []),
]
const declared = schema.nestedArray.flatMap(nestedIn)

describe('the schema', () => {
  it('is the closure of the roots, and the overlay', () => {
    const types = declared.filter((object) => object instanceof protobuf.Type)
    // 575 types and 2,811 fields of the published schema; three types and seven fields of the overlay.
    expect(types.length).toBe(575 + 3)
    expect(declared.filter((object) => object instanceof protobuf.Enum).length).toBe(197)
    expect(types.reduce((sum, type) => sum + (type as protobuf.Type).fieldsArray.length, 0)).toBe(2811 + 8)
  })
})

describe('known answers', () => {
  it('handshake', () => {
    const wire = '12220a207b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13'
    expect(toHex(HandshakeMessage.decode(hex(wire)).clientHello!.ephemeral!)).toBe(wire.slice(8))
    expect(toHex(HandshakeMessage.encode(HandshakeMessage.decode(hex(wire))))).toBe(wire)
  })

  it('login payload: what is zero is still written', () =>
    expect(
      toHex(
        ClientPayload.encode({
          username: 5511999998888,
          device: 7,
          passive: false,
          pull: true,
          lc: 3,
          lidDbMigrated: false,
          userAgent: {
            platform: 14,
            appVersion: { primary: 2, secondary: 3000, tertiary: 1045368834 },
            mcc: '000',
            mnc: '000',
            osVersion: '0.1.0',
            manufacturer: '',
            device: 'Desktop',
            osBuildNumber: '0.1.0',
            releaseChannel: 0,
            localeLanguageIso6391: 'en',
            localeCountryIso31661Alpha2: 'US',
          },
          webInfo: { webSubPlatform: 0 },
          connectType: 1,
          connectReason: 1,
        }),
      ),
    ).toBe(
      '08a897b5e6b5a00118002a3c080e120b080210b8171882a0bcf2031a0330303022033030302a05302e312e3032003a074465736b746f704205302e312e3050005a02656e620255533202200060016801900107c00103880201c80200',
    ))

  it('device properties', () =>
    expect(
      toHex(
        DeviceProps.encode({
          os: 'rxwa',
          version: { primary: 0, secondary: 1, tertiary: 0 },
          platformType: 1,
          requireFullSync: false,
          historySyncConfig: {
            inlineInitialPayloadInE2EeMsg: true,
            supportCallLogHistory: true,
            supportBotUserAgentChatHistory: true,
            supportCagReactionsAndPolls: true,
            supportBizHostedMsg: true,
            supportRecentSyncChunkMessageCountTuning: true,
            supportHostedGroupMsg: true,
            supportFbidBotChatHistory: true,
            supportMessageAssociation: true,
            supportGroupHistory: true,
            supportManusHistory: true,
            supportHatchHistory: true,
          },
        }),
      ),
    ).toBe('0a047278776112060800100118001801' + '20002a1a2001300138014001480150015801600170017801a80101b00101'))

  it('device identities and lists', () => {
    expect(toHex(ADVDeviceIdentity.encode({ rawId: 12345, timestamp: 1755800000, keyIndex: 3 }))).toBe('08b96010c0c39dc5061803')
    expect(toHex(ADVKeyIndexList.encode({ rawId: 12345, timestamp: 1755800000, currentIndex: 3, validIndexes: [0, 1, 3] }))).toBe(
      '08b96010c0c39dc50618032203000103',
    )
    expect(ADVKeyIndexList.decode(hex('08b96010c0c39dc5061803200020012003')).validIndexes).toEqual([0, 1, 3])
  })

  it('a copy for our own device', () =>
    expect(
      toHex(
        Message.encode({
          messageContextInfo: { messageSecret: new Uint8Array(32).fill(0xab) },
          deviceSentMessage: { destinationJid: '222222222222222@lid', message: { conversation: 'hello' } },
        }),
      ),
    ).toBe(`fa011e0a13323232323232323232323232323232406c696412070a0568656c6c6f9a02221a20${'ab'.repeat(32)}`))

  it('keeps a false that was said', () =>
    expect(toHex(MessageKey.encode({ remoteJid: 'a', fromMe: false, id: 'b' }))).toBe('0a0161' + '1000' + '1a0162'))
})

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

  it('joins a message that comes in parts, takes the last of several values', () => {
    expect(Message.decode(hex('32030a0161' + '32031a0162')).extendedTextMessage).toMatchObject({ text: 'a' })
    expect(Message.decode(hex('0a0161' + '0a0162')).conversation).toBe('b')
  })

  it.each([
    ['cut', '0a05'],
    ['group', '0b0c'],
    ['length behind the end', '3205'],
    ['endless number', 'f8ffffffffffffffffffffff01'],
    ['nested too deep', nested(150)],
  ])('refuses what is %s with a typed error', (_, wire) =>
    expect(() => Message.decode(hex(wire))).toThrow(expect.objectContaining({ code: 'proto_malformed', type: 'Message' })))

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

  it('writes what the reference library writes', () => {
    const reference = schema.lookupType('Message')
    const text = fastCheck.string({ unit: 'grapheme', maxLength: 20 })
    const bytes = fastCheck.uint8Array({ maxLength: 20 })
    const message = fastCheck.record(
      {
        conversation: text,
        imageMessage: fastCheck.record({ url: text, fileLength: fastCheck.nat(), mediaKey: bytes, width: fastCheck.nat(), scanLengths: fastCheck.array(fastCheck.nat(), { maxLength: 3 }) }, { requiredKeys: [] }),
        extendedTextMessage: fastCheck.record({ text, backgroundArgb: fastCheck.nat(), contextInfo: fastCheck.record({ mentionedJid: fastCheck.array(text, { maxLength: 3 }), isForwarded: fastCheck.boolean() }, { requiredKeys: [] }) }, { requiredKeys: [] }),
      },
      { requiredKeys: [] },
    )
    fastCheck.assert(
      fastCheck.property(message, (value) => {
        const ours = Message.encode(value)
        expect(toHex(ours)).toBe(toHex(reference.encode(value).finish()))
        expect(reference.toObject(reference.decode(ours), { longs: Number, bytes: Uint8Array })).toMatchObject(Message.decode(ours))
      }),
    )
  })
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
