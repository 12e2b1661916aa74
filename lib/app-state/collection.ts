import { EMPTY_LT_HASH } from './lt-hash.ts'

/** The five parts of the app state, in the order they are asked for (protocol document 08, section 1). */
export const collectionNames = ['critical_block', 'critical_unblock_low', 'regular', 'regular_high', 'regular_low'] as const

/** One part of the app state. */
export type CollectionName = (typeof collectionNames)[number]

/** Whether a name is one of ours. */
export const isCollectionName = (name: string): name is CollectionName => (collectionNames as readonly string[]).includes(name)

/** How far a collection was read. */
export interface CollectionState {
  /** 0: never. */
  readonly version: number
  readonly ltHash: Uint8Array
  /**
   * Our hash differs from that of whoever wrote the last patches, or the last snapshot was taken although its
   * MAC was wrong: not compared again before the next snapshot (protocol document 08, section 6.3).
   */
  readonly isHashDoubtful: boolean
}

/** A collection nobody has read yet. */
export const EMPTY_COLLECTION: CollectionState = { version: 0, ltHash: EMPTY_LT_HASH, isHashDoubtful: false }

/** The value MACs of a collection that change; undefined for an index that goes. Keys are index MACs in hex. */
export type ValueMacChanges = ReadonlyMap<string, Uint8Array | undefined>
