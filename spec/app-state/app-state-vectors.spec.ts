import { describe, expect, it } from '@jest/globals'

import { toBase64, toHex } from '../../lib/bytes/bytes.ts'
import { AppStateRejected } from '../../lib/errors/app-state-error.ts'
import { EMPTY_COLLECTION, type CollectionState } from '../../lib/app-state/collection.ts'
import { ltHashOf } from '../../lib/app-state/lt-hash.ts'
import { indexMacOf, patchMacOf, snapshotMacOf, valueMacOf } from '../../lib/app-state/macs.ts'
import type { Mutation } from '../../lib/app-state/mutation.ts'
import { decodePatch, patchOf, readPatch } from '../../lib/app-state/read-patch.ts'
import { decodeSnapshot, readSnapshot } from '../../lib/app-state/read-snapshot.ts'
import { expandSyncKey, type FindSyncKeys } from '../../lib/app-state/sync-keys.ts'
import { MediaRejected } from '../../lib/errors/media-error.ts'
import { openMedia } from '../../lib/media/media-file.ts'
import { expandMediaKey } from '../../lib/media/media-keys.ts'
import { ExternalBlobReference } from '../../lib/proto/content.generated.ts'
import { hex, vectorCases } from '../vectors.ts'

interface Expected {
  readonly failure?: string
  readonly mutations?: ReadonlyArray<{ readonly op: string; readonly index: readonly string[]; readonly value?: object; readonly version: number }>
  readonly after?: { readonly version: number; readonly ltHash: string; readonly entries: number }
}

interface CollectionCase {
  readonly group?: string
  readonly note?: string
  readonly collection: string
  readonly keys: ReadonlyArray<{ readonly id: string; readonly data: string }>
  readonly before?: { readonly version: number; readonly ltHash: string; readonly valueMacByIndexMac: Readonly<Record<string, string>> }
  readonly hex: string
  readonly file?: string
  readonly expected: Expected
  readonly contested?: boolean
}

/** Which of our faults a failing check of the vectors may be; a check that comes earlier may see it first. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  'missing-key': ['missing_key'],
  'patch-mac': ['patch_mac', 'version_gap'],
  'value-mac': ['value_mac'],
  'index-mac': ['index_mac'],
  decrypt: ['decrypt', 'malformed'],
  malformed: ['malformed'],
  'snapshot-mac': ['snapshot_mac', 'value_mac'],
}

const finder = (keys: CollectionCase['keys']): FindSyncKeys => {
  const byId = new Map(keys.map(({ id, data }) => [id, expandSyncKey(hex(data))]))
  return (keyId) => byId.get(toHex(keyId))
}

/** As the vectors write values: enums are left out of them, bytes in base64. */
const plain = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return toBase64(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
  return typeof value === 'bigint' ? Number(value) : value
}

const told = (mutations: readonly Mutation[]): unknown =>
  mutations.map(({ operation, index, value, version }) => ({ op: operation, index, ...(value && { value: plain(value) }), version }))

const faultOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    if (error instanceof AppStateRejected) return error.fault
    if (error instanceof MediaRejected) return 'file'
    throw error
  }
}

/** The file a reference names. */
const fileOf = (reference: ReturnType<typeof ExternalBlobReference.decode>, file: string): Uint8Array =>
  openMedia(hex(file), expandMediaKey(reference.mediaKey!, 'app-state'), {
    ...(reference.fileEncSha256 && { fileEncSha256: reference.fileEncSha256 }),
    ...(reference.fileSha256 && { fileSha256: reference.fileSha256 }),
  })

describe('app state of other implementations', () => {
  it.each(vectorCases<Readonly<Record<string, string>>>('app-state', 'keys').map((vector) => [vector.id, vector] as const))('%s', (_, { keyData, ...expected }) => {
    const keys = Object.entries(expandSyncKey(hex(keyData!))).map(([name, key]) => [name, toHex(key as Uint8Array)])
    expect(expected).toMatchObject(Object.fromEntries(keys) as object)
  })

  interface MacCase {
    readonly keyData: string
    readonly index: string
    readonly indexMac: string
    readonly collection: string
    readonly version: number
    readonly ltHash: string
    readonly snapshotMac: string
    readonly valueMacs: readonly string[]
    readonly patchMac: string
    readonly operation: 'set' | 'remove'
    readonly keyId: string
    readonly ivAndCiphertext: string
    readonly valueMac: string
  }
  it.each(vectorCases<MacCase>('app-state', 'macs').map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    const { collection, version } = vector
    const keys = expandSyncKey(hex(vector.keyData))
    const snapshotMac = snapshotMacOf(keys, hex(vector.ltHash), version, collection)
    expect(toHex(indexMacOf(keys, new TextEncoder().encode(vector.index)))).toBe(vector.indexMac)
    expect(toHex(snapshotMac)).toBe(vector.snapshotMac)
    expect(toHex(patchMacOf(keys, { snapshotMac, valueMacs: vector.valueMacs.map(hex), version, collection }))).toBe(vector.patchMac)
    expect(toHex(valueMacOf(keys, vector.operation, hex(vector.keyId), hex(vector.ivAndCiphertext)))).toBe(vector.valueMac)
  })

  interface HashCase {
    readonly base: string
    readonly subtract: readonly string[]
    readonly add: readonly string[]
    readonly result: string
  }
  it.each(vectorCases<HashCase>('app-state', 'lt-hash').map((vector) => [vector.id, vector] as const))('%s', (_, { base, subtract, add, result }) => {
    expect(toHex(ltHashOf(hex(base), { subtract: subtract.map(hex), add: add.map(hex) }))).toBe(result)
  })

  const patches = [...vectorCases<CollectionCase>('app-state', 'patch'), ...vectorCases<CollectionCase>('app-state', 'external-patch')]
  it.each(patches.filter(({ contested }) => !contested).map((vector) => [`${vector.id}: ${vector.note ?? vector.kind}`, vector] as const))('%s', (_, vector) => {
    const { collection, before, expected, file } = vector
    const state: CollectionState = before ? { version: before.version, ltHash: hex(before.ltHash), isHashDoubtful: false } : EMPTY_COLLECTION
    const present = new Map(Object.entries(before?.valueMacByIndexMac ?? {}).map(([index, value]) => [index, hex(value)]))
    const read = () => {
      const fields = decodePatch(collection, hex(vector.hex))
      const patch = patchOf(collection, fields, file === undefined ? undefined : fileOf(fields.externalMutations!, file))
      return readPatch(state, patch, present, finder(vector.keys))
    }
    // Only says that our hash went another way: the patch is taken, and the hash not compared any more.
    if (expected.failure === 'snapshot-mac') {
      expect(read().state.isHashDoubtful).toBe(true)
      return
    }
    if (expected.failure !== undefined) {
      expect(FAULTS[expected.failure]).toContain(faultOf(read))
      return
    }
    const { state: after, valueMacs, mutations } = read()
    const entries = new Map<string, Uint8Array | undefined>([...present, ...valueMacs])
    expect(told(mutations)).toEqual(expected.mutations)
    expect({ version: after.version, ltHash: toHex(after.ltHash), entries: [...entries.values()].filter(Boolean).length }).toEqual(expected.after)
    expect(after.isHashDoubtful).toBe(false)
  })

  const snapshots = [...vectorCases<CollectionCase>('app-state', 'snapshot'), ...vectorCases<CollectionCase>('app-state', 'external-snapshot')]
  it.each(snapshots.map((vector) => [`${vector.id}: ${vector.note ?? vector.kind}`, vector] as const))('%s', (_, { collection, keys, hex: bytes, file, expected }) => {
    const read = () => {
      const content = file === undefined ? hex(bytes) : fileOf(ExternalBlobReference.decode(hex(bytes)), file)
      return readSnapshot(collection, decodeSnapshot(collection, content), finder(keys))
    }
    if (expected.failure !== undefined) {
      expect(FAULTS[expected.failure] ?? [expected.failure]).toContain(faultOf(read))
      return
    }
    const { state, valueMacs, mutations } = read()
    expect(told(mutations)).toEqual(expected.mutations)
    expect({ version: state.version, ltHash: toHex(state.ltHash), entries: valueMacs.size }).toEqual(expected.after)
  })
})
