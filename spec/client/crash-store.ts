import type { Awaitable, OpenStore, Store, Table, Write } from '../../lib/store/store.ts'

/** How a process meets its end at one of its commits. */
export type End =
  /** Killed before the transaction took effect. */
  | 'before'
  /** Killed after it took effect, before anybody heard of it. */
  | 'after'
  /** The disk refused it. */
  | 'failing'

/** A store whose process dies, or whose disk fails, at its n-th commit; what was durable stays. */
export interface CrashStore {
  readonly store: Store
  /** Called at the moment of the crash; nothing more may reach the network. */
  readonly onCrash: (die: () => void) => void
  readonly commits: () => number
  readonly crashed: () => boolean
}

const never = <T>(): Awaitable<T> => new Promise<T>(() => undefined)

/** Wraps a store; the wrapped one is free again after the crash. */
export const crashAt = (base: Store, index: number, end: End): CrashStore => {
  let commits = 0
  let isDead = false
  let die = (): void => undefined
  const store: Store = {
    open: () => {
      const opened = base.open() as OpenStore
      const crash = (): Awaitable<void> => {
        isDead = true
        void opened.close()
        die()
        return never()
      }
      return {
        read: (table: Table, key: string) => (isDead ? never() : opened.read(table, key)),
        readMany: (table: Table, keys: readonly string[]) => (isDead ? never() : opened.readMany(table, keys)),
        scan: (table: Table, after: string | undefined, limit: number) => (isDead ? never() : opened.scan(table, after, limit)),
        commit: (writes: readonly Write[]) => {
          if (isDead) return never()
          commits += 1
          if (commits === index && end === 'failing') throw new Error('no space left on device')
          if (commits === index && end === 'before') return crash()
          const answer = opened.commit(writes)
          return commits === index ? crash() : answer
        },
        close: () => (isDead ? never() : opened.close()),
      }
    },
  }
  return { store, onCrash: (given) => (die = given), commits: () => commits, crashed: () => isDead }
}
