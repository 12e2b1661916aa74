import { Gunzip } from 'fflate'

import { concat, equalBytes, toHex } from '../bytes/bytes.ts'
import { AppStateRejected } from '../errors/app-state-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { SyncdSnapshotRecovery } from '../proto/content.generated.ts'
import type { SyncActionData } from '../proto/types.generated.ts'
import { EMPTY_LT_HASH, LT_HASH_BYTES, ltHashOf } from './lt-hash.ts'
import { indexMacOf, VALUE_MAC_BYTES } from './macs.ts'
import { readIndex, type ReadMutation } from './mutation.ts'
import type { SnapshotCollection } from './read-snapshot.ts'
import type { FindSyncKeys } from './sync-keys.ts'

/** Most bytes of a recovery, inflated (the documents give none). */
const MOST_BYTES = 64 * 1024 * 1024

/** What our phone holds of a collection, in the clear (protocol document 08, section 11.3). @throws AppStateRejected `malformed` */
export const decodeRecovery = (collection: string, content: Uint8Array, isCompressed: boolean): SyncdSnapshotRecovery => {
  try {
    const recovery = SyncdSnapshotRecovery.decode(isCompressed ? unzip(collection, content) : content)
    if (recovery.collectionName !== collection) throw new AppStateRejected(collection, 'malformed')
    return recovery
  } catch (cause) {
    if (cause instanceof ProtoMalformed) throw new AppStateRejected(collection, 'malformed', { cause })
    throw cause
  }
}

const SLICE_BYTES = 64 * 1024

const unzip = (collection: string, content: Uint8Array): Uint8Array => {
  const chunks: Uint8Array[] = []
  let length = 0
  let isComplete = false
  const stream = new Gunzip((chunk, isLast) => {
    chunks.push(chunk)
    length += chunk.length
    isComplete = isLast
  })
  for (let start = 0; start < content.length; start += SLICE_BYTES) {
    try {
      stream.push(content.subarray(start, start + SLICE_BYTES), start + SLICE_BYTES >= content.length)
    } catch (cause) {
      throw new AppStateRejected(collection, 'malformed', { cause })
    }
    if (length > MOST_BYTES) throw new AppStateRejected(collection, 'malformed')
  }
  if (!isComplete) throw new AppStateRejected(collection, 'malformed')
  return concat(...chunks)
}

/** The ids of all keys a recovery needs. */
export const keyIdsOfRecovery = ({ mutationRecords = [] }: SyncdSnapshotRecovery): readonly Uint8Array[] => mutationRecords.flatMap(({ keyId }) => keyId ?? [])

/**
 * The collection in a recovery. It came encrypted from our own phone, so its entries need no MAC; that they add up
 * to the phone's hash is checked, because patches that follow build on it.
 *
 * @throws AppStateRejected
 */
export const readRecovery = (collection: string, { version, mutationRecords = [], collectionLthash }: SyncdSnapshotRecovery, findKeys: FindSyncKeys): SnapshotCollection => {
  const mutations = mutationRecords.map(({ value = {}, keyId, mac }) => readPlain(collection, value, keyId, mac, findKeys))
  const ltHash = ltHashOf(EMPTY_LT_HASH, { subtract: [], add: mutations.map(({ valueMac }) => valueMac) })
  if (collectionLthash?.length !== LT_HASH_BYTES || !equalBytes(ltHash, collectionLthash)) throw new AppStateRejected(collection, 'snapshot_mac')
  return {
    state: { version: Number(version?.version ?? 0), ltHash, isHashDoubtful: false },
    valueMacs: new Map(mutations.map(({ indexMac, valueMac }) => [toHex(indexMac), valueMac.slice()])),
    mutations,
  }
}

const readPlain = (collection: string, { index, value, version = 0 }: SyncActionData, keyId: Uint8Array | undefined, mac: Uint8Array | undefined, findKeys: FindSyncKeys): ReadMutation => {
  if (!index || !keyId || mac?.length !== VALUE_MAC_BYTES) throw new AppStateRejected(collection, 'malformed')
  const keys = findKeys(keyId)
  if (!keys) throw new AppStateRejected(collection, 'missing_key')
  return { operation: 'set', index: readIndex(index), version, indexMac: indexMacOf(keys, index), valueMac: mac, ...(value && { value }) }
}
