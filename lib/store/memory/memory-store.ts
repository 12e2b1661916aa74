import { StoreFailed, StoreInUse } from '../../errors/store-errors.ts'
import { tables, type OpenStore, type Store, type Table, type Write } from '../store.ts'

/**
 * A store in memory: it survives a reconnect and a new client in the same process, not the process.
 * Every call answers at once.
 *
 * @example
 * const client = createClient({ store: memoryStore() })
 */
export const memoryStore = (): Store => {
  const rows: ReadonlyMap<Table, Map<string, Uint8Array>> = new Map(tables.map((table) => [table, new Map()]))
  const rowsOf = (table: Table): Map<string, Uint8Array> => rows.get(table)!
  let isOpen = false

  return {
    open(): OpenStore {
      if (isOpen) throw new StoreInUse()
      isOpen = true
      let isMine = true
      const mine = (during: 'read' | 'commit'): void => {
        if (!isMine) throw new StoreFailed(during, { cause: new Error('the store was closed') })
      }
      return {
        read: (table, key) => (mine('read'), rowsOf(table).get(key)),
        readMany: (table, keys) => (mine('read'), keys.map((key) => rowsOf(table).get(key))),
        scan: (table, after, limit) => {
          mine('read')
          const keys = [...rowsOf(table).keys()].filter((key) => after === undefined || key > after).sort()
          return keys.slice(0, limit).map((key) => ({ key, value: rowsOf(table).get(key)! }))
        },
        commit: (writes: readonly Write[]) => {
          mine('commit')
          for (const { table, key, value } of writes) {
            if (value === undefined) rowsOf(table).delete(key)
            else rowsOf(table).set(key, value)
          }
        },
        close: () => {
          if (isMine) isOpen = false
          isMine = false
        },
      }
    },
  }
}
