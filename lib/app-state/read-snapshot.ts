import { equalBytes, toHex } from '../bytes/bytes.ts'
import { AppStateRejected } from '../errors/app-state-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { SyncdSnapshot } from '../proto/content.generated.ts'
import type { CollectionState } from './collection.ts'
import { EMPTY_LT_HASH, ltHashOf } from './lt-hash.ts'
import { snapshotMacOf } from './macs.ts'
import { readRecord, recordReading, type ReadMutation } from './mutation.ts'
import type { FindSyncKeys } from './sync-keys.ts'

/** A whole collection as a snapshot has it. */
export interface SnapshotCollection {
  readonly state: CollectionState
  /** Every value MAC, by its index MAC in hex; whatever was known before goes. */
  readonly valueMacs: ReadonlyMap<string, Uint8Array>
  readonly mutations: readonly ReadMutation[]
}

/** Decodes a snapshot. @throws AppStateRejected `malformed` */
export const decodeSnapshot = (collection: string, bytes: Uint8Array): SyncdSnapshot => {
  try {
    return SyncdSnapshot.decode(bytes)
  } catch (cause) {
    if (cause instanceof ProtoMalformed) throw new AppStateRejected(collection, 'malformed', { cause })
    throw cause
  }
}

/** The ids of all keys a snapshot needs. */
export const keyIdsOfSnapshot = ({ keyId, records = [] }: SyncdSnapshot): readonly Uint8Array[] =>
  [keyId?.id, ...records.map((record) => record.keyId?.id)].filter((id) => id !== undefined)

/**
 * Checks and reads a snapshot (protocol document 08, section 6.1).
 *
 * @param options.trusts takes it although its MAC is wrong: the same snapshot failed before, and would for ever
 * @throws AppStateRejected
 */
export const readSnapshot = (collection: string, snapshot: SyncdSnapshot, findKeys: FindSyncKeys, { trusts = false } = {}): SnapshotCollection => {
  const { version, records = [], mac, keyId } = snapshot
  if (keyIdsOfSnapshot(snapshot).some((id) => !findKeys(id))) throw new AppStateRejected(collection, 'missing_key')
  const reading = recordReading(findKeys)
  const mutations = records.map((record) => readRecord('set', record, reading, collection))
  const ltHash = ltHashOf(EMPTY_LT_HASH, { subtract: [], add: mutations.map(({ valueMac }) => valueMac) })
  const number = Number(version?.version ?? 0)
  const keys = keyId?.id && findKeys(keyId.id)
  const isRight = mac !== undefined && keys !== undefined && equalBytes(snapshotMacOf(keys, ltHash, number, collection), mac)
  if (!isRight && !trusts) throw new AppStateRejected(collection, 'snapshot_mac', { snapshotVersion: number })
  return {
    state: { version: number, ltHash, isHashDoubtful: !isRight },
    valueMacs: new Map(mutations.map(({ indexMac, valueMac }) => [toHex(indexMac), valueMac.slice()])),
    mutations,
  }
}
