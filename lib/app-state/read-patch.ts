import { equalBytes, toHex } from '../bytes/bytes.ts'
import { AppStateRejected, type AppStateFault } from '../errors/app-state-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import { SyncdMutations, SyncdPatch } from '../proto/content.generated.ts'
import type { SyncdMutation } from '../proto/types.generated.ts'
import type { CollectionState, ValueMacChanges } from './collection.ts'
import { ltHashOf } from './lt-hash.ts'
import { patchMacOf, snapshotMacOf, VALUE_MAC_BYTES } from './macs.ts'
import { readRecord, recordReading, type ReadMutation } from './mutation.ts'
import type { FindSyncKeys, SyncKeys } from './sync-keys.ts'

/** A patch with its mutations at hand. */
export interface Patch {
  readonly collection: string
  /** The version it creates. */
  readonly version: number
  readonly fields: SyncdPatch
  readonly mutations: readonly SyncdMutation[]
}

/** What a collection is after a patch. */
export interface PatchedCollection {
  readonly state: CollectionState
  readonly valueMacs: ValueMacChanges
  readonly mutations: readonly ReadMutation[]
}

/** Decodes a patch. @throws AppStateRejected `malformed` */
export const decodePatch = (collection: string, bytes: Uint8Array): SyncdPatch => decoded(collection, () => SyncdPatch.decode(bytes))

/** A patch and its mutations, which may lie in a file. @throws AppStateRejected `malformed` */
export const patchOf = (collection: string, fields: SyncdPatch, file?: Uint8Array): Patch => {
  const inline = fields.mutations ?? []
  if (fields.externalMutations && inline.length > 0) throw new AppStateRejected(collection, 'malformed')
  const mutations = file ? (decoded(collection, () => SyncdMutations.decode(file)).mutations ?? []) : inline
  return { collection, version: Number(fields.version?.version ?? 0), fields, mutations }
}

const decoded = <T>(collection: string, decode: () => T): T => {
  try {
    return decode()
  } catch (cause) {
    if (cause instanceof ProtoMalformed) throw new AppStateRejected(collection, 'malformed', { cause })
    throw cause
  }
}

/** The ids of all keys a patch needs. */
export const keyIdsOfPatch = ({ fields, mutations }: Patch): readonly Uint8Array[] =>
  [fields.keyId?.id, ...mutations.map(({ record }) => record?.keyId?.id)].filter((keyId) => keyId !== undefined)

/** The index MACs, in hex, whose present value MACs {@link readPatch} has to be given. */
export const indexMacsOfPatch = ({ mutations }: Patch): readonly string[] =>
  mutations.flatMap(({ record }) => (record?.index?.blob ? [toHex(record.index.blob)] : []))

const OPERATIONS = ['set', 'remove'] as const

interface Change {
  readonly operation: 'set' | 'remove'
  readonly indexMac: string
  readonly valueMac: Uint8Array
}

/**
 * Checks a patch against the collection it continues and reads it; nothing changes when a check fails. The
 * checks come in the order of protocol document 08, section 6.2.
 *
 * @param present the stored value MACs of the indexes the patch names
 * @throws AppStateRejected
 */
export const readPatch = (before: CollectionState, patch: Patch, present: ReadonlyMap<string, Uint8Array>, findKeys: FindSyncKeys): PatchedCollection => {
  const { collection, version, fields, mutations } = patch
  const reject = (fault: AppStateFault): AppStateRejected => new AppStateRejected(collection, fault)
  if (keyIdsOfPatch(patch).some((keyId) => !findKeys(keyId))) throw reject('missing_key')
  const keys = fields.keyId?.id && findKeys(fields.keyId.id)
  if (!keys) throw reject('malformed')
  if (before.version === 0 && version !== 1) throw reject('unseeded')
  if (version !== before.version + 1) throw reject('version_gap')
  const changes = mutations.map((mutation) => changeOf(mutation, reject))
  const reading = recordReading(findKeys)
  const { subtract, add, valueMacs } = weigh(changes, present)
  const ltHash = ltHashOf(before.ltHash, { subtract, add })
  checkPatchMac(patch, keys, changes, reject)
  const isHashWrong = isSnapshotMacWrong(patch, keys, ltHash, reject)
  refuseDuplicates(changes, reject)
  if (fields.exitCode?.code !== undefined && Number(fields.exitCode.code) !== 0) throw reject('exit_code')
  return {
    state: { version, ltHash, isHashDoubtful: before.isHashDoubtful || isHashWrong },
    valueMacs,
    mutations: mutations.map(({ record }, index) => readRecord(changes[index]!.operation, record!, reading, collection)),
  }
}

type Reject = (fault: AppStateFault) => AppStateRejected

const changeOf = ({ operation = 0, record }: SyncdMutation, reject: Reject): Change => {
  const name = OPERATIONS[operation]
  if (!name || !record?.index?.blob || !record.value?.blob) throw reject('malformed')
  return { operation: name, indexMac: toHex(record.index.blob), valueMac: record.value.blob.subarray(-VALUE_MAC_BYTES) }
}

/**
 * What enters the hash and what leaves it. A removal takes the stored value, whatever the patch sets beside it;
 * an index that is both set and removed stays, with what was set, as the web client has it (protocol document
 * 08, section 5). A removal of what is not there takes nothing: the MAC decides whether that is right.
 */
const weigh = (changes: readonly Change[], present: ReadonlyMap<string, Uint8Array>) => {
  const removed = new Set(changes.filter(({ operation }) => operation === 'remove').map(({ indexMac }) => indexMac))
  const set = new Map<string, Uint8Array>()
  const subtract: Uint8Array[] = []
  const add: Uint8Array[] = []
  for (const { operation, indexMac, valueMac } of changes) {
    const stored = operation === 'set' && removed.has(indexMac) ? undefined : (operation === 'set' ? set.get(indexMac) : undefined) ?? present.get(indexMac)
    if (stored) subtract.push(stored)
    if (operation !== 'set') continue
    if (valueMac.length === VALUE_MAC_BYTES) add.push(valueMac)
    set.set(indexMac, valueMac)
  }
  const valueMacs = new Map<string, Uint8Array | undefined>()
  for (const indexMac of removed) valueMacs.set(indexMac, undefined)
  // A copy: the patch is a view into a frame that should be free to go.
  for (const [indexMac, valueMac] of set) valueMacs.set(indexMac, valueMac.slice())
  return { subtract, add, valueMacs }
}

const checkPatchMac = ({ collection, version, fields }: Patch, keys: SyncKeys, changes: readonly Change[], reject: Reject): void => {
  const { snapshotMac = NOTHING, patchMac } = fields
  const expected = patchMacOf(keys, { snapshotMac, valueMacs: changes.map(({ valueMac }) => valueMac), version, collection })
  if (!patchMac || !equalBytes(expected, patchMac)) throw reject('patch_mac')
}

const NOTHING = new Uint8Array(0)

/** A wrong one only says that our hash went another way than the author's: the patch itself is authentic. */
const isSnapshotMacWrong = ({ collection, version, fields: { snapshotMac } }: Patch, keys: SyncKeys, ltHash: Uint8Array, reject: Reject): boolean => {
  if (!snapshotMac && version === 1) throw reject('snapshot_mac')
  return !snapshotMac || !equalBytes(snapshotMacOf(keys, ltHash, version, collection), snapshotMac)
}

const refuseDuplicates = (changes: readonly Change[], reject: Reject): void => {
  const seen = new Set<string>()
  for (const { operation, indexMac } of changes) {
    const name = `${operation} ${indexMac}`
    if (seen.has(name)) throw reject('duplicate_index')
    seen.add(name)
  }
}
