import { describe, expect, it } from '@jest/globals'

import { agree, publicKeyOf, signWith, type KeyPair } from '#crypto'
import { toHex } from '../../lib/bytes/bytes.ts'
import { chainStep, firstStep, messageKeys, nextChainKey, rootStep } from '../../lib/signal/chain.ts'
import { keyDigest } from '../../lib/signal/prekeys.ts'
import { serializeKey } from '../../lib/signal/serialized-key.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../../lib/signal/session-record.ts'
import { startSession } from '../../lib/signal/x3dh.ts'
import { hex } from '../vectors.ts'

/** The private keys of the table: one byte repeated, clamped. */
const keyOf = (byte: string): KeyPair => {
  const privateKey = hex(byte.repeat(32))
  privateKey[0]! &= 0xf8
  privateKey[31] = (privateKey[31]! & 0x7f) | 0x40
  return { privateKey, publicKey: publicKeyOf(privateKey) }
}

const alice = { identity: keyOf('11'), base: keyOf('22'), ratchet: keyOf('33') }
const bob = { identity: keyOf('44'), signed: keyOf('55'), oneTime: keyOf('66') }
const signature = signWith(bob.identity.privateKey, serializeKey(bob.signed.publicKey), new Uint8Array(64).fill(0x42))
const ofAlice = { identity: alice.identity, registrationId: 1111 }
const ofBob = { identity: bob.identity, registrationId: 2222 }
const plaintext = hex('0a0568656c6c6f01')

describe('known answers of protocol document 04', () => {
  it('public keys and agreement', () => {
    expect(toHex(alice.identity.publicKey)).toBe('7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13')
    expect(toHex(bob.oneTime.publicKey)).toBe('219e4d800da968d2a5fcb009c784f4746c7138edb9ee4844b739e830b05cf424')
    expect(toHex(agree(alice.identity.privateKey, bob.signed.publicKey))).toBe('db00c848d90eb8638a66a7e8e41561be9b264e2c91dfe2c6a073780af383c052')
  })

  it.each([
    { with: 'a one-time prekey', oneTime: true, root: '8db982cb5c1cc8eaf87fd182f57212a2619ae72e450b144c4546a7e6a5e9f3fa', chain: '0f207fddd35f9078493249b77be8fd9bc5310f88b03f1719bd03a562d828eff7' },
    { with: 'none', oneTime: false, root: '8697db8b3fbe77e0003a0edc5861836aaed355088251a643d869075a5daa0e1b', chain: '5d8db43000c375301acb668c1790b31358138da45cf15341db141506be0c1475' },
  ])('X3DH with $with', ({ oneTime, root, chain }) => {
    const shared = [
      new Uint8Array(32).fill(0xff),
      agree(alice.identity.privateKey, bob.signed.publicKey),
      agree(alice.base.privateKey, bob.identity.publicKey),
      agree(alice.base.privateKey, bob.signed.publicKey),
      ...(oneTime ? [agree(alice.base.privateKey, bob.oneTime.publicKey)] : []),
    ]
    const { rootKey, chainKey } = firstStep(hex(shared.map(toHex).join('')))
    expect([toHex(rootKey), toHex(chainKey)]).toEqual([root, chain])
  })

  it('ratchet, chain and message keys', () => {
    const root0 = hex('8db982cb5c1cc8eaf87fd182f57212a2619ae72e450b144c4546a7e6a5e9f3fa')
    const { rootKey, chainKey } = rootStep(root0, agree(alice.ratchet.privateKey, bob.signed.publicKey))
    expect(toHex(rootKey)).toBe('11c70dc129900c899af0e2b9473288970b90fe7581d78e569530d7bacd217f4e')
    expect(toHex(chainKey)).toBe('eb5c8ab5ab4c28344d2d6c1b3ba364a6f1281724706e113df1f62e426e0b54fe')
    const [seed, next] = chainStep(chainKey)
    const { cipherKey, macKey, iv } = messageKeys(seed)
    expect(toHex(cipherKey)).toBe('ce8f4cf91f4d20175c748769ba32c7d7108f0524c91ccadeb0e187e83084141b')
    expect(toHex(macKey)).toBe('7de6a4210ff8b0727db76ef4d6051ff8f2ba076ab71e77b7c535124188060e9f')
    expect(toHex(iv)).toBe('3a8c68fea03ca8c41f691fa27657d79e')
    expect(toHex(next)).toBe('a473547d51eb53ae7335ec38afcf1ffa3942dd4ab22b6859bba05193e7c9be4d')
    expect(toHex(nextChainKey(chainKey))).toBe(toHex(next))
  })

  it('pkmsg and msg, and the way back', () => {
    const fresh = [alice.base, alice.ratchet]
    const record = startSession(
      undefined,
      {
        registrationId: 2222,
        identity: bob.identity.publicKey,
        signedPrekey: { id: 3, publicKey: bob.signed.publicKey, signature },
        oneTimePrekey: { id: 7, publicKey: bob.oneTime.publicKey },
      },
      ofAlice,
      () => fresh.shift()!,
    )
    const first = encrypt(record, plaintext, ofAlice)
    expect(first.type).toBe('pkmsg')
    expect(toHex(first.ciphertext)).toBe(
      '3308071221050faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f201a21057b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f132242330a21057b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b14100018002210f7f5d56bc3fefaf4d49e38e5e5d4cf092cd9fe71b570a2e028d7083003',
    )
    // The document shows the second message as the bare envelope inside the pkmsg.
    const { pending, ...state } = first.record.current
    expect(pending?.prekeyId).toBe(7)
    const second = encrypt({ current: { ...state, pending: undefined }, archived: [] }, plaintext, ofAlice)
    expect(second.type).toBe('msg')
    expect(toHex(second.ciphertext)).toBe(
      '330a21057b0d47d93427f8311160781c7c733fd89f88970aef490d8aa0ee19a4cb8a1b141001180022109b19b4d37c5a26cb8f3f0e7224f43907062085f885056246',
    )
    const opened = decryptPrekeyMessage(undefined, first.ciphertext, ofBob, {
      oneTime: (id) => (id === 7 ? bob.oneTime : undefined),
      signed: (id) => (id === 3 ? bob.signed : undefined),
    })
    expect(toHex(opened.plaintext)).toBe(toHex(plaintext))
    expect([opened.usedPrekeyId, opened.registrationId, toHex(opened.remoteIdentity)]).toEqual([7, 1111, toHex(alice.identity.publicKey)])
    expect(toHex(decryptSignalMessage(opened.record, second.ciphertext, ofBob).plaintext)).toBe(toHex(plaintext))
  })

  it('digest of the published keys', () =>
    expect(toHex(keyDigest(bob.identity.publicKey, { id: 3, pair: bob.signed, signature }, [bob.oneTime.publicKey]))).toBe(
      'f743907355b66a150cd75ff4d784bb84964b9379',
    ))
})
