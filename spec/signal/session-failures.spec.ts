import { describe, expect, it } from '@jest/globals'

import { generateKeyPair, generateSigningKeyPair, type KeyPair } from '#crypto'
import { concat, toHex, utf8 } from '../../lib/bytes/bytes.ts'
import type { PrekeyBundle } from '../../lib/signal/prekey-bundle.ts'
import { generateSignedPrekey } from '../../lib/signal/prekeys.ts'
import { encodeSessionRecord } from '../../lib/signal/record-codec.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../../lib/signal/session-record.ts'
import type { LocalIdentity, SessionRecord } from '../../lib/signal/session-state.ts'
import { readPrekeyMessage } from '../../lib/signal/wire-messages.ts'
import { startSession, type PrekeyLookup } from '../../lib/signal/x3dh.ts'

const fault = (code: string) => expect.objectContaining({ fault: code })

const parties = () => {
  const alice: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 1 }
  const bob: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 2 }
  const signed = generateSignedPrekey(bob.identity, 1)
  const oneTime = generateKeyPair()
  const bundle: PrekeyBundle = {
    registrationId: 2,
    identity: bob.identity.publicKey,
    signedPrekey: { id: 1, publicKey: signed.pair.publicKey, signature: signed.signature },
    oneTimePrekey: { id: 7, publicKey: oneTime.publicKey },
  }
  const prekeys: PrekeyLookup = { signed: () => signed.pair, oneTime: (id) => (id === 7 ? oneTime : undefined) }
  return { alice, bob, bundle, prekeys }
}

const established = () => {
  const { alice, bob, bundle, prekeys } = parties()
  const first = encrypt(startSession(undefined, bundle, alice), utf8('first'), alice)
  const opened = decryptPrekeyMessage(undefined, first.ciphertext, bob, prekeys)
  const answer = encrypt(opened.record, utf8('answer'), bob)
  return { alice, bob, bundle, prekeys, ofAlice: decryptSignalMessage(first.record, answer.ciphertext, alice).record, ofBob: answer.record }
}

/** Freezes a record to its leaves, so that an operation which writes into it throws. */
const frozen = (record: SessionRecord): SessionRecord => {
  const freeze = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  freeze(record)
  return record
}

/** Puts other bytes in place of the ratchet key of a `msg`. */
const withRatchetKey = (bytes: Uint8Array, key: Uint8Array): Uint8Array => {
  const changed = bytes.slice()
  changed.set(key, 4)
  return changed
}

/** Puts another identity on the envelope of a `pkmsg`. */
const withIdentity = (bytes: Uint8Array, identity: Uint8Array): Uint8Array => {
  const place = toHex(bytes).indexOf(toHex(readPrekeyMessage(bytes).identity)) / 2
  return concat(bytes.subarray(0, place), identity, bytes.subarray(place + 32))
}

describe('a session record', () => {
  it('is never written into', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const before = [ofAlice, ofBob].map((record) => toHex(encodeSessionRecord(frozen(record))))
    const skipped = encrypt(ofAlice, utf8('skipped'), alice)
    const sent = encrypt(frozen(skipped.record), utf8('sent'), alice)
    const opened = decryptSignalMessage(ofBob, sent.ciphertext, bob)
    decryptSignalMessage(frozen(opened.record), skipped.ciphertext, bob)
    decryptSignalMessage(frozen(sent.record), encrypt(opened.record, utf8('back'), bob).ciphertext, alice)
    expect([ofAlice, ofBob].map((record) => toHex(encodeSessionRecord(record)))).toEqual(before)
  })

  it('shares what did not change', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    let sender = ofAlice
    for (let index = 0; index < 3; index += 1) sender = encrypt(sender, utf8('lost'), alice).record
    const jumped = encrypt(sender, utf8('a'), alice)
    const one = decryptSignalMessage(ofBob, jumped.ciphertext, bob).record
    const two = decryptSignalMessage(one, encrypt(jumped.record, utf8('b'), alice).ciphertext, bob).record
    expect(two.current.receivers.at(-1)!.skipped).toBe(one.current.receivers.at(-1)!.skipped)
    expect(two.archived).toBe(one.archived)
  })
})

describe('a first message', () => {
  it('for a known session uses no prekey, also when that session is archived', () => {
    const { alice, bob, bundle, prekeys } = parties()
    const one = encrypt(startSession(undefined, bundle, alice), utf8('1'), alice)
    const two = encrypt(one.record, utf8('2'), alice)
    const other = encrypt(startSession(undefined, bundle, alice), utf8('other'), alice)
    const none: PrekeyLookup = { signed: () => undefined, oneTime: () => undefined }
    const first = decryptPrekeyMessage(undefined, one.ciphertext, bob, prekeys)
    expect(first.usedPrekeyId).toBe(7)
    const newer = decryptPrekeyMessage(first.record, other.ciphertext, bob, prekeys)
    expect(newer.record.archived.length).toBe(1)
    const again = decryptPrekeyMessage(newer.record, two.ciphertext, bob, none)
    expect(again.usedPrekeyId).toBeUndefined()
    expect(toHex(again.record.current.aliceBaseKey)).toBe(toHex(first.record.current.aliceBaseKey))
    expect(again.record.archived.length).toBe(1)
    expect(() => decryptPrekeyMessage(again.record, two.ciphertext, bob, none)).toThrow(fault('duplicate_message'))
  })

  it('for a known session tells the identity of the session, not the one somebody put on the envelope', () => {
    const { alice, bob, bundle, prekeys } = parties()
    const one = encrypt(startSession(undefined, bundle, alice), utf8('1'), alice)
    const two = encrypt(one.record, utf8('2'), alice)
    const { record } = decryptPrekeyMessage(undefined, one.ciphertext, bob, prekeys)
    const forged = withIdentity(two.ciphertext, generateKeyPair().publicKey)
    expect(toHex(decryptPrekeyMessage(record, forged, bob, prekeys).remoteIdentity)).toBe(toHex(alice.identity.publicKey))
    expect(() => decryptPrekeyMessage(undefined, withIdentity(one.ciphertext, generateKeyPair().publicKey), bob, prekeys)).toThrow(fault('bad_mac'))
  })

  it('names the prekey that is unknown, the signed one first', () => {
    const { alice, bob, bundle, prekeys } = parties()
    const { ciphertext } = encrypt(startSession(undefined, bundle, alice), utf8('x'), alice)
    const nothing = () => undefined
    expect(() => decryptPrekeyMessage(undefined, ciphertext, bob, { signed: nothing, oneTime: nothing })).toThrow(fault('unknown_signed_prekey'))
    expect(() => decryptPrekeyMessage(undefined, ciphertext, bob, { ...prekeys, oneTime: nothing })).toThrow(fault('unknown_prekey'))
  })
})

describe('the refusal that is told', () => {
  it('draws the key for answers with the first of them', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const drawn: KeyPair[] = []
    const generate = (): KeyPair => {
      drawn.push(generateKeyPair())
      return drawn.at(-1)!
    }
    const opened = decryptSignalMessage(ofBob, encrypt(ofAlice, utf8('x'), alice).ciphertext, bob)
    expect(opened.record.current.sender).toBeUndefined()
    const answer = encrypt(opened.record, utf8('y'), bob, generate)
    expect(encrypt(answer.record, utf8('z'), bob, generate).record.current.sender).toMatchObject({ ratchet: drawn[0], index: 2 })
    expect(drawn.length).toBe(1)
    // Written again from the same record, as after a backup was restored: another key, so none is used twice.
    expect(encrypt(opened.record, utf8('other'), bob, generate).record.current.sender).toMatchObject({ ratchet: drawn[1], index: 1 })
    expect(toHex(drawn[1]!.publicKey)).not.toBe(toHex(drawn[0]!.publicKey))
  })

  it('says so at once of a chain that answers none of ours', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const { ciphertext } = encrypt(ofAlice, utf8('x'), alice)
    const { record } = decryptSignalMessage(ofBob, ciphertext, bob)
    expect(() => decryptSignalMessage(record, withRatchetKey(ciphertext, generateKeyPair().publicKey), bob)).toThrow(fault('bad_mac'))
  })

  it('is a repeated message before anything else', () => {
    const { alice, bob, bundle, prekeys, ofAlice, ofBob } = established()
    const sent = encrypt(ofAlice, utf8('x'), alice)
    const opened = decryptSignalMessage(ofBob, sent.ciphertext, bob)
    const renewed = decryptPrekeyMessage(opened.record, encrypt(startSession(undefined, bundle, alice), utf8('new'), alice).ciphertext, bob, prekeys)
    expect(() => decryptSignalMessage(renewed.record, sent.ciphertext, bob)).toThrow(fault('duplicate_message'))
  })

  it('is a key that is none before a wrong MAC', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const broken = withRatchetKey(encrypt(ofAlice, utf8('x'), alice).ciphertext, new Uint8Array(32))
    expect(() => decryptSignalMessage(ofBob, broken, bob)).toThrow(
      expect.objectContaining({ fault: 'invalid_message', cause: expect.objectContaining({ fault: 'degenerate_agreement' }) }),
    )
  })

  it('covers the version byte as received', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const changed = encrypt(ofAlice, utf8('x'), alice).ciphertext.slice()
    changed[0] = 0x32
    expect(() => decryptSignalMessage(ofBob, changed, bob)).toThrow(fault('bad_mac'))
  })
})

describe('own devices', () => {
  it('may be 25,000 messages ahead and not one more', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const { current } = encrypt(ofAlice, utf8('x'), alice).record
    const ahead = (count: number): Uint8Array =>
      encrypt({ archived: [], current: { ...current, sender: { ...current.sender!, index: count } } }, utf8('x'), alice).ciphertext
    // The chain keys do not fit such counters, so a message within the limit gets as far as its MAC.
    expect(() => decryptSignalMessage(ofBob, ahead(25_000), bob, { isOwnDevice: true })).toThrow(fault('bad_mac'))
    expect(() => decryptSignalMessage(ofBob, ahead(25_001), bob, { isOwnDevice: true })).toThrow(fault('too_far_in_future'))
    expect(() => decryptSignalMessage(ofBob, ahead(25_000), bob)).toThrow(fault('too_far_in_future'))
  })

  it('may be so far ahead of the session in use only: each of forty old ones would be walked as far', () => {
    const { alice, bob, bundle, prekeys, ofAlice, ofBob } = established()
    const anew = encrypt(startSession(ofAlice, bundle, alice), utf8('anew'), alice)
    const { record } = decryptPrekeyMessage(ofBob, anew.ciphertext, bob, prekeys)
    let sender = ofAlice
    const old = Array.from({ length: 2_002 }, () => {
      const { record: next, ciphertext } = encrypt(sender, utf8('old'), alice)
      sender = next
      return ciphertext
    })
    expect(decryptSignalMessage(record, old[2_000]!, bob, { isOwnDevice: true }).plaintext).toEqual(utf8('old'))
    expect(() => decryptSignalMessage(record, old[2_001]!, bob, { isOwnDevice: true })).toThrow(fault('bad_mac'))
  })
})
