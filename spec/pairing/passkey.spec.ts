import { describe, expect, it } from '@jest/globals'

import { aeadOf, publicKeyOf, randomBytes, sha256 } from '#crypto'
import { concat, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import {
  decodePrimaryEphemeral,
  decodePrologue,
  encodePrimaryEphemeral,
  encodePrologue,
  handoffKeyOf,
  handoffProof,
  openPairingRequest,
  pairingRequestKey,
  sealPairingRequest,
  verificationCode,
} from '../../lib/pairing/passkey.ts'
import { passkeyAnswer, checkedPasskeyAnswer, readPasskeyOptions } from '../../lib/pairing/passkey-json.ts'
import { displayCode } from '../../lib/pairing/pairing-code.ts'
import { EncryptedPairingRequest, PairingRequest, PrimaryEphemeralIdentity, ProloguePayload } from '../../lib/proto/core.generated.ts'
import { hex, vectorCases } from '../vectors.ts'

interface PasskeyCase {
  readonly ref: string
  readonly deviceType: number
  readonly companionEphemeralPrivate: string
  readonly primaryEphemeralPrivate: string
  readonly primaryEphemeralPublic: string
  readonly companionNonce: string
  readonly primaryNonce: string
  readonly companionEphemeralIdentity: string
  readonly commitment: string
  readonly verificationCode: string
  readonly encryptionKey: string
}

const repeated = (byte: number): Uint8Array => new Uint8Array(32).fill(byte)
const malformed = expect.objectContaining({ code: 'passkey_failed', fault: 'malformed' })

describe('linking by passkey on vectors', () => {
  it.each(vectorCases<PasskeyCase>('pairing', 'passkey-pairing'))('$id', (vector) => {
    const { ref, deviceType } = vector
    const nonce = hex(vector.companionNonce)
    const publicKey = publicKeyOf(hex(vector.companionEphemeralPrivate))
    const prologue = encodePrologue({ publicKey, deviceType, ref }, nonce)
    const { companionEphemeralIdentity, commitment } = ProloguePayload.decode(prologue)
    expect(toHex(companionEphemeralIdentity!)).toBe(vector.companionEphemeralIdentity)
    expect(toHex(commitment!.hash!)).toBe(vector.commitment)

    const read = decodePrologue(prologue)
    expect(read).toMatchObject({ publicKey, deviceType, ref })
    expect([read.isKeptBy(nonce), read.isKeptBy(repeated(1))]).toEqual([true, false])

    const primary = { publicKey: hex(vector.primaryEphemeralPublic), nonce: hex(vector.primaryNonce) }
    expect(decodePrimaryEphemeral(encodePrimaryEphemeral(primary))).toEqual(primary)
    expect(verificationCode(nonce, primary)).toBe(vector.verificationCode)

    const key = pairingRequestKey(hex(vector.companionEphemeralPrivate), primary.publicKey, { deviceType, ref })
    expect(toHex(key)).toBe(vector.encryptionKey)
    expect(pairingRequestKey(hex(vector.primaryEphemeralPrivate), publicKey, { deviceType, ref })).toEqual(key)
  })

  // Protocol document 03, section 8.
  it('gives the known answers of the document', () => {
    const ephemeral = { publicKey: publicKeyOf(repeated(0x11)), deviceType: 1, ref: 'REF123' }
    const prologue = encodePrologue(ephemeral, repeated(1))
    expect(toHex(prologue)).toBe(
      '0a2c0a207b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f1310011a0652454631323312220a20c525fd0d42cdf187ba8d2d2f151eacd82626a7a8e6573bf9dbee9690d95f730b',
    )
    const primary = { publicKey: publicKeyOf(repeated(0x33)), nonce: repeated(3) }
    expect(displayCode(verificationCode(repeated(1), primary))).toBe('PKJR-ZEYY')
    expect(toHex(pairingRequestKey(repeated(0x11), primary.publicKey, ephemeral))).toBe('5c9a698b0e7881585b1ef2ca6849719b0d3670b934f0d1b76f0e42d95179488b')
    const handoff = handoffKeyOf(repeated(0x88))
    expect(toHex(handoff)).toBe('d39e65970e972c9309ed543962faf0ad8c868a4448e5d1ae2e591d5f7915a20a')
    expect(toHex(handoffProof(handoff, prologue))).toBe('6d81de8e6004799ba32bf39b1993108a329cc23711128693541eb42b3c1fa52f')
  })
})

describe('the pairing request', () => {
  const key = randomBytes(32)
  const secrets = { noise: repeated(1), identity: repeated(2), advSecret: repeated(3) }

  it('comes out as it went in, and only whole', () => {
    const sealed = sealPairingRequest(key, secrets)
    expect(openPairingRequest(key, sealed)).toEqual(secrets)
    const damaged = sealed.slice()
    damaged[10]! ^= 1
    expect(() => openPairingRequest(key, damaged)).toThrow(malformed)
    expect(() => openPairingRequest(repeated(9), sealed)).toThrow(malformed)
    expect(() => openPairingRequest(key, new Uint8Array(0))).toThrow(malformed)
    expect(() => openPairingRequest(key, Uint8Array.of(0x0b))).toThrow(malformed)
  })

  it.each([31, 33, 0])('is refused with a secret of %i bytes', (length) => {
    const iv = new Uint8Array(12)
    const plaintext = PairingRequest.encode({ companionPublicKey: repeated(1), companionIdentityKey: repeated(2), advSecret: new Uint8Array(length) })
    const sealed = EncryptedPairingRequest.encode({ encryptedPayload: aeadOf(key).seal(iv, undefined, plaintext), iv })
    expect(() => openPairingRequest(key, sealed)).toThrow(malformed)
  })
})

describe('what the phone says', () => {
  it.each([
    [{}],
    [{ publicKey: repeated(1) }],
    [{ publicKey: new Uint8Array(33), nonce: repeated(1) }],
    [{ publicKey: repeated(1), nonce: new Uint8Array(16) }],
  ])('%# is refused with parts of a wrong size', (parts) =>
    expect(() => decodePrimaryEphemeral(PrimaryEphemeralIdentity.encode(parts))).toThrow(malformed))

  it('agrees on no key with a point of low order', () => expect(() => pairingRequestKey(repeated(1), new Uint8Array(32), { deviceType: 1, ref: 'R' })).toThrow(malformed))

  it('reads no prologue without identity, promise or ref', () => {
    for (const prologue of [{}, { companionEphemeralIdentity: Uint8Array.of(0x10, 1) }, { commitment: { hash: repeated(1) } }])
      expect(() => decodePrologue(ProloguePayload.encode(prologue))).toThrow(malformed)
  })
})

describe('readPasskeyOptions', () => {
  it('reads what browsers are given, wrapped or not', () => {
    const options = { challenge: 'AQID', rpId: 'example.org', timeout: 60_000, userVerification: 'required', allowCredentials: [{ type: 'public-key', id: '_-8' }] }
    const expected = {
      challenge: Uint8Array.of(1, 2, 3),
      rpId: 'example.org',
      timeoutMs: 60_000,
      userVerification: 'required',
      allowedCredentials: [Uint8Array.of(0xff, 0xef)],
    }
    expect(readPasskeyOptions(JSON.stringify(options))).toEqual(expected)
    expect(readPasskeyOptions(JSON.stringify({ publicKey: options }))).toEqual(expected)
    expect(readPasskeyOptions('{"challenge":"AQID"}')).toEqual({ challenge: Uint8Array.of(1, 2, 3), allowedCredentials: [] })
  })

  it.each(['', '[]', 'null', '{}', '{"challenge":7}', '{"challenge":"*"}', '{"challenge":""}', '{"challenge":"AQID","allowCredentials":{}}', '{"challenge":"AQID","allowCredentials":[{"id":1}]}', `{"challenge":"${'A'.repeat(4_096)}"}`])(
    '%# is refused',
    (json) => expect(() => readPasskeyOptions(json)).toThrow(malformed),
  )
})

describe('passkeyAnswer', () => {
  const assertion = { credentialId: Uint8Array.of(0xff, 0xef), authenticatorData: sha256(utf8('x')), clientDataJson: utf8('{}'), signature: concat(Uint8Array.of(0x30)) }

  it('writes what a browser would', () => {
    const { credentialId, assertionJson } = passkeyAnswer({ ...assertion, userHandle: Uint8Array.of(1) })
    expect(credentialId).toEqual(assertion.credentialId)
    expect(JSON.parse(assertionJson)).toEqual({
      id: '_-8',
      rawId: '_-8',
      type: 'public-key',
      response: { authenticatorData: expect.stringMatching(/^[\w-]{43}$/), clientDataJSON: 'e30', signature: 'MA', userHandle: 'AQ' },
      clientExtensionResults: {},
    })
  })

  it.each([
    [{ ...assertion, credentialId: new Uint8Array(0) }, 'answer.credentialId'],
    [{ ...assertion, credentialId: new Uint8Array(1_024) }, 'answer.credentialId'],
    [{ ...assertion, signature: new Uint8Array(0) }, 'answer.assertionJson'],
    [{ ...assertion, clientDataJson: new Uint8Array(20_000) }, 'answer.assertionJson'],
  ])('%# is refused, naming the part', (bad, option) => expect(() => passkeyAnswer(bad)).toThrow(expect.objectContaining({ code: 'option_invalid', option })))

  it.each([[undefined], [{}], [{ credentialId: 'x' }], [{ credentialId: Uint8Array.of(1), assertionJson: 'x' }], [{ credentialId: Uint8Array.of(1), assertionJson: '{"response":{}}' }]])(
    'nor is %p taken from outside',
    (answer) => expect(() => checkedPasskeyAnswer(answer as never)).toThrow(expect.objectContaining({ code: 'option_invalid' })),
  )
})
