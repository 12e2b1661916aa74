import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { generateKeyPair, generateSigningKeyPair, publicKeyOf, type KeyPair } from '#crypto'
import { toHex, utf8 } from '../../lib/bytes/bytes.ts'
import { SignalFailed } from '../../lib/errors/signal-error.ts'
import { decodeSessionRecord, encodeSessionRecord } from '../../lib/signal/record-codec.ts'
import { generateSignedPrekey } from '../../lib/signal/prekeys.ts'
import type { PrekeyBundle } from '../../lib/signal/prekey-bundle.ts'
import { decryptPrekeyMessage, decryptSignalMessage, encrypt } from '../../lib/signal/session-record.ts'
import type { LocalIdentity, SessionRecord } from '../../lib/signal/session-state.ts'
import { startSession, type PrekeyLookup } from '../../lib/signal/x3dh.ts'
import { hex, vectorCases } from '../vectors.ts'

interface Party {
  readonly registrationId: number
  readonly identityPrivate: string
  readonly identityPublic: string
  readonly signedPreKeyId: number
  readonly signedPreKeyPrivate: string
  readonly signedPreKeyPublic: string
  readonly signedPreKeySignature: string
  readonly oneTimeKeys: readonly { readonly id: number; readonly private: string; readonly public?: string }[]
  readonly freshKeys: readonly string[]
}
interface Step {
  readonly op: 'start' | 'start-rejected' | 'encrypt' | 'decrypt' | 'decrypt-rejected' | 'alter' | 'cut' | 'forget-sessions'
  readonly who: string
  readonly msg: string
  readonly type: 'pkmsg' | 'msg'
  readonly plain: string
  readonly hex?: string
  readonly sha256?: string
  readonly why?: string
  readonly bundle: { readonly pre?: number; readonly noOneTime?: boolean; readonly badSig?: number; readonly wrongSpk?: boolean }
}
interface SessionCase {
  readonly parties: Readonly<Record<string, Party>>
  readonly steps: readonly Step[]
  /** Drawn by those who draw before a message proved itself; we draw no sooner than we answer. */
  readonly unusedFreshKeys?: Readonly<Record<string, readonly number[]>>
}

const keyPair = (privateKey: string): KeyPair => ({ privateKey: hex(privateKey), publicKey: publicKeyOf(hex(privateKey)) })

/** One side of a recorded conversation, drawing the recorded keys. */
const sideOf = (party: Party, unused: readonly number[] = []) => {
  const fresh = party.freshKeys.filter((_, index) => !unused.includes(index)).map(keyPair)
  const used = new Set<number>()
  const local: LocalIdentity = { identity: keyPair(party.identityPrivate), registrationId: party.registrationId }
  const oneTime = new Map(party.oneTimeKeys.map((key) => [key.id, keyPair(key.private)]))
  const prekeys: PrekeyLookup = {
    oneTime: (id) => (used.has(id) ? undefined : oneTime.get(id)),
    signed: (id) => (id === party.signedPreKeyId ? keyPair(party.signedPreKeyPrivate) : undefined),
  }
  const generate = (): KeyPair => fresh.shift() ?? generateKeyPair()
  const bundle = ({ pre = 0, noOneTime, badSig, wrongSpk }: Step['bundle']): PrekeyBundle => {
    const key = party.oneTimeKeys[pre]
    const signature = hex(party.signedPreKeySignature)
    if (badSig !== undefined) signature[badSig]! ^= 1
    return {
      registrationId: party.registrationId,
      identity: local.identity.publicKey,
      signedPrekey: {
        id: party.signedPreKeyId,
        publicKey: wrongSpk ? local.identity.publicKey : keyPair(party.signedPreKeyPrivate).publicKey,
        signature,
      },
      ...(key && !noOneTime && { oneTimePrekey: { id: key.id, publicKey: keyPair(key.private).publicKey } }),
    }
  }
  let record: SessionRecord | undefined
  // The recorded side drew the key of its answers when a chain of the peer began, also when it never answered.
  const answerKeys = new Map<string, KeyPair>()
  const chainOf = ({ current: { receivers } }: SessionRecord): string => toHex(receivers.at(-1)?.ratchetKey ?? new Uint8Array())
  const noteNewChain = (opened: SessionRecord): void => {
    const chain = chainOf(opened)
    if (!opened.current.sender && !answerKeys.has(chain)) answerKeys.set(chain, generate())
  }
  return {
    bundle,
    forget: () => (record = undefined),
    snapshot: () => record && toHex(encodeSessionRecord(record)),
    start: (theirs: PrekeyBundle) => (record = startSession(record, theirs, local, generate)),
    encrypt: (plaintext: Uint8Array) => {
      const encrypted = encrypt(record!, plaintext, local, () => answerKeys.get(chainOf(record!))!)
      // Through the store and back, as in life.
      record = decodeSessionRecord(encodeSessionRecord(encrypted.record))
      return encrypted
    },
    decrypt: (type: Step['type'], bytes: Uint8Array): Uint8Array => {
      if (type === 'msg') {
        const opened = decryptSignalMessage(record, bytes, local)
        record = opened.record
        noteNewChain(record)
        return opened.plaintext
      }
      const opened = decryptPrekeyMessage(record, bytes, local, prekeys)
      noteNewChain(opened.record)
      if (opened.usedPrekeyId !== undefined) used.add(opened.usedPrekeyId)
      record = decodeSessionRecord(encodeSessionRecord(opened.record))
      return opened.plaintext
    },
  }
}

describe('sessions on vectors', () => {
  it.each(vectorCases<SessionCase>('signal-session', 'session'))('$id', ({ parties, steps, unusedFreshKeys }) => {
    const sides = new Map(Object.entries(parties).map(([name, party]) => [name, sideOf(party, unusedFreshKeys?.[name])]))
    const other = (name: string) => [...sides].find(([side]) => side !== name)![1]
    const messages = new Map<string, { readonly type: Step['type']; readonly bytes: Uint8Array; readonly plain: string }>()
    for (const step of steps) {
      const side = sides.get(step.who)!
      const message = messages.get(step.msg)
      switch (step.op) {
        case 'start':
          side.start(other(step.who).bundle(step.bundle))
          break
        case 'start-rejected':
          expect(() => side.start(other(step.who).bundle(step.bundle))).toThrow(expect.objectContaining({ fault: 'bad_signature' }))
          break
        case 'encrypt': {
          const { type, ciphertext } = side.encrypt(hex(step.plain))
          expect(type).toBe(step.type)
          if (step.hex !== undefined) expect(toHex(ciphertext)).toBe(step.hex)
          else expect(createHash('sha256').update(ciphertext).digest('hex')).toBe(step.sha256)
          messages.set(step.msg, { type, bytes: ciphertext.slice(), plain: step.plain })
          break
        }
        case 'alter':
        case 'cut':
          messages.set(step.msg, { type: step.type, bytes: hex(step.hex!), plain: '' })
          break
        case 'decrypt':
          expect(toHex(side.decrypt(message!.type, message!.bytes))).toBe(message!.plain)
          break
        case 'decrypt-rejected': {
          const before = side.snapshot()
          expect(() => side.decrypt(message!.type, message!.bytes)).toThrow(SignalFailed)
          expect(side.snapshot()).toBe(before)
          break
        }
        case 'forget-sessions':
          side.forget()
      }
    }
  })
})

/** Two fresh devices, the first of which has begun a session. */
const begin = () => {
  const alice: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 1 }
  const bob: LocalIdentity = { identity: generateSigningKeyPair(), registrationId: 2 }
  const signedPrekey = generateSignedPrekey(bob.identity, 1)
  const bundle: PrekeyBundle = {
    registrationId: 2,
    identity: bob.identity.publicKey,
    signedPrekey: { id: 1, publicKey: signedPrekey.pair.publicKey, signature: signedPrekey.signature },
  }
  const prekeys: PrekeyLookup = { oneTime: () => undefined, signed: () => signedPrekey.pair }
  return { alice, bob, bundle, prekeys, record: startSession(undefined, bundle, alice) }
}

/** An established pair: bob has answered. */
const established = () => {
  const { alice, bob, bundle, prekeys, record } = begin()
  const first = encrypt(record, utf8('first'), alice)
  const opened = decryptPrekeyMessage(undefined, first.ciphertext, bob, prekeys)
  const answer = encrypt(opened.record, utf8('answer'), bob)
  const answered = decryptSignalMessage(first.record, answer.ciphertext, alice)
  return { alice, bob, bundle, prekeys, ofAlice: answered.record, ofBob: answer.record }
}

const faultOf = (act: () => unknown): string | undefined => {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof SignalFailed ? error.fault : String(error)
  }
}

describe('limits', () => {
  const skip = (count: number) => {
    const { alice, bob, ofAlice, ofBob } = established()
    let sender = ofAlice
    for (let index = 0; index < count; index += 1) sender = encrypt(sender, utf8('x'), alice).record
    return { bob, ofBob, last: encrypt(sender, utf8('last'), alice).ciphertext }
  }

  it('opens 2,000 messages ahead and not one more', () => {
    const near = skip(2_000)
    expect(toHex(decryptSignalMessage(near.ofBob, near.last, near.bob).plaintext)).toBe(toHex(utf8('last')))
    const far = skip(2_001)
    expect(faultOf(() => decryptSignalMessage(far.ofBob, far.last, far.bob))).toBe('too_far_in_future')
    expect(decryptSignalMessage(far.ofBob, far.last, far.bob, { isOwnDevice: true }).record.current.receivers.at(-1)!.skipped.length).toBe(2_000)
  })

  it('keeps five receiving chains', () => {
    const { alice, bob, ...start } = established()
    let { ofAlice, ofBob } = start
    const late: Uint8Array[] = []
    for (let turn = 0; turn < 7; turn += 1) {
      const held = encrypt(ofAlice, utf8(`late ${turn}`), alice)
      late.push(held.ciphertext)
      const sent = encrypt(held.record, utf8('x'), alice)
      const opened = decryptSignalMessage(ofBob, sent.ciphertext, bob)
      const answer = encrypt(opened.record, utf8('y'), bob)
      ofBob = answer.record
      ofAlice = decryptSignalMessage(sent.record, answer.ciphertext, alice).record
    }
    expect(ofBob.current.receivers.length).toBe(5)
    expect(faultOf(() => decryptSignalMessage(ofBob, late[6]!, bob))).toBeUndefined()
    expect(faultOf(() => decryptSignalMessage(ofBob, late[0]!, bob))).toBeDefined()
  })

  it('keeps forty archived states', () => {
    const { alice, bundle, record } = begin()
    let many = record
    for (let turn = 0; turn < 50; turn += 1) many = startSession(many, bundle, alice)
    expect(many.archived.length).toBe(40)
    expect(many.archived.every(({ pending }) => pending === undefined)).toBe(true)
  })
})

describe('failures', () => {
  it('tell a repeated message from a damaged one', () => {
    const { alice, bob, ofAlice, ofBob } = established()
    const sent = encrypt(ofAlice, utf8('x'), alice)
    const { record } = decryptSignalMessage(ofBob, sent.ciphertext, bob)
    expect(faultOf(() => decryptSignalMessage(record, sent.ciphertext, bob))).toBe('duplicate_message')
    const damaged = sent.ciphertext.slice()
    damaged[damaged.length - 1]! ^= 1
    expect(faultOf(() => decryptSignalMessage(ofBob, damaged, bob))).toBe('bad_mac')
    expect(faultOf(() => decryptSignalMessage(undefined, sent.ciphertext, bob))).toBe('no_session')
    expect(faultOf(() => decryptSignalMessage(ofBob, sent.ciphertext.subarray(0, 5), bob))).toBe('malformed')
  })

  it('name unknown prekeys', () => {
    const { alice, bob, record, prekeys } = begin()
    const { ciphertext } = encrypt(record, utf8('x'), alice)
    expect(faultOf(() => decryptPrekeyMessage(undefined, ciphertext, bob, { ...prekeys, signed: () => undefined }))).toBe('unknown_signed_prekey')
  })

  it('of a stored record are typed', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.nat(), fastCheck.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = encodeSessionRecord(begin().record)
        bytes[place % 5]! ^= change
        const fault = faultOf(() => decodeSessionRecord(bytes))
        expect(fault).toBe('malformed')
        expect(faultOf(() => decodeSessionRecord(encodeSessionRecord(begin().record).subarray(0, place % 300)))).toBe('malformed')
      }),
      { numRuns: 30 },
    ))
})
