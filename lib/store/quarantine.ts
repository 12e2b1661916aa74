import type { CommitQueue } from './commit-queue.ts'
import type { Table, Write } from './store.ts'

/**
 * Rows that cannot be read. They are moved aside instead of being thrown away, so that somebody can look
 * at them, and count as absent from then on, so that the protocol repairs what it can.
 */
export interface Quarantine {
  /** Moves a row aside with the next commit. */
  readonly put: (table: Table, key: string, value: Uint8Array) => void
  /** Rows put aside since the store was opened. */
  readonly count: () => number
}

/** Rows kept for a look; later ones are only deleted and counted. */
const MOST_KEPT = 1_000

/**
 * An empty quarantine.
 *
 * @param ride hands changes to the next commit
 * @param onRow told of every row, without its content
 */
export const createQuarantine = (ride: CommitQueue['ride'], onRow: (table: Table) => void): Quarantine => {
  let count = 0
  return {
    put: (table, key, value) => {
      count += 1
      const writes = quarantineWrites(table, key, value)
      ride(() => (count <= MOST_KEPT ? writes : writes.slice(0, 1)))
      onRow(table)
    },
    count: () => count,
  }
}

/** Moves a row out of the way, into `quarantine` under `<table>/<key>`, where it can be looked at; its deletion comes first. */
export const quarantineWrites = (table: Table, key: string, value: Uint8Array): readonly Write[] => [
  { table, key, value: undefined },
  { table: 'quarantine', key: `${table}/${key}`, value },
]
