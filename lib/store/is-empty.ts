import { mapAwaitable } from './map-awaitable.ts'
import { tables, type Awaitable, type OpenStore, type Table } from './store.ts'

/** Whether no table has a row. */
export const isEmpty = (store: OpenStore, [table, ...rest]: readonly Table[] = tables): Awaitable<boolean> =>
  table === undefined ? true : mapAwaitable(store.scan(table, undefined, 1), (rows) => rows.length === 0 && isEmpty(store, rest))
