import { mapAwaitable } from '../../lib/store/map-awaitable.ts'
import type { OpenStore, Store } from '../../lib/store/store.ts'
import type { Mode } from './child-plan.ts'

/** No `finally` runs and nothing is flushed. */
const kill = (): never => {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('still alive')
}

/**
 * A store whose process ends at the commit of this index, or whose disk refuses it: then the next time the store is
 * opened it is the commit after that, and so on. `refused` hears of each before it fails.
 */
export const endAt = (store: Store, mode: Mode, index: number, most: number, refused: (index: number) => void): Store => {
  let next = index

  const counting = (inner: OpenStore): OpenStore => {
    let commits = 0
    return {
      read: (table, key) => inner.read(table, key),
      readMany: (table, keys) => inner.readMany(table, keys),
      scan: (table, after, limit) => inner.scan(table, after, limit),
      close: () => inner.close(),
      commit: (writes) => {
        commits += 1
        if (commits !== next || next - index >= most) return inner.commit(writes)
        switch (mode) {
          case 'kill-before':
            return kill()
          case 'kill-after':
            return mapAwaitable(inner.commit(writes), kill)
          case 'fail':
            refused(next)
            next += 1
            throw new Error('no space left on device')
        }
      },
    }
  }
  return { open: () => mapAwaitable(store.open(), counting) }
}
