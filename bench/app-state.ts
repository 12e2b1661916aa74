/** Reading the app state: snapshots and patches, beside Baileys. One operation is a whole snapshot or patch. */
import { EMPTY_COLLECTION } from '../lib/app-state/collection.ts'
import { ltHashOf, EMPTY_LT_HASH } from '../lib/app-state/lt-hash.ts'
import { snapshotMacOf } from '../lib/app-state/macs.ts'
import { writeRecord, type Mutation } from '../lib/app-state/mutation.ts'
import { decodePatch, patchOf, readPatch } from '../lib/app-state/read-patch.ts'
import { decodeSnapshot, readSnapshot } from '../lib/app-state/read-snapshot.ts'
import { expandSyncKey, type SyncKey } from '../lib/app-state/sync-keys.ts'
import { writePatch } from '../lib/app-state/write-patch.ts'
import { SyncdPatch, SyncdSnapshot } from '../lib/proto/content.generated.ts'
import type { Row } from './harness.ts'
import type { Peers } from './peers.ts'

const COLLECTION = 'regular_low'
const ROUNDS = 5
const keyData = new Uint8Array(32).fill(7)
const keyId = Uint8Array.of(0, 0, 0, 0, 0, 1)
const key: SyncKey = { keyId, ...expandSyncKey(keyData) }
const findKeys = (): SyncKey => key

const mutations = (count: number): readonly Mutation[] =>
  Array.from({ length: count }, (_, index) => ({
    operation: 'set' as const,
    index: ['contact', `1555${String(index).padStart(7, '0')}@s.whatsapp.net`],
    version: 2,
    value: { timestamp: 1_700_000_000_000 + index, contactAction: { fullName: `Somebody Number ${index}`, firstName: 'Somebody', saveOnPrimaryAddressbook: true } },
  }))

const snapshotOf = (count: number): Uint8Array => {
  const written = mutations(count).map((mutation) => writeRecord(mutation, key))
  const ltHash = ltHashOf(EMPTY_LT_HASH, { subtract: [], add: written.map(({ valueMac }) => valueMac) })
  return SyncdSnapshot.encode({
    version: { version: 1 },
    records: written.map(({ record }) => record),
    mac: snapshotMacOf(key, ltHash, 1, COLLECTION),
    keyId: { id: keyId },
  })
}

const patchBytes = (count: number): Uint8Array => {
  const { bytes } = writePatch(COLLECTION, EMPTY_COLLECTION, mutations(count), new Map(), key)
  return SyncdPatch.encode({ ...SyncdPatch.decode(bytes), version: { version: 1 } })
}

/** What is used of Baileys here. */
interface BaileysAppState {
  readonly proto: { readonly SyncdSnapshot: Decoder; readonly SyncdPatch: Decoder }
  readonly decodeSyncdSnapshot: (name: string, snapshot: unknown, findKey: () => Promise<object>) => Promise<unknown>
  readonly decodePatches: (name: string, patches: readonly unknown[], state: object, findKey: () => Promise<object>, options: object) => Promise<unknown>
  readonly newLTHashState: () => object
}
interface Decoder {
  readonly decode: (bytes: Uint8Array) => unknown
}

interface Contestant {
  readonly item: string
  readonly library: string
  readonly run: () => unknown
}

const contestants = (peers: Peers): readonly Contestant[] => {
  const baileys = peers.baileys as unknown as BaileysAppState | undefined
  const findKey = (): Promise<object> => Promise.resolve({ keyData })
  const snapshots = [5_000, 50_000].map((count) => ({ item: `app-state snapshot, ${count.toLocaleString('en')} entries`, bytes: snapshotOf(count) }))
  const patch = { item: 'app-state patch, 500 mutations', bytes: patchBytes(500) }
  return [
    ...snapshots.flatMap(({ item, bytes }) => [
      { item, library: 'rxwa', run: () => readSnapshot(COLLECTION, decodeSnapshot(COLLECTION, bytes), findKeys) },
      ...(baileys ? [{ item, library: 'baileys', run: () => baileys.decodeSyncdSnapshot(COLLECTION, baileys.proto.SyncdSnapshot.decode(bytes), findKey) }] : []),
    ]),
    { item: patch.item, library: 'rxwa', run: () => readPatch(EMPTY_COLLECTION, patchOf(COLLECTION, decodePatch(COLLECTION, patch.bytes)), new Map(), findKeys) },
    ...(baileys
      ? [{ item: patch.item, library: 'baileys', run: () => baileys.decodePatches(COLLECTION, [baileys.proto.SyncdPatch.decode(patch.bytes)], baileys.newLTHashState(), findKey, {}) }]
      : []),
  ]
}

/** Runs every library in turns, so that a slow moment of the machine hits all alike; gives the medians. */
export const run = async (peers: Peers): Promise<readonly Row[]> => {
  const all = contestants(peers)
  const times = new Map(all.map((contestant) => [contestant, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const contestant of all) {
      const startedAt = performance.now()
      await contestant.run()
      // The first one warms up.
      if (round > 0) times.get(contestant)!.push(performance.now() - startedAt)
    }
  return all.map((contestant) => {
    const median = times.get(contestant)!.toSorted((one, other) => one - other)[ROUNDS >> 1]!
    return { item: contestant.item, library: contestant.library, opsPerSecond: 1_000 / median, note: `${median.toFixed(1)} ms` }
  })
}
