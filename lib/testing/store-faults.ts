import type { SchedulerLike } from 'rxjs'

import { StoreFailed } from '../errors/store-errors.ts'
import { mapAwaitable } from '../store/map-awaitable.ts'
import type { Awaitable, OpenStore, Store, Table, Write } from '../store/store.ts'

/**
 * What becomes of one call of a store.
 *
 * - `pass`: nothing unusual.
 * - `fail_before`: it fails and had no effect. `fail_after`: it took effect and fails all the same.
 * - `hang_before`, `hang_after`: it never answers, without or with its effect.
 * - `kill_before`, `kill_after`: as if the process ended there. This call and all later ones of this open store
 *   never answer and change nothing; the store itself is free to be opened again, as after a crash.
 * - `{ delayMs }`: it begins so much later, on the scheduler of the script, and answers by a promise.
 */
export type StoreFault =
  | 'pass'
  | 'fail_before'
  | 'fail_after'
  | 'hang_before'
  | 'hang_after'
  | 'kill_before'
  | 'kill_after'
  | { readonly delayMs: number }

/** Which calls of a store go wrong; a call nobody decides on passes. */
export interface StoreScript {
  /** Asked before each commit; `index` counts from 1 and goes on when the store is opened again. */
  readonly commits?: (index: number, writes: readonly Write[]) => StoreFault
  /** Asked before each `read`, `readMany` and `scan`; `keys` is empty for a scan. */
  readonly reads?: (index: number, table: Table, keys: readonly string[]) => StoreFault
  /** Told when a `kill_…` happens, so that the rest of the process can be ended too. */
  readonly onKill?: () => void
  /** The clock of delays; needed only for them. */
  readonly scheduler?: SchedulerLike
}

/** A store that fails on demand. */
export interface FaultyStore extends Store {
  /** Commits asked for so far. */
  readonly commitCount: () => number
  /** Reads asked for so far. */
  readonly readCount: () => number
}

/**
 * A store around another one that fails, hangs, is late or dies where a script says so, for tests of what a
 * client does then.
 *
 * @example
 * const disk = memoryStore()
 * const store = faultyStore(disk, { commits: (index) => (index === 3 ? 'kill_after' : 'pass') })
 */
export const faultyStore = (store: Store, script: StoreScript): FaultyStore => {
  let commits = 0
  let reads = 0

  const faultyRows = (inner: OpenStore): OpenStore => {
    let isDead = false

    const die = (): Awaitable<never> => {
      isDead = true
      return mapAwaitable(inner.close(), () => {
        script.onKill?.()
        return never()
      })
    }

    const run = <T>(during: 'read' | 'commit', fault: StoreFault, call: () => Awaitable<T>): Awaitable<T> => {
      if (isDead) return never()
      if (typeof fault === 'object') return delayed(script.scheduler, fault.delayMs, () => run(during, 'pass', call))
      switch (fault) {
        case 'pass':
          return call()
        case 'fail_before':
          throw injected(during)
        case 'fail_after':
          return mapAwaitable(call(), () => {
            throw injected(during)
          })
        case 'hang_before':
          return never()
        case 'hang_after':
          return mapAwaitable(call(), never)
        case 'kill_before':
          return die()
        case 'kill_after':
          return mapAwaitable(call(), die)
      }
    }

    const read = <T>(table: Table, keys: readonly string[], call: () => Awaitable<T>): Awaitable<T> => {
      if (isDead) return never()
      reads += 1
      return run('read', script.reads?.(reads, table, keys) ?? 'pass', call)
    }

    return {
      gathersCommits: inner.gathersCommits ?? false,
      read: (table, key) => read(table, [key], () => inner.read(table, key)),
      readMany: (table, keys) => read(table, keys, () => inner.readMany(table, keys)),
      scan: (table, after, limit) => read(table, [], () => inner.scan(table, after, limit)),
      commit: (writes) => {
        if (isDead) return never()
        commits += 1
        return run('commit', script.commits?.(commits, writes) ?? 'pass', () => inner.commit(writes))
      },
      close: () => (isDead ? undefined : inner.close()),
    }
  }

  return {
    open: () => mapAwaitable(store.open(), faultyRows),
    commitCount: () => commits,
    readCount: () => reads,
  }
}

/**
 * The same store answering every call by a promise, as one across a network would.
 *
 * @param scheduler each answer is an action of it, due at once; default: a microtask
 */
export const asyncStore = (store: Store, scheduler?: SchedulerLike): Store => {
  const later = <T>(call: () => Awaitable<T>): Promise<T> => (scheduler ? delayed(scheduler, 0, call) : Promise.resolve().then(call))
  return {
    open: () =>
      later(() => store.open()).then((inner) => ({
        read: (table, key) => later(() => inner.read(table, key)),
        readMany: (table, keys) => later(() => inner.readMany(table, keys)),
        scan: (table, after, limit) => later(() => inner.scan(table, after, limit)),
        commit: (writes) => later(() => inner.commit(writes)),
        close: () => later(() => inner.close()),
      })),
  }
}

const injected = (during: 'read' | 'commit'): StoreFailed => new StoreFailed(during, { cause: new Error('a fault of the test') })

const never = (): Promise<never> => new Promise(() => {})

const delayed = <T>(scheduler: SchedulerLike | undefined, delayMs: number, call: () => Awaitable<T>): Promise<T> => {
  if (!scheduler) throw new TypeError('a script with delays needs a scheduler')
  return new Promise<void>((resolve) => {
    scheduler.schedule(() => resolve(), delayMs)
  }).then(call)
}
