import { describe, expect, it } from '@jest/globals'

import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { createFrameDecoder, encodeFrame, introBytes } from '../../lib/connection/frame.ts'
import { verifyCertificateChain, type TrustedRoot } from '../../lib/connection/noise-certificate.ts'
import { startHandshake } from '../../lib/connection/noise-handshake.ts'
import { respond } from '../../lib/connection/noise-responder.ts'
import { createNoiseTransport } from '../../lib/connection/noise-transport.ts'
import { hex, vectorCases } from '../vectors.ts'

interface HandshakeCase {
  readonly pattern: 'XX' | 'IK' | 'XXfallback'
  readonly prologue: string
  readonly routingInfo?: string | null
  readonly keys: Readonly<Record<string, string>>
  readonly clientPayload: string
  readonly certificateChain: string
  readonly clientHelloWire: string
  readonly serverHelloWire: string
  readonly clientFinishWire?: string
  readonly clientWriteKey: string
  readonly clientReadKey: string
  readonly clientFrames: readonly { readonly plain?: string; readonly stanza?: string; readonly wire: string }[]
  readonly serverFrames: readonly { readonly plain?: string; readonly stanza?: string; readonly wire: string }[]
  readonly serverChunks: readonly string[]
}

const pair = (keys: Readonly<Record<string, string>>, name: string) => ({
  privateKey: hex(keys[`${name}Private`]!),
  publicKey: hex(keys[`${name}Public`]!),
})
const rootOf = (keys: Readonly<Record<string, string>>): TrustedRoot => ({ publicKey: hex(keys['rootPublic']!), serial: Number(keys['rootSerial']) })
const now = new Date('2026-01-01')
const body = (wire: string): Uint8Array => hex(wire).subarray(3)

const clientOf = ({ pattern, prologue, keys, clientPayload }: Pick<HandshakeCase, 'pattern' | 'prologue' | 'keys' | 'clientPayload'>) =>
  startHandshake({
    prologue: hex(prologue),
    noise: pair(keys, 'clientStatic'),
    ephemeral: pair(keys, 'clientEphemeral'),
    payload: hex(clientPayload),
    ...(pattern !== 'XX' && { knownServerKey: hex(keys['staleServerStaticPublic'] ?? keys['serverStaticPublic']!) }),
    verifyCertificate: (chain, serverKey) => verifyCertificateChain(chain, { serverKey, root: rootOf(keys), now }),
  })

describe('handshakes', () => {
  it.each(vectorCases<HandshakeCase>('noise', 'handshake'))('$id: the client', (vector) => {
    const { hello, answer } = clientOf(vector)
    const routing = vector.routingInfo ? hex(vector.routingInfo) : undefined
    expect(toHex(concat(introBytes(routing), encodeFrame(hello)))).toBe(vector.clientHelloWire)
    const { pattern, finish, keys } = answer(body(vector.serverHelloWire))
    expect(pattern).toBe(vector.pattern)
    expect(finish && toHex(encodeFrame(finish))).toBe(vector.clientFinishWire)
    expect([toHex(keys.initiator), toHex(keys.responder)]).toEqual([vector.clientWriteKey, vector.clientReadKey])

    const transport = createNoiseTransport(keys.initiator, keys.responder)
    for (const { plain, stanza, wire } of vector.clientFrames) expect(toHex(transport.seal(hex((plain ?? stanza)!)))).toBe(wire)
    const decoder = createFrameDecoder()
    for (const { plain, stanza, wire } of vector.serverFrames)
      expect(decoder.push(hex(wire)).map((frame) => toHex(transport.open(frame)))).toEqual([plain ?? stanza])
  })

  it.each(vectorCases<HandshakeCase>('noise', 'handshake'))('$id: frames come out of any chunks', ({ serverChunks, serverFrames }) => {
    const decoder = createFrameDecoder()
    const frames = serverChunks.flatMap((chunk) => decoder.push(hex(chunk)).map((frame) => toHex(encodeFrame(frame))))
    expect(frames).toEqual(serverFrames.map(({ wire }) => wire))
  })

  it.each(vectorCases<HandshakeCase>('noise', 'handshake'))('$id: the server', ({ keys, prologue, certificateChain, clientPayload, ...vector }) => {
    const hello = hex(vector.clientHelloWire)
    const start = hello.length - encodeFrame(clientOf({ keys, prologue, clientPayload, pattern: vector.pattern }).hello).length
    const response = respond(hello.subarray(start + 3), {
      prologue: hex(prologue),
      serverStatic: pair(keys, 'serverStatic'),
      ephemeral: pair(keys, 'serverEphemeral'),
      certificateChain: hex(certificateChain),
    })
    expect(toHex(encodeFrame(response.hello))).toBe(vector.serverHelloWire)
    const result = response.kind === 'done' ? response.result : response.finish(body(vector.clientFinishWire!))
    expect(toHex(result.clientStatic)).toBe(keys['clientStaticPublic'])
    expect(toHex(result.payload)).toBe(clientPayload)
    expect(toHex(result.keys.initiator)).toBe(vector.clientWriteKey)
  })

  it.each(vectorCases<{ basedOn: HandshakeCase; pattern: HandshakeCase['pattern']; serverHelloWire: string }>('noise', 'damaged-handshake'))(
    '$id is refused',
    ({ basedOn, pattern, serverHelloWire }) =>
      expect(() => clientOf({ ...basedOn, pattern }).answer(body(serverHelloWire))).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/noise_failed|certificate_rejected/) }),
      ),
  )

  it.each(vectorCases<{ readKey: string; wire: string }>('noise', 'damaged-frame'))('$id is refused', ({ readKey, wire }) =>
    expect(() => createNoiseTransport(new Uint8Array(32), hex(readKey)).open(body(wire))).toThrow(
      expect.objectContaining({ code: 'noise_failed', fault: 'authentication_failed' }),
    ))
})

describe('transport', () => {
  const keys = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const

  it('ends where the counter ends', () => {
    const last = createNoiseTransport(...keys, 0xffffffff)
    const reader = createNoiseTransport(keys[1], keys[0], 0xffffffff)
    const frame = last.seal(Uint8Array.of(7))
    expect(reader.open(frame.subarray(3))).toEqual(Uint8Array.of(7))
    const exhausted = expect.objectContaining({ code: 'noise_failed', fault: 'counter_exhausted' })
    expect(() => last.seal(Uint8Array.of(7))).toThrow(exhausted)
    expect(() => reader.open(frame.subarray(3))).toThrow(exhausted)
  })

  it('does not spend a counter on a frame that is too large', () => {
    const [writer, reader] = [createNoiseTransport(...keys), createNoiseTransport(keys[1], keys[0])]
    expect(() => writer.seal(new Uint8Array(2 ** 24 - 16))).toThrow(expect.objectContaining({ code: 'frame_too_large' }))
    expect(reader.open(writer.seal(Uint8Array.of(1)).subarray(3))).toEqual(Uint8Array.of(1))
  })

  it('leaves frames that were handed out alone', () => {
    const [writer, reader] = [createNoiseTransport(...keys), createNoiseTransport(keys[1], keys[0])]
    const plain = Array.from({ length: 200 }, (_, index) => new Uint8Array((index * 97) % 4000).fill(index))
    const frames = plain.map((bytes) => writer.seal(bytes))
    expect(frames.map((frame) => toHex(reader.open(createFrameDecoder().push(frame)[0]!)))).toEqual(plain.map(toHex))
  })

  it('refuses frames out of order and frames without a tag', () => {
    const writer = createNoiseTransport(...keys)
    const [, second] = [writer.seal(Uint8Array.of(1)), writer.seal(Uint8Array.of(2))]
    const failed = expect.objectContaining({ fault: 'authentication_failed' })
    expect(() => createNoiseTransport(keys[1], keys[0]).open(second.subarray(3))).toThrow(failed)
    expect(() => createNoiseTransport(keys[1], keys[0]).open(new Uint8Array(0))).toThrow(failed)
  })
})

interface CertificateCase {
  readonly rootPublic: string
  readonly rootSerial: number
  readonly serverStatic: string
  readonly chain: string
  readonly valid: boolean
}

describe('certificates', () => {
  const check = ({ rootPublic, rootSerial, serverStatic, chain }: CertificateCase, at: Date) => () =>
    verifyCertificateChain(hex(chain), { serverKey: hex(serverStatic), root: { publicKey: hex(rootPublic), serial: rootSerial }, now: at })

  it.each(vectorCases<CertificateCase>('noise', 'certificate'))('$id: $why', (vector) => {
    if (vector.valid) expect(check(vector, now)).not.toThrow()
    else expect(check(vector, now)).toThrow(expect.objectContaining({ code: 'certificate_rejected' }))
  })

  const handshake = vectorCases<HandshakeCase>('noise', 'handshake')[0]!
  const good: CertificateCase = {
    rootPublic: handshake.keys['rootPublic']!,
    rootSerial: 0,
    serverStatic: handshake.keys['serverStaticPublic']!,
    chain: handshake.certificateChain,
    valid: true,
  }

  it.each([
    ['2023-11-13T22:13:19Z', 'outside_validity'],
    ['2023-11-13T22:13:21Z', undefined],
    ['2033-05-19T03:33:19Z', undefined],
    ['2033-05-19T03:33:21Z', 'outside_validity'],
  ])('at %s: %s', (at, fault) => {
    if (fault) expect(check(good, new Date(at))).toThrow(expect.objectContaining({ fault, message: expect.stringContaining('clock') }))
    else expect(check(good, new Date(at))).not.toThrow()
  })

  it('refuses another root', () =>
    expect(check({ ...good, rootPublic: good.serverStatic }, now)).toThrow(expect.objectContaining({ fault: 'bad_signature', certificate: 'intermediate' })))
})
