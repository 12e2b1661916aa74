import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { SignalFailed } from '../../lib/errors/signal-error.ts'
import { decodeSessionRecord, encodeSessionRecord } from '../../lib/signal/record-codec.ts'
import type { SessionRecord, SessionState } from '../../lib/signal/session-state.ts'

const key = fastCheck.uint8Array({ minLength: 32, maxLength: 32 })
const number = fastCheck.integer({ min: 0, max: 0xffffffff })
const id = fastCheck.integer({ min: 0, max: 0xffffff })
const chain = fastCheck.record({
  ratchetKey: key,
  chainKey: key,
  index: number,
  skipped: fastCheck.array(fastCheck.record({ counter: number, seed: key }), { maxLength: 4 }),
})
const sender = fastCheck.record({ ratchet: fastCheck.record({ publicKey: key, privateKey: key }), chainKey: key, index: number })
/** A state has a chain of ours, or one of the peer that ours will answer. */
const chains = fastCheck.oneof(
  fastCheck.record({ sender, receivers: fastCheck.array(chain, { maxLength: 5 }) }),
  fastCheck.record({ sender: fastCheck.constant(undefined), receivers: fastCheck.array(chain, { minLength: 1, maxLength: 5 }) }),
)
const stateRest = fastCheck.record({
  rootKey: key,
  previousCounter: number,
  remoteIdentity: key,
  remoteRegistrationId: number,
  aliceBaseKey: key,
  pending: fastCheck.option(
    fastCheck.record({ prekeyId: fastCheck.option(id, { nil: undefined }), signedPrekeyId: id, baseKey: key }),
    { nil: undefined },
  ),
})
const state: fastCheck.Arbitrary<SessionState> = fastCheck.tuple(stateRest, chains).map(([rest, both]) => ({ ...rest, ...both }))
const record: fastCheck.Arbitrary<SessionRecord> = fastCheck.record({ current: state, archived: fastCheck.array(state, { maxLength: 3 }) })

describe('a session record', () => {
  it('comes back from its bytes', () =>
    fastCheck.assert(fastCheck.property(record, (value) => expect(decodeSessionRecord(encodeSessionRecord(value))).toEqual(value)), { numRuns: 60 }))

  it('is read as it was stored before chains were begun late', () => {
    const [value] = fastCheck.sample(fastCheck.record({ current: fastCheck.tuple(stateRest, sender).map(([rest, ours]) => ({ ...rest, sender: ours, receivers: [] })), archived: fastCheck.constant([]) }), { numRuns: 1, seed: 1 })
    const bytes = encodeSessionRecord(value!)
    // One byte less: no flag before the sending chain, which follows format, count and root key.
    const before = Uint8Array.of(1, ...bytes.subarray(1, 37), ...bytes.subarray(38))
    expect(decodeSessionRecord(before)).toEqual(value)
  })

  it('that sends on no chain and receives on none is malformed', () => {
    const [rest] = fastCheck.sample(stateRest, 1)
    expect(() => decodeSessionRecord(encodeSessionRecord({ current: { ...rest!, sender: undefined, receivers: [] }, archived: [] }))).toThrow(expect.objectContaining({ fault: 'malformed' }))
  })

  it('is malformed at every shorter and longer length', () =>
    fastCheck.assert(
      fastCheck.property(record, fastCheck.nat(), (value, cut) => {
        const bytes = encodeSessionRecord(value)
        const longer = new Uint8Array(bytes.length + 1)
        longer.set(bytes)
        for (const wrong of [bytes.subarray(0, cut % bytes.length), longer])
          expect(() => decodeSessionRecord(wrong)).toThrow(expect.objectContaining({ fault: 'malformed' }))
      }),
      { numRuns: 60 },
    ))

  it('that is damaged is read or malformed, and nothing worse', () =>
    fastCheck.assert(
      fastCheck.property(record, fastCheck.array(fastCheck.tuple(fastCheck.nat(), fastCheck.nat(255)), { minLength: 1, maxLength: 5 }), (value, changes) => {
        const bytes = encodeSessionRecord(value)
        for (const [place, byte] of changes) bytes[place % bytes.length] = byte
        try {
          decodeSessionRecord(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(SignalFailed)
          expect(error).toMatchObject({ fault: 'malformed' })
        }
      }),
      { numRuns: 200 },
    ))

  it('of any bytes is malformed', () =>
    fastCheck.assert(
      fastCheck.property(fastCheck.uint8Array({ maxLength: 200 }), (bytes) =>
        expect(() => decodeSessionRecord(bytes)).toThrow(expect.objectContaining({ fault: 'malformed' })),
      ),
    ))
})
