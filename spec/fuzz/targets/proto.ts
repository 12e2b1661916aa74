import { concat } from '../../../lib/bytes/bytes.ts'
import { ProtoMalformed } from '../../../lib/errors/proto-error.ts'
import type { ProtoCodec } from '../../../lib/proto/codec.ts'
import { Message } from '../../../lib/proto/content.generated.ts'
import * as core from '../../../lib/proto/core.generated.ts'
import { accepted, requireEqual, type Target } from '../target.ts'

const isCodec = (value: unknown): value is ProtoCodec<object> => typeof value === 'object' && value !== null && 'decode' in value

/** A number where each field may be one, and a byte string for each. */
const everyField = (highest: number): Uint8Array => {
  const parts: Uint8Array[] = []
  for (let field = 1; field <= highest; field += 1)
    for (const [wireType, value] of [[0, [1]], [2, [2, 8, 1]]] as const) {
      const tag = (field << 3) | wireType
      parts.push(Uint8Array.from(tag < 128 ? [tag, ...value] : [(tag & 127) | 128, tag >> 7, ...value]))
    }
  return concat(...parts)
}

const roundTrip = (codec: ProtoCodec<object>, input: Uint8Array): void => {
  const message = accepted([ProtoMalformed], () => codec.decode(input))
  if (!message) return
  // An empty packed list is as good as none, so bytes are compared.
  const bytes = codec.encode(message)
  requireEqual(codec.encode(codec.decode(bytes)), bytes, codec.type)
}

const targetOf = (name: string, codecs: readonly ProtoCodec<object>[], seeds: readonly Uint8Array[]): Target => ({
  name: `proto-${name}`,
  // The first byte chooses the type where there are several.
  seeds: () => (codecs.length === 1 ? seeds : codecs.flatMap((_, index) => seeds.map((seed) => concat(Uint8Array.of(index), seed)))),
  feed: (input) => {
    if (codecs.length === 1) roundTrip(codecs[0]!, input)
    else roundTrip(codecs[(input[0] ?? 0) % codecs.length]!, input.subarray(1))
  },
})

const key = new Uint8Array(32).fill(7)
const all = Object.values(core).filter(isCodec)
const starting = (prefix: string): readonly ProtoCodec<object>[] => all.filter(({ type }) => type.startsWith(prefix))

const message = Message.encode({
  conversation: 'hello',
  extendedTextMessage: { text: 'quoted', contextInfo: { stanzaId: 'ID', participant: '90010001@lid', quotedMessage: { conversation: 'before' }, expiration: 86_400, mentionedJid: ['a', 'b'] } },
  deviceSentMessage: { destinationJid: '90010002@lid', message: { conversation: 'inner' }, phash: '2:x' },
  messageContextInfo: { messageSecret: key, deviceListMetadata: { senderKeyIndexes: [1, 300, 70_000], senderTimestamp: 1_700_000_000 }, deviceListMetadataVersion: 2 },
  imageMessage: { url: 'https://', fileLength: 12n ** 17n, mediaKey: key, jpegThumbnail: new Uint8Array(8) },
})

export const protoTargets: readonly Target[] = [
  targetOf('message', [Message as ProtoCodec<object>], [message, everyField(120)]),
  targetOf('handshake', [core.HandshakeMessage as ProtoCodec<object>], [
    core.HandshakeMessage.encode({ serverHello: { ephemeral: key, static: key, payload: key } }),
    core.HandshakeMessage.encode({ clientHello: { ephemeral: key, useExtended: true, pqMode: 1 } }),
    everyField(6),
  ]),
  targetOf('certificates', starting('CertChain').concat(starting('NoiseCertificate')), [core.CertChain.encode({ leaf: { details: key, signature: key }, intermediate: { details: key, signature: key } }), everyField(6)]),
  targetOf('adv', starting('ADV'), [core.ADVKeyIndexList.encode({ rawId: 1, timestamp: 2, validIndexes: [1, 2, 3] }), everyField(6)]),
  targetOf('client-payload', starting('ClientPayload'), [
    core.ClientPayload.encode({ username: 15_550_100_001, passive: true, userAgent: { appVersion: { primary: 2 }, mcc: '000' }, sessionId: -5, shards: [1, -1], pairedPeripherals: ['x'] }),
    everyField(48),
  ]),
  targetOf('others', all, [everyField(26)]),
]
