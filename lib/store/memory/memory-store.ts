import { createAllocator } from '../../bytes/allocate.ts'
import { PassingMap } from '../../collections/passing-map.ts'
import { StoreFailed, StoreInUse } from '../../errors/store-errors.ts'
import { tables, type OpenStore, type Store, type Table, type Write } from '../store.ts'
import { sortedKeys, type SortedKeys } from './sorted-keys.ts'

interface Rows {
  readonly values: PassingMap<string, Uint8Array>
  readonly keys: SortedKeys
  readonly copyOf: (value: Uint8Array) => Uint8Array
}

/**
 * A store in memory: it survives a reconnect and a new client in the same process, not the process.
 * Every call answers at once.
 *
 * @example
 * const client = createClient({ store: memoryStore() })
 */
export const memoryStore = (): Store => {
  const rows: ReadonlyMap<Table, Rows> = new Map(tables.map((table) => [table, emptyRows()]))
  const rowsOf = (table: Table): Rows => rows.get(table)!
  let isOpen = false

  return {
    open(): OpenStore {
      if (isOpen) throw new StoreInUse()
      isOpen = true
      let isMine = true
      const mine = (during: 'read' | 'commit'): void => {
        if (!isMine) throw new StoreFailed(during, { cause: new Error('the store was closed') })
      }
      const read = (table: Table, key: string): Uint8Array | undefined => rowsOf(table).values.get(key)?.slice()
      return {
        read: (table, key) => (mine('read'), read(table, key)),
        readMany: (table, keys) => (mine('read'), keys.map((key) => read(table, key))),
        scan: (table, after, limit) => {
          mine('read')
          const { values, keys } = rowsOf(table)
          return keys.page(after, limit).map((key) => ({ key, value: values.get(key)!.slice() }))
        },
        commit: (writes: readonly Write[]) => {
          mine('commit')
          // Copies first: whatever cannot be copied fails before anything changed.
          const changes = writes.map(({ table, key, value }) => {
            const rows = rowsOf(table)
            return { rows, key, value: value && rows.copyOf(value) }
          })
          for (const change of changes) apply(change.rows, change.key, change.value)
        },
        close: () => {
          if (isMine) isOpen = false
          isMine = false
        },
      }
    },
  }
}

const emptyRows = (): Rows => {
  const values = new PassingMap<string, Uint8Array>()
  // Rows may live for ever, so blocks are small; those of one table live about as long as each other.
  const allocate = createAllocator(2_048)
  const copyOf = (value: Uint8Array): Uint8Array => {
    const copy = allocate(value.length)
    copy.set(value)
    return copy
  }
  return { values, keys: sortedKeys(() => values.keys()), copyOf }
}

const apply = ({ values, keys }: Rows, key: string, value: Uint8Array | undefined): void => {
  if (value === undefined) {
    if (values.delete(key)) keys.removed(key)
    return
  }
  if (!values.has(key)) keys.added(key)
  values.set(key, value)
}
