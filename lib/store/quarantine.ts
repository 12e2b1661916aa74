import type { Table, Write } from './store.ts'

/**
 * Moves a row that nobody can read out of the way, into `quarantine` under `<table>/<key>`, where it can be
 * looked at. How many rows are kept there is up to the caller.
 *
 * @example
 * await store.commit(quarantineWrites('sessions', key, value))
 */
export const quarantineWrites = (table: Table, key: string, value: Uint8Array): readonly Write[] => [
  { table, key, value: undefined },
  { table: 'quarantine', key: `${table}/${key}`, value },
]
