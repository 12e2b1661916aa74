import type { Observable } from 'rxjs'

import { EMPTY_COLLECTION, type CollectionName, type CollectionState, type ValueMacChanges } from '../app-state/collection.ts'
import { LT_HASH_BYTES } from '../app-state/lt-hash.ts'
import { VALUE_MAC_BYTES } from '../app-state/macs.ts'
import { fromHex, toHex } from '../bytes/bytes.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { Quarantine } from '../store/quarantine.ts'
import type { OpenStore, Write } from '../store/store.ts'

/** How far the app state was read, and what it holds by the MACs that stand for it. */
export interface AppStateShelf {
  readonly state: (collection: CollectionName) => Observable<CollectionState>
  /** The value MACs of some indexes, and what a change of them is to the store. */
  readonly look: (collection: CollectionName, indexMacs: readonly string[]) => Observable<Looked>
  /** Replaces a collection; what was there before goes. */
  readonly replace: (collection: CollectionName, state: CollectionState, valueMacs: ReadonlyMap<string, Uint8Array>) => readonly Write[]
}

/** A part of a collection that was read to be changed. */
export interface Looked {
  readonly present: ReadonlyMap<string, Uint8Array>
  readonly change: (state: CollectionState, changes: ValueMacChanges) => readonly Write[]
}

/*
 * MACs lie in rows by the first byte of their index: few enough to be replaced as a whole, small enough to be
 * rewritten for one change, and known by name to a store that hides its keys.
 */
const BUCKETS = Array.from({ length: 256 }, (_, first) => first.toString(16).padStart(2, '0'))
const ENTRY_BYTES = 32 + VALUE_MAC_BYTES

/** What a shelf needs. */
export interface AppStateShelfParts {
  readonly store: OpenStore
  readonly quarantine: Quarantine
}

/** A shelf over an open store. */
export const createAppStateShelf = ({ store, quarantine }: AppStateShelfParts): AppStateShelf => {
  const states = new Map<CollectionName, CollectionState>()

  const state = (collection: CollectionName): Observable<CollectionState> => {
    const known = states.get(collection)
    if (known) return atOnce(known)
    return mapped(answerOf(store.read('app_state', collection)), (row) => {
      const read = row && decodeState(row)
      // Read again from a snapshot.
      if (row && !read) quarantine.put('app_state', collection, row)
      const present = read ?? EMPTY_COLLECTION
      states.set(collection, present)
      return present
    })
  }

  const keep = (collection: CollectionName, next: CollectionState): Write => {
    states.set(collection, next)
    return { table: 'app_state', key: collection, value: encodeState(next) }
  }

  return {
    state,
    look: (collection, indexMacs) => {
      const buckets = [...new Set(indexMacs.map(bucketOf))]
      const keys = buckets.map((bucket) => rowOf(collection, bucket))
      return mapped(answerOf(store.readMany('app_state_macs', keys)), (rows) => {
        const entries = new Map(buckets.map((bucket, index) => [bucket, decodeBucket(rows[index])]))
        return {
          present: new Map([...entries.values()].flatMap((bucket) => [...bucket])),
          change: (next, changes) => {
            const touched = new Set<string>()
            for (const [indexMac, valueMac] of changes) {
              const bucket = bucketOf(indexMac)
              touched.add(bucket)
              if (valueMac) entries.get(bucket)!.set(indexMac, valueMac)
              else entries.get(bucket)!.delete(indexMac)
            }
            return [...[...touched].map((bucket) => bucketWrite(collection, bucket, entries.get(bucket)!)), keep(collection, next)]
          },
        }
      })
    },
    replace: (collection, next, valueMacs) => {
      const entries = new Map(BUCKETS.map((bucket) => [bucket, new Map<string, Uint8Array>()]))
      for (const [indexMac, valueMac] of valueMacs) entries.get(bucketOf(indexMac))!.set(indexMac, valueMac)
      return [...[...entries].map(([bucket, content]) => bucketWrite(collection, bucket, content)), keep(collection, next)]
    },
  }
}

const bucketOf = (indexMac: string): string => indexMac.slice(0, 2)
const rowOf = (collection: string, bucket: string): string => `${collection}/${bucket}`

const bucketWrite = (collection: string, bucket: string, entries: ReadonlyMap<string, Uint8Array>): Write => {
  if (entries.size === 0) return { table: 'app_state_macs', key: rowOf(collection, bucket), value: undefined }
  const value = new Uint8Array(entries.size * ENTRY_BYTES)
  let offset = 0
  for (const [indexMac, valueMac] of entries) {
    value.set(fromHex(indexMac), offset)
    value.set(valueMac, offset + 32)
    offset += ENTRY_BYTES
  }
  return { table: 'app_state_macs', key: rowOf(collection, bucket), value }
}

/** A damaged row holds nothing: the hash of the collection then differs, which the next snapshot mends. */
const decodeBucket = (row: Uint8Array | undefined): Map<string, Uint8Array> => {
  const entries = new Map<string, Uint8Array>()
  if (!row || row.length % ENTRY_BYTES !== 0) return entries
  for (let offset = 0; offset < row.length; offset += ENTRY_BYTES)
    entries.set(toHex(row.subarray(offset, offset + 32)), row.slice(offset + 32, offset + ENTRY_BYTES))
  return entries
}

/** Version, hash, doubt. */
const encodeState = ({ version, ltHash, isHashDoubtful }: CollectionState): Uint8Array => {
  const row = new Uint8Array(8 + LT_HASH_BYTES + 1)
  new DataView(row.buffer).setBigUint64(0, BigInt(version))
  row.set(ltHash, 8)
  row[8 + LT_HASH_BYTES] = isHashDoubtful ? 1 : 0
  return row
}

const decodeState = (row: Uint8Array): CollectionState | undefined => {
  if (row.length !== 8 + LT_HASH_BYTES + 1) return undefined
  const version = Number(new DataView(row.buffer, row.byteOffset).getBigUint64(0))
  if (!Number.isSafeInteger(version)) return undefined
  return { version, ltHash: row.slice(8, 8 + LT_HASH_BYTES), isHashDoubtful: row[8 + LT_HASH_BYTES] === 1 }
}
