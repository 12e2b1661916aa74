import { mapAwaitable } from '../../lib/store/map-awaitable.ts'
import type { Awaitable, OpenStore, Store } from '../../lib/store/store.ts'

/** How a commit goes wrong. */
export type CommitEnd = 'fail_before' | 'fail_after' | 'kill_before' | 'kill_after'

/** The store of one process. */
export interface MortalStore extends Store {
  /** One of the next commits goes wrong; `after` of them pass before. */
  readonly plan: (end: CommitEnd, after: number) => void
  /** The process is gone: nothing of it reaches the store any more, which is free for the next one. */
  readonly die: () => void
}

const never = <T>(): Awaitable<T> => new Promise<T>(() => undefined)

/** Wraps what outlives the process; `onKill` is told when a planned commit is its last. */
export const mortalStore = (disk: Store, onKill: () => void): MortalStore => {
  let isDead = false
  let planned: { readonly end: CommitEnd; after: number } | undefined
  let opened: OpenStore | undefined

  const die = (): void => {
    isDead = true
    void opened?.close()
    opened = undefined
  }
  const kill = (): Awaitable<never> => {
    die()
    onKill()
    return never()
  }
  const fail = (): never => {
    throw new Error('no space left on device')
  }
  const alive = <T>(call: () => Awaitable<T>): Awaitable<T> => (isDead ? never() : call())

  const commit = (inner: OpenStore, writes: Parameters<OpenStore['commit']>[0]): Awaitable<void> => {
    if (!planned || planned.after > 0) {
      if (planned) planned.after -= 1
      return inner.commit(writes)
    }
    const { end } = planned
    planned = undefined
    switch (end) {
      case 'fail_before':
        return fail()
      case 'fail_after':
        return mapAwaitable(inner.commit(writes), fail)
      case 'kill_before':
        return kill()
      case 'kill_after':
        return mapAwaitable(inner.commit(writes), kill)
    }
  }

  return {
    plan: (end, after) => (planned = { end, after }),
    die,
    open: () =>
      alive(() =>
        mapAwaitable(disk.open(), (inner): OpenStore => {
          opened = inner
          return {
            read: (table, key) => alive(() => inner.read(table, key)),
            readMany: (table, keys) => alive(() => inner.readMany(table, keys)),
            scan: (table, after, limit) => alive(() => inner.scan(table, after, limit)),
            commit: (writes) => alive(() => commit(inner, writes)),
            close: () => alive(() => inner.close()),
          }
        }),
      ),
  }
}
