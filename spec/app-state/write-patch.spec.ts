import { describe, expect, it } from '@jest/globals'
import fastCheck from 'fast-check'

import { fromHex, toHex } from '../../lib/bytes/bytes.ts'
import { EMPTY_COLLECTION, type CollectionState } from '../../lib/app-state/collection.ts'
import { EMPTY_LT_HASH, ltHashOf } from '../../lib/app-state/lt-hash.ts'
import { patchMacOf, snapshotMacOf } from '../../lib/app-state/macs.ts'
import { writeRecord, type Mutation } from '../../lib/app-state/mutation.ts'
import { decodePatch, patchOf, readPatch, type Patch } from '../../lib/app-state/read-patch.ts'
import { activeKeyId, expandSyncKey, type SyncKey } from '../../lib/app-state/sync-keys.ts'
import { indexMacsOf, lastOfEachIndex, writePatch } from '../../lib/app-state/write-patch.ts'
import { AppStateRejected } from '../../lib/errors/app-state-error.ts'

// The known answers of protocol document 08.
const keyId = fromHex('000000000001')
const key: SyncKey = { keyId, ...expandSyncKey(Uint8Array.from({ length: 32 }, (_, i) => 0xff - i)) }
const findKeys = (id: Uint8Array) => (toHex(id) === toHex(keyId) ? key : undefined)
const iv = Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i)
const index = ['mute', '15551234567@s.whatsapp.net']
const mute: Mutation = { operation: 'set', index, version: 2, value: { timestamp: 1_700_000_000_000, muteAction: { muted: true, muteEndTimestamp: -1 } } }
const collection = 'regular_high'

describe('the known answers of the document', () => {
  const written = writeRecord(mute, key, iv)

  it('names and encrypts a mutation', () => {
    expect(toHex(written.indexMac)).toBe('b1fbd1217f74d1097b2ebd51d03efb32da0f678c6db9be8cffa5044ca4b156eb')
    expect(toHex(written.valueMac)).toBe('199d0e341419676a285f9c740c581c741e505a1ec56116923fec2cb1b6b8c739')
    expect(toHex(written.record.value!.blob!)).toMatch(/^101112131415161718191a1b1c1d1e1f9f400481.*b6b8c739$/)
  })

  it('changes and removes it', () => {
    const changed = writeRecord({ ...mute, value: { timestamp: 1_700_000_001_000, muteAction: { muted: false, muteEndTimestamp: 0 } } }, key, iv)
    expect(toHex(changed.valueMac)).toBe('613cafd151770401d2ea4aa82c49f910108ce0ebb94ceb279dcb837a33131334')
    expect(toHex(writeRecord({ operation: 'remove', index, version: 2 }, key, iv).valueMac)).toBe('ec3c45adf59ce7a88e573dfeb2b48e7a96a10199ca1f4b876ce5338c742f48a8')
  })

  it('seals the collection', () => {
    const ltHash = ltHashOf(EMPTY_LT_HASH, { subtract: [], add: [written.valueMac] })
    const snapshotMac = snapshotMacOf(key, ltHash, 1, collection)
    expect(toHex(ltHash)).toMatch(/^3e1afb01327f81c1.*075a28$/)
    expect(toHex(snapshotMac)).toBe('792bf39cf6d52aa87b28a5efd11f46aeca9c49c993c308ecff0fd492d9ffa4e3')
    expect(toHex(patchMacOf(key, { snapshotMac, valueMacs: [written.valueMac], version: 1, collection }))).toBe('71a3ac945e55b95be26665975567ebdba4bef5535cc46e66bcb6182a918d75ab')
  })
})

/** A patch as the server gives it back: with its number. */
const numbered = (bytes: Uint8Array, version: number): Patch => patchOf(collection, { ...decodePatch(collection, bytes), version: { version } })

describe('a collection over many patches', () => {
  const step = fastCheck.array(fastCheck.record({ name: fastCheck.integer({ min: 0, max: 5 }), isSet: fastCheck.boolean(), at: fastCheck.integer({ min: 1 }) }), { minLength: 1, maxLength: 6 })

  it('is the same for whoever writes and whoever reads', () => {
    fastCheck.assert(
      fastCheck.property(fastCheck.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        let state: CollectionState = EMPTY_COLLECTION
        const valueMacs = new Map<string, Uint8Array>()
        for (const changes of steps) {
          const mutations = lastOfEachIndex(
            changes.map(({ name, isSet, at }): Mutation =>
              isSet ? { operation: 'set', index: ['mute', String(name)], version: 2, value: { timestamp: at } } : { operation: 'remove', index: ['mute', String(name)], version: 2 },
            ),
          )
          expect(indexMacsOf(mutations, key)).toHaveLength(mutations.length)
          const written = writePatch(collection, state, mutations, valueMacs, key)
          const read = readPatch(state, numbered(written.bytes, state.version + 1), valueMacs, findKeys)
          expect(read.state).toEqual(written.state)
          expect(read.state.isHashDoubtful).toBe(false)
          expect(read.valueMacs).toEqual(written.valueMacs)
          expect(read.mutations).toMatchObject(mutations)
          for (const [name, mac] of read.valueMacs) {
            if (mac) valueMacs.set(name, mac)
            else valueMacs.delete(name)
          }
          state = read.state
        }
        expect(ltHashOf(EMPTY_LT_HASH, { subtract: [], add: valueMacs.values() })).toEqual(state.ltHash)
      }),
      { numRuns: 50 },
    )
  })

  const first = writePatch(collection, EMPTY_COLLECTION, [mute], new Map(), key)
  const refusal = (state: CollectionState, patch: Patch): string => {
    try {
      readPatch(state, patch, new Map(), findKeys)
      return 'none'
    } catch (error) {
      return error instanceof AppStateRejected ? error.fault : String(error)
    }
  }

  it('refuses gaps, repeats, a start in the middle and what its author gave up', () => {
    expect(refusal(EMPTY_COLLECTION, numbered(first.bytes, 2))).toBe('unseeded')
    expect(refusal(first.state, numbered(first.bytes, 1))).toBe('version_gap')
    expect(refusal(first.state, numbered(first.bytes, 3))).toBe('version_gap')
    const whole = numbered(first.bytes, 1)
    expect(refusal(EMPTY_COLLECTION, { ...whole, fields: { ...whole.fields, exitCode: { code: 3 } } })).toBe('exit_code')
    const { snapshotMac: _, ...fields } = whole.fields
    expect(refusal(EMPTY_COLLECTION, { ...whole, fields })).toBe('patch_mac')
    expect(() => patchOf(collection, { ...whole.fields, externalMutations: {} })).toThrow(AppStateRejected)
  })

  it('refuses one index twice, and operations nobody knows', () => {
    const { record } = writeRecord(mute, key, iv)
    const valueMacs = [record.value!.blob!.subarray(-32), record.value!.blob!.subarray(-32)]
    const snapshotMac = new Uint8Array(32)
    const patch: Patch = {
      collection,
      version: 1,
      fields: { keyId: { id: keyId }, snapshotMac, patchMac: patchMacOf(key, { snapshotMac, valueMacs, version: 1, collection }) },
      mutations: [{ operation: 0, record }, { operation: 0, record }],
    }
    expect(refusal(EMPTY_COLLECTION, patch)).toBe('duplicate_index')
    expect(refusal(EMPTY_COLLECTION, { ...patch, mutations: [{ operation: 2, record }] })).toBe('malformed')
  })
})

describe('activeKeyId', () => {
  it('is the one of the highest epoch, then of the lowest device', () => {
    const ids = ['000200000005', '000100000005', '000000000004', '0000'].map(fromHex)
    expect(toHex(activeKeyId(ids)!)).toBe('000100000005')
    expect(activeKeyId([])).toBeUndefined()
  })
})
