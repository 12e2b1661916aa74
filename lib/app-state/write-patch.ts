import { toHex } from '../bytes/bytes.ts'
import { SyncdPatch } from '../proto/content.generated.ts'
import type { CollectionState, ValueMacChanges } from './collection.ts'
import { ltHashOf } from './lt-hash.ts'
import { patchMacOf, snapshotMacOf } from './macs.ts'
import { indexBytesOf, writeRecord, type Mutation } from './mutation.ts'
import { indexMacOf } from './macs.ts'
import type { SyncKey } from './sync-keys.ts'

/** A patch that is ready to be sent, and what the collection is once the server took it. */
export interface WrittenPatch {
  readonly bytes: Uint8Array
  readonly state: CollectionState
  readonly valueMacs: ValueMacChanges
}

/** Of several mutations of one index only the last counts. */
export const lastOfEachIndex = (mutations: readonly Mutation[]): readonly Mutation[] => [
  ...new Map(mutations.map((mutation) => [JSON.stringify(mutation.index), mutation])).values(),
]

/** The index MACs, in hex, whose present value MACs {@link writePatch} has to be given. */
export const indexMacsOf = (mutations: readonly Mutation[], key: SyncKey): readonly string[] =>
  mutations.map(({ index }) => toHex(indexMacOf(key, indexBytesOf(index))))

/**
 * Writes a patch on top of a collection (protocol document 08, section 8). The server gives it its number,
 * so it has none.
 *
 * @param mutations at most one per index
 * @param present the stored value MACs of their indexes
 */
export const writePatch = (collection: string, before: CollectionState, mutations: readonly Mutation[], present: ReadonlyMap<string, Uint8Array>, key: SyncKey): WrittenPatch => {
  const written = mutations.map((mutation) => writeRecord(mutation, key))
  const version = before.version + 1
  const subtract = written.flatMap(({ indexMac }) => present.get(toHex(indexMac)) ?? [])
  const add = written.filter(({ operation }) => operation === 'set').map(({ valueMac }) => valueMac)
  const ltHash = ltHashOf(before.ltHash, { subtract, add })
  const snapshotMac = snapshotMacOf(key, ltHash, version, collection)
  const patchMac = patchMacOf(key, { snapshotMac, valueMacs: written.map(({ valueMac }) => valueMac), version, collection })
  return {
    bytes: SyncdPatch.encode({
      mutations: written.map(({ operation, record }) => ({ operation: operation === 'set' ? 0 : 1, record })),
      snapshotMac,
      patchMac,
      keyId: { id: key.keyId },
    }),
    state: { ...before, version, ltHash },
    valueMacs: new Map(written.map(({ operation, indexMac, valueMac }) => [toHex(indexMac), operation === 'set' ? valueMac : undefined])),
  }
}
