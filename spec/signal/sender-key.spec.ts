import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { keyPairFromSeed, publicKeyOf, sign, signWith, verify } from '#crypto'
import { toHex } from '../../lib/bytes/bytes.ts'
import { keyPairOf } from '../../lib/crypto/key-pair.ts'
import { SignalFailed } from '../../lib/errors/signal-error.ts'
import { chainStep, senderMessageKeys } from '../../lib/signal/chain.ts'
import { createSenderKey, distributionMessage, encryptForGroup, type OwnSenderKey } from '../../lib/signal/own-sender-key.ts'
import { decodeOwnSenderKey, decodeSenderKeyRecord, encodeOwnSenderKey, encodeSenderKeyRecord } from '../../lib/signal/sender-key-codec.ts'
import { readSenderKeyDistribution, readSenderKeyMessage } from '../../lib/signal/sender-key-messages.ts'
import { decryptFromGroup, learnSenderKey, type SenderKeyRecord, type SenderKeyState } from '../../lib/signal/sender-key-record.ts'
import { hex, vectorCases } from '../vectors.ts'

interface GroupCase {
  readonly contested?: boolean
  readonly steps: readonly { readonly op: 'distribution' | 'decrypt' | 'decrypt-rejected'; readonly hex: string; readonly plain: string; readonly why?: string }[]
}

const learn = (record: SenderKeyRecord, bytes: Uint8Array): SenderKeyRecord => learnSenderKey(record, readSenderKeyDistribution(bytes))
const open = (record: SenderKeyRecord, bytes: Uint8Array) => decryptFromGroup(record, readSenderKeyMessage(bytes))

/** Faults by the words of the vectors. */
const faults: Readonly<Record<string, readonly string[]>> = {
  damaged: ['bad_signature', 'malformed', 'no_sender_key'],
  duplicate: ['duplicate_message'],
  truncated: ['malformed', 'bad_signature'],
  // Others call it a repetition; it was never read, so the sender has to be asked.
  'older than the distribution': ['no_sender_key'],
  'no sender key': ['no_sender_key'],
  'unknown key id': ['no_sender_key'],
}

describe('sender keys of other implementations', () => {
  it.each(vectorCases<GroupCase>('signal-group').map((vector) => [vector.id, vector] as const))('%s', (_, { steps }) => {
    let record: SenderKeyRecord = []
    for (const { op, hex: text, plain, why } of steps) {
      const bytes = hex(text)
      if (op === 'distribution') record = learn(record, bytes)
      else if (op === 'decrypt') {
        const opened = open(record, bytes)
        expect(toHex(opened.plaintext)).toBe(plain)
        // What the store gives back goes on like what was in memory.
        record = decodeSenderKeyRecord(encodeSenderKeyRecord(opened.record))
      } else expect(faults[why!]).toContain(faultOf(() => open(record, bytes)))
    }
  })
})

const faultOf = (operation: () => unknown): string | undefined => {
  try {
    operation()
  } catch (error) {
    if (error instanceof SignalFailed) return error.fault
    throw error
  }
  return undefined
}

describe('known answers of protocol document 04', () => {
  const privateKey = new Uint8Array(32).fill(9)
  privateKey[0]! &= 0xf8
  privateKey[31] = (privateKey[31]! & 0x7f) | 0x40
  const signing = keyPairOf(publicKeyOf(privateKey), privateKey)
  const key: OwnSenderKey = { keyId: 0x12345678, iteration: 0, chainKey: new Uint8Array(32).fill(8), signing }

  it('chain and distribution', () => {
    const [seed, next] = chainStep(key.chainKey)
    const { iv, cipherKey } = senderMessageKeys(seed)
    expect([iv, cipherKey, next].map(toHex)).toEqual([
      '71467b573a41aa6e031721588b57b51e',
      'add2ef836e405005a231b4077dde4362b12a9d865cb4a662a343168f85e279bc',
      'c5f3ff2a74d378feeaee6fa870ca26bb4227b5c300edb26dc174309efd687e69',
    ])
    expect(toHex(distributionMessage(key))).toBe('3308f8acd1910110001a20080808080808080808080808080808080808080808080808080808080808080822210557db4b359f23ae5e146e4e2512056704722506348c150c14753d0c933d04d421')
  })

  it('message and signature', () => {
    const { ciphertext } = encryptForGroup(key, hex('0a0568656c6c6f01'))
    const body = ciphertext.subarray(0, -64)
    expect(toHex(body)).toBe('3308f8acd1910110001a104a6a3a1d9d05ca8ba7fe41d6ebb64756')
    expect(toHex(signWith(privateKey, body, new Uint8Array(64).fill(0x42)))).toBe(
      '547218bbda4eb14952f87fe4a4994f62264e767b90d8c63b8b8945ff347d5aa7cb4099781c9e5bce7a5ac34a757cb958e4c192abbbd582960cc1061bb0d0ce87',
    )
    expect(verify(signing.publicKey, body, ciphertext.subarray(-64))).toBe(true)
  })
})

/** A sender and somebody who has its key. */
const sender = () => {
  let key = createSenderKey()
  return {
    key: () => key,
    distribution: () => distributionMessage(key).slice(),
    write: (text = 'x'): Uint8Array => {
      const encrypted = encryptForGroup(key, new TextEncoder().encode(text))
      key = encrypted.key
      return encrypted.ciphertext.slice()
    },
    skip: (count: number): void => {
      let { chainKey } = key
      for (let index = 0; index < count; index += 1) chainKey = chainStep(chainKey)[1]
      key = { ...key, chainKey, iteration: key.iteration + count }
    },
  }
}

describe('our own sender key', () => {
  it('is fresh, has 31 bits and signs with its seed', () => {
    const [one, other] = [createSenderKey(), createSenderKey()]
    expect(one.keyId).not.toBe(other.keyId)
    for (const { keyId, iteration, chainKey, signing } of [one, other]) {
      expect(keyId).toBeGreaterThan(0)
      expect(keyId).toBeLessThan(2 ** 31)
      expect(iteration).toBe(0)
      expect(chainKey.length).toBe(32)
      expect(signing.seed?.length).toBe(32)
    }
  })

  it('comes back from its bytes and signs alike', () => {
    const key = { ...createSenderKey(), iteration: 70_000 }
    const restored = decodeOwnSenderKey(encodeOwnSenderKey(key))
    expect(restored).toEqual(key)
    expect(sign(restored.signing, Uint8Array.of(1))).toEqual(sign(key.signing, Uint8Array.of(1)))
    const { seed, ...withoutSeed } = keyPairFromSeed(new Uint8Array(32).fill(1))
    expect(seed).toBeDefined()
    const portable = { ...key, signing: keyPairOf(withoutSeed.publicKey, withoutSeed.privateKey) }
    expect(decodeOwnSenderKey(encodeOwnSenderKey(portable))).toEqual(portable)
  })

  it('is malformed at every other length, and as a record of somebody else', () => {
    const bytes = encodeOwnSenderKey(createSenderKey())
    for (let length = 0; length < bytes.length; length += 1) expect(faultOf(() => decodeOwnSenderKey(bytes.subarray(0, length)))).toBe('malformed')
    expect(faultOf(() => decodeOwnSenderKey(new Uint8Array([...bytes, 0])))).toBe('malformed')
    expect(faultOf(() => decodeSenderKeyRecord(bytes))).toBe('malformed')
    expect(faultOf(() => decodeOwnSenderKey(encodeSenderKeyRecord([])))).toBe('malformed')
  })
})

describe('skipped messages of a group', () => {
  it('are kept up to 2,000, the oldest dropped', () => {
    const ana = sender()
    let record = learn([], ana.distribution())
    const early = Array.from({ length: 3 }, () => ana.write())
    ana.skip(2_000 - 1)
    record = open(record, ana.write()).record
    expect(record[0]?.skipped.length).toBe(2_000)
    // 2,002 were passed: the first two are gone.
    expect(early.map((bytes) => faultOf(() => open(record, bytes)))).toEqual(['duplicate_message', 'duplicate_message', undefined])
    const { record: after } = open(record, early[2]!)
    expect(faultOf(() => open(after, early[2]!))).toBe('duplicate_message')
    expect(record[0]?.skipped.length).toBe(2_000)
  })

  it('are all read when they come late, in whatever order: 950 of them', () => {
    const ana = sender()
    let record = learn([], ana.distribution())
    const late = Array.from({ length: 950 }, (_, index) => ana.write(String(index)))
    record = open(record, ana.write('first')).record
    expect(record[0]?.skipped.length).toBe(950)
    const order = late.map((bytes, index) => [bytes, index] as const).sort(([, one], [, other]) => (one % 7) - (other % 7) || other - one)
    for (const [bytes, index] of order) {
      const opened = open(record, bytes)
      expect(new TextDecoder().decode(opened.plaintext)).toBe(String(index))
      record = opened.record
    }
    expect(record[0]?.skipped.length).toBe(0)
    expect(faultOf(() => open(record, late[0]!))).toBe('duplicate_message')
  })

  it('may be 20,000 and no more', () => {
    const ana = sender()
    const record = learn([], ana.distribution())
    ana.skip(20_000)
    const at = ana.write('at the limit')
    const beyond = ana.write()
    expect(new TextDecoder().decode(open(record, at).plaintext)).toBe('at the limit')
    expect(faultOf(() => open(record, beyond))).toBe('too_far_in_future')
    expect(open(record, at).record[0]).toMatchObject({ index: 20_001, skipped: { length: 2_000 } })
  })
})

describe('sender keys of one sender', () => {
  const idsOf = (record: SenderKeyRecord): readonly number[] => record.map(({ keyId }) => keyId)

  it('are five at most, the newest first', () => {
    const all = Array.from({ length: 6 }, sender)
    const record = all.reduce((known, each) => learn(known, each.distribution()), [] as SenderKeyRecord)
    expect(idsOf(record)).toEqual(all.slice(1).reverse().map(({ key }) => key().keyId))
    expect(faultOf(() => open(record, all[0]!.write()))).toBe('no_sender_key')
    expect(all.slice(1).map((each) => faultOf(() => open(record, each.write())))).toEqual(Array(5).fill(undefined))
  })

  it('that are told again keep their place in the chain and come to the front', () => {
    const [one, two] = [sender(), sender()]
    const distribution = one.distribution()
    let record = learn(learn([], distribution), two.distribution())
    const [lost, read] = [one.write('lost'), one.write('read')]
    record = open(record, read).record
    record = learn(record, distribution)
    expect(idsOf(record)).toEqual([one.key().keyId, two.key().keyId])
    expect(faultOf(() => open(record, read))).toBe('duplicate_message')
    expect(faultOf(() => open(record, lost))).toBeUndefined()
    // A look that changes nothing is the same record.
    expect(learn(record, distribution)).toBe(record)
  })

  it('that are told from an earlier place read what was written before, each once', () => {
    const ana = sender()
    const beginning = ana.distribution()
    const [first, second] = [ana.write('first'), ana.write('second')]
    const further = ana.distribution()
    const third = ana.write('third')
    let record = open(learn([], further), third).record
    // It was never read, so it is no repetition.
    expect(faultOf(() => open(record, first))).toBe('no_sender_key')
    record = learn(decodeSenderKeyRecord(encodeSenderKeyRecord(record)), beginning)
    for (const bytes of [second, first]) record = open(record, bytes).record
    expect([first, second, third].map((bytes) => faultOf(() => open(record, bytes)))).toEqual(Array(3).fill('duplicate_message'))
    expect(learn(record, beginning)).toBe(record)
    expect(faultOf(() => open(record, ana.write('fourth')))).toBeUndefined()
  })

  it('kept without the place they begin at count as read from the first message', () => {
    const ana = sender()
    const record = open(learn([], ana.distribution()), ana.write()).record
    const bytes = encodeSenderKeyRecord(record)
    const before = new Uint8Array([1, ...bytes.subarray(1, 77), ...bytes.subarray(81)])
    expect(decodeSenderKeyRecord(before)).toEqual(record)
  })

  it('with another signing key replace what had their number', () => {
    const ana = sender()
    const other: OwnSenderKey = { ...createSenderKey(), keyId: ana.key().keyId }
    const record = learn(learn([], ana.distribution()), distributionMessage(other))
    expect(record.length).toBe(1)
    expect(faultOf(() => open(record, ana.write()))).toBe('bad_signature')
    expect(faultOf(() => open(record, encryptForGroup(other, Uint8Array.of(1)).ciphertext))).toBeUndefined()
  })
})

describe('what is not a message of a group', () => {
  const ana = sender()
  const record = learn([], ana.distribution())
  const bytes = ana.write()

  it.each([0, 1, 10, 64, 65, 66, bytes.length - 1])('cut to %i bytes', (length) => {
    expect(['malformed', 'bad_signature', 'no_sender_key']).toContain(faultOf(() => open(record, bytes.subarray(0, length))))
  })

  it('of another version', () => {
    for (const [first, fault] of [[0x23, 'malformed'], [0x43, 'malformed'], [0x34, 'bad_signature']] as const)
      expect(faultOf(() => open(record, Uint8Array.from([first, ...bytes.subarray(1)])))).toBe(fault)
  })

  it('signed by somebody else, or with a flipped bit anywhere', () => {
    const forged = encryptForGroup({ ...ana.key(), iteration: 0, signing: createSenderKey().signing }, Uint8Array.of(1)).ciphertext
    expect(faultOf(() => open(record, forged))).toBe('bad_signature')
    for (let index = 0; index < bytes.length; index += 1) {
      const flipped = bytes.slice()
      flipped[index]! ^= 1
      expect(faultOf(() => open(record, flipped))).toBeDefined()
    }
    expect(faultOf(() => open(record, bytes))).toBeUndefined()
  })

  it('a distribution that lacks something', () => {
    const whole = ana.distribution()
    for (let length = 0; length < whole.length; length += 1) expect(faultOf(() => readSenderKeyDistribution(whole.subarray(0, length)))).toBe('malformed')
    // A chain key of 31 bytes.
    const short = hex('330801100' + '01a1f' + '00'.repeat(31) + '222105' + '01'.repeat(32))
    expect(faultOf(() => readSenderKeyDistribution(short))).toBe('malformed')
  })
})

describe('a stored record', () => {
  const bytes32 = fastCheck.uint8Array({ minLength: 32, maxLength: 32 })
  const number = fastCheck.integer({ min: 0, max: 0xffffffff })
  const state: fastCheck.Arbitrary<SenderKeyState> = fastCheck.record({
    keyId: number,
    signingKey: bytes32,
    chainKey: bytes32,
    index: number,
    start: number,
    skipped: fastCheck.array(fastCheck.record({ counter: number, seed: bytes32 }), { maxLength: 4 }),
  })
  const record = fastCheck.array(state, { maxLength: 5 })

  it('comes back from its bytes, and is malformed at every other length', () =>
    fastCheck.assert(
      fastCheck.property(record, fastCheck.nat(), (value, cut) => {
        const bytes = encodeSenderKeyRecord(value)
        expect(decodeSenderKeyRecord(bytes)).toEqual(value)
        expect(faultOf(() => decodeSenderKeyRecord(bytes.subarray(0, cut % bytes.length)))).toBe('malformed')
        expect(faultOf(() => decodeSenderKeyRecord(new Uint8Array([...bytes, 0])))).toBe('malformed')
      }),
      { numRuns: 60 },
    ))

  it('that is damaged is read or malformed, and nothing worse', () =>
    fastCheck.assert(
      fastCheck.property(record, fastCheck.array(fastCheck.tuple(fastCheck.nat(), fastCheck.nat(255)), { minLength: 1, maxLength: 5 }), (value, changes) => {
        const bytes = encodeSenderKeyRecord(value)
        for (const [place, byte] of changes) bytes[place % bytes.length] = byte
        expect([undefined, 'malformed']).toContain(faultOf(() => decodeSenderKeyRecord(bytes)))
      }),
      { numRuns: 60 },
    ))
})
