import { describe, expect, it } from '@jest/globals'

import { publicKeyOf, sha256, type KeyPair } from '#crypto'
import { concat, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { encodeFrame, introBytes, WIRE_HEADER } from '../../lib/connection/frame.ts'
import { verifyCertificateChain } from '../../lib/connection/noise-certificate.ts'
import { startHandshake, type HandshakeResult } from '../../lib/connection/noise-handshake.ts'
import { respond } from '../../lib/connection/noise-responder.ts'
import { createNoiseTransport } from '../../lib/connection/noise-transport.ts'
import { CertChain, HandshakeMessage } from '../../lib/proto/core.generated.ts'
import { hex } from '../vectors.ts'

const pairOf = (byte: number): KeyPair => {
  const privateKey = new Uint8Array(32).fill(byte)
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}
const ephemeral = pairOf(0x11)
const noise = pairOf(0x22)
const server = { prologue: WIRE_HEADER, ephemeral: pairOf(0x33), serverStatic: pairOf(0x44), certificateChain: utf8('cert') }

/** Both halves against each other; `knownServerKey` makes it a resume. */
const shakeHands = (knownServerKey?: Uint8Array) => {
  const seen: string[] = []
  const client = startHandshake({
    prologue: WIRE_HEADER,
    noise,
    ephemeral,
    payload: utf8('payload'),
    ...(knownServerKey && { knownServerKey }),
    verifyCertificate: (chain, key) => seen.push(new TextDecoder().decode(chain), toHex(key)),
  })
  const response = respond(client.hello, server)
  const result: HandshakeResult = client.answer(response.hello)
  const theirs = response.kind === 'done' ? response.result : response.finish(result.finish!)
  expect(theirs.keys).toEqual(result.keys)
  expect(toHex(theirs.payload)).toBe(toHex(utf8('payload')))
  return {
    seen,
    result,
    hello: HandshakeMessage.decode(client.hello).clientHello!,
    serverHello: HandshakeMessage.decode(response.hello).serverHello!,
    finish: result.finish && HandshakeMessage.decode(result.finish).clientFinish!,
  }
}
const shown = (bytes: Uint8Array | undefined): string | undefined => bytes && toHex(bytes)

describe('known answers of the handshakes', () => {
  it('keys', () =>
    expect([0x11, 0x22, 0x33, 0x44, 0x55, 0x66].map((byte) => toHex(pairOf(byte).publicKey).slice(0, 8))).toEqual([
      '7b4e909b',
      '0faa684e',
      '7b0d47d9',
      'ff2ee456',
      '38ab664b',
      '219e4d80',
    ]))

  it('XX', () => {
    const { result, serverHello, finish, seen } = shakeHands()
    expect(seen).toEqual(['cert', toHex(server.serverStatic.publicKey)])
    expect([shown(serverHello.static), shown(serverHello.payload)]).toEqual([
      '76c390387466635d58f0323bdcbe69099601a1a274074852c87a5a56adbc2200326ad89abf7d0428235760e33dfb7358',
      '4198e7f434e3479b9ecb31c52288329abbfe7a08',
    ])
    expect([shown(finish?.static), shown(finish?.payload)]).toEqual([
      'b9cb19690dfcfb9a42e033388870388167c822982ffe1d4ef4c15a4d3e5d9d414a26a2963509b6a27122d42e77bcb230',
      '30057c7a804bf70e5dcd47da528d95bc11f00b8b90248e',
    ])
    expect([toHex(result.keys.initiator), toHex(result.keys.responder)]).toEqual([
      'eb2fe0bed643c43335b1354ec654dc80e37916a5b95f315e54435ddd476ef060',
      'f6363bb26e6e9cb20ac77b14b6ec4ee9c92f3f1d9d1397468bb4ea23bed9d1d8',
    ])
    const { seal } = createNoiseTransport(result.keys.initiator, result.keys.responder)
    expect(toHex(seal(hex('00f80102')))).toBe('0000141b608fdcaba0bb6bfc1285525a6f32422c362fe6')
  })

  it('IK', () => {
    const { result, hello, serverHello, finish } = shakeHands(server.serverStatic.publicKey)
    expect(result.pattern).toBe('IK')
    expect(finish).toBeUndefined()
    expect([shown(hello.static), shown(hello.payload), shown(serverHello.payload)]).toEqual([
      'f8fb23d0bdc4256cec5aa162b2c205a63d8860b4d8f0e944a0a74a62dbbbfff2e02726c3db18e0d3dc1fcb179e7684f9',
      'd350ec2e49d7c0300693c61a1fff97b719aa9ddf986d65',
      'd538729bc328ed5bab59c6c4eaa0ff8f711c9921',
    ])
    expect([toHex(result.keys.initiator), toHex(result.keys.responder)]).toEqual([
      '4505bca89840e8353c7a507f67df28b4c37d8f0aa0648691aebe1a1db0fe49ca',
      '517eeb56b31270157a3f12a996f575481ecf63d4f4a4176fe8293184b056145b',
    ])
  })

  it('XXfallback, after a resume with a key the server has given up', () => {
    const { result, serverHello } = shakeHands(pairOf(0x77).publicKey)
    expect(result.pattern).toBe('XXfallback')
    expect(shown(serverHello.static)).toBe('2f361e8fe5de68ba4e4182e23912d12654352f4b4067731143a74fa919fded02781dd8e623354e4362bdbb4254c6f400')
    expect([toHex(result.keys.initiator), toHex(result.keys.responder)]).toEqual([
      '5c5562e36c4236a6f28a6a145763e97bb4fff55cbf9a29718cd3f6cbc17a0f43',
      '8a7a23d4cb5374e872eb0b4f4417b4abc0b143fd26a86fd1ac1840f01c88e83e',
    ])
  })

  it.each([
    [undefined, '57410603', '000024'],
    ['0a0b0c', '45440001000003', '0a0b0c57410603000024'],
  ])('first bytes with routing information %s', (routing, ...parts) => {
    const { hello } = startHandshake({ prologue: WIRE_HEADER, noise, ephemeral, payload: utf8(''), verifyCertificate: () => undefined })
    const wire = concat(introBytes(routing === undefined ? undefined : hex(routing)), encodeFrame(hello))
    expect(toHex(wire)).toBe(`${parts.join('')}12220a20${toHex(ephemeral.publicKey)}`)
  })

  it('certificate chain', () => {
    const chain = CertChain.encode({
      leaf: {
        details: hex('080210011a20ff2ee45601ec1b67310c7790404585ae697331eee1c1f8cf2419731c1fff3e6b2080e2cfaa062880a8d6b907'),
        signature: hex('e77b85afec0fb3dbefcd554b032cebd2cccd0c268f003c493bbd568b59115fdeb687b581ddb391e4e0b3e3f3186577b09c08bed8bcac1665e8c792ad3491458f'),
      },
      intermediate: {
        details: hex('080110001a20219e4d800da968d2a5fcb009c784f4746c7138edb9ee4844b739e830b05cf4242080e2cfaa062880a8d6b907'),
        signature: hex('d7f66b6b256e24e84667d7f052deaedac6afb8b25ecbaf139f7404a3b78e28be22b3b97f86a912cd31fe504a296b6b8176b9960bd3add6fc60e0dc4e4b52a804'),
      },
    })
    expect(toHex(sha256(chain))).toBe('3bece66456e93ece3b8504c797ade1b98e071471863a4b2909989b38685e64eb')
    const check = (bytes: Uint8Array) => () =>
      verifyCertificateChain(bytes, {
        serverKey: server.serverStatic.publicKey,
        root: { publicKey: pairOf(0x55).publicKey, serial: 0 },
        now: new Date(1_800_000_000_000),
      })
    expect(check(chain)).not.toThrow()
    for (let index = 0; index < chain.length; index += 1) {
      const damaged = chain.slice()
      damaged[index]! ^= 1
      expect(check(damaged)).toThrow(expect.objectContaining({ code: 'certificate_rejected' }))
    }
  })
})
