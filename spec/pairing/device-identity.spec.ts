import { describe, expect, it } from '@jest/globals'

import { verify } from '#crypto'
import { concat, toHex } from '../../lib/bytes/bytes.ts'
import { advPrefix, readKeyIndexList, verifyDeviceIdentity, verifyPairing } from '../../lib/pairing/device-identity.ts'
import { parsePairSuccess } from '../../lib/pairing/pair-success.ts'
import { ADVDeviceIdentity, ADVSignedDeviceIdentity, ADVSignedKeyIndexList } from '../../lib/proto/core.generated.ts'
import { Jid } from '../../lib/stanza/jid.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { hex, vectorCases } from '../vectors.ts'

interface AdvCase {
  readonly advSecret: string
  readonly companionIdentityPrivate: string
  readonly companionIdentityPublic: string
  readonly stanza: VectorNode
  readonly expected: 'accept' | 'reject'
  readonly why: string
  readonly reply?: { readonly keyIndex: string; readonly details: string; readonly accountSignature: string; readonly deviceSignatureMessage: string; readonly deviceSignatures: Readonly<Record<string, string>> }
}

const run = ({ advSecret, companionIdentityPrivate, companionIdentityPublic, stanza: node }: AdvCase) => {
  const success = parsePairSuccess(stanzaOfNode(node))
  if (!('container' in success)) throw new Error(success.join('; '))
  const identity = { privateKey: hex(companionIdentityPrivate), publicKey: hex(companionIdentityPublic) }
  return verifyPairing(success.container, { identity, advSecret: hex(advSecret) })
}

describe('verifyPairing on vectors', () => {
  it.each(vectorCases<AdvCase>('pairing', 'adv'))('$id: $why', (vector) => {
    if (vector.expected === 'reject') {
      expect(() => run(vector)).toThrow(expect.objectContaining({ code: 'pairing_rejected' }))
      return
    }
    const { reply, keyIndex, signedIdentity, accountKey } = run(vector)
    const expected = vector.reply!
    expect(String(keyIndex)).toBe(expected.keyIndex)
    const signed = ADVSignedDeviceIdentity.decode(reply)
    expect(toHex(signed.details!)).toBe(expected.details)
    expect(toHex(signed.accountSignature!)).toBe(expected.accountSignature)
    expect(signed.accountSignatureKey).toBeUndefined()
    const identity = hex(vector.companionIdentityPublic)
    expect(toHex(concat(advPrefix.device, signed.details!, identity, accountKey))).toBe(expected.deviceSignatureMessage)
    for (const signature of [toHex(signed.deviceSignature!), ...Object.values(expected.deviceSignatures)])
      expect(verify(identity, hex(expected.deviceSignatureMessage), hex(signature))).toBe(true)
    if (ADVDeviceIdentity.decode(signed.details!).deviceType !== 1) expect(verifyDeviceIdentity(signedIdentity, identity, undefined)).toBe('valid')
  })

  it('names what cannot be read', () => {
    const good = vectorCases<AdvCase>('pairing', 'adv').find(({ expected }) => expected === 'accept')!
    const identity = { privateKey: hex(good.companionIdentityPrivate), publicKey: hex(good.companionIdentityPublic) }
    const attempt = (container: Uint8Array) => () => verifyPairing(container, { identity, advSecret: hex(good.advSecret) })
    expect(attempt(Uint8Array.of(0x0b))).toThrow(expect.objectContaining({ fault: 'malformed' }))
    expect(attempt(new Uint8Array(0))).toThrow(expect.objectContaining({ fault: 'malformed' }))
  })
})

describe('verifyDeviceIdentity', () => {
  const good = vectorCases<AdvCase>('pairing', 'adv').find(({ expected }) => expected === 'accept')!
  const { signedIdentity, accountKey, reply } = run(good)
  const key = hex(good.companionIdentityPublic)

  it('uses the known account key when the identity carries none', () => {
    expect(verifyDeviceIdentity(reply, key, accountKey)).toBe('valid')
    expect(verifyDeviceIdentity(reply, key, undefined)).toBe('no_account_key')
    expect(verifyDeviceIdentity(reply, key, key)).toBe('invalid')
  })

  it('refuses another device, damage and nonsense', () => {
    expect(verifyDeviceIdentity(signedIdentity, accountKey, undefined)).toBe('invalid')
    const damaged = signedIdentity.slice()
    damaged[damaged.length - 5]! ^= 1
    expect(verifyDeviceIdentity(damaged, key, undefined)).toBe('invalid')
    expect(verifyDeviceIdentity(Uint8Array.of(0x0b), key, accountKey)).toBe('invalid')
  })
})

describe('parsePairSuccess', () => {
  it('lists what is missing', () => {
    expect(parsePairSuccess(stanza('iq', { id: '1' }, [stanza('pair-success')]))).toEqual([expect.stringContaining('device-identity')])
    expect(parsePairSuccess(stanza('iq', { id: '1' }, [stanza('pair-success', {}, [stanza('device-identity', {}, new Uint8Array(501))])]))).toEqual([
      expect.stringContaining('wrong size'),
    ])
    expect(
      parsePairSuccess(stanza('iq', {}, [stanza('pair-success', {}, [stanza('device-identity', {}, Uint8Array.of(1)), stanza('device', { jid: 'x' })])])),
    ).toEqual(['iq: id is missing', 'device: jid is not an address', 'device: lid is missing'])
  })

  it.each([
    ['x@y@s.whatsapp.net', undefined],
    [new Jid('', 'a'), new Jid('90010001', 'lid', 1)],
    [new Jid('1.5', 's.whatsapp.net', 1), new Jid('90010001', 'lid', 1)],
    [new Jid('15550100001', 's.whatsapp.net', 1), new Jid('a@b', 'lid')],
    [new Jid('15550100001', 's.whatsapp.net', 1), new Jid('15550100001', 's.whatsapp.net')],
  ])('refuses addresses that could not be stored: %s, %s', (jid, lid) => {
    const success = stanza('pair-success', {}, [stanza('device-identity', {}, Uint8Array.of(1)), stanza('device', { jid, lid })])
    expect(parsePairSuccess(stanza('iq', { id: '1' }, [success]))).toEqual(expect.arrayContaining([expect.stringContaining('device: ')]))
  })
})

interface KeyIndexCase {
  readonly details: string
  readonly accountSignature: string
  readonly accountSignatureKey: string
  readonly content: { readonly currentIndex: number; readonly validIndexes: readonly number[] }
}

describe('readKeyIndexList on vectors', () => {
  it.each(vectorCases<KeyIndexCase>('pairing', 'key-index-list'))('$id', ({ details, accountSignature, accountSignatureKey, content }) => {
    const key = hex(accountSignatureKey)
    const indexes = { currentIndex: content.currentIndex, validIndexes: content.validIndexes }
    const list = { details: hex(details), accountSignature: hex(accountSignature) }
    const bytes = ADVSignedKeyIndexList.encode(list)
    const forged = list.accountSignature.map((byte, index) => (index === 5 ? byte ^ 1 : byte))
    expect(readKeyIndexList(bytes, key)).toMatchObject(indexes)
    expect(readKeyIndexList(ADVSignedKeyIndexList.encode({ ...list, accountSignatureKey: key }), undefined)).toMatchObject(indexes)
    // Nobody to check against yet.
    expect(readKeyIndexList(bytes, undefined)).toMatchObject(indexes)
    expect(readKeyIndexList(ADVSignedKeyIndexList.encode({ ...list, accountSignature: forged }), key)).toBeUndefined()
    expect(readKeyIndexList(ADVSignedKeyIndexList.encode({ details: list.details }), key)).toBeUndefined()
    // A key that comes along does not stand against the one we know.
    const other = key.map((byte, index) => (index === 0 ? byte ^ 1 : byte))
    expect(readKeyIndexList(ADVSignedKeyIndexList.encode({ ...list, accountSignatureKey: key }), other)).toBeUndefined()
  })

  it('takes nothing from bytes that are none', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0x0a, 0xff), ADVSignedKeyIndexList.encode({ details: Uint8Array.of(0xff) })])
      expect(readKeyIndexList(bytes, undefined)).toBeUndefined()
  })
})
