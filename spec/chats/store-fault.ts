import type { OpenStore, Store } from '../../lib/store/store.ts'

/** A store that fails at one of its next writes. */
export const storeFaults = (inner: Store): Store & { readonly failAt: (write: number | undefined) => void } => {
  let left: number | undefined
  return {
    failAt: (write) => (left = write),
    open: async () => {
      const open: OpenStore = await inner.open()
      return {
        ...open,
        commit: (writes) => {
          if (left !== undefined) left -= 1
          if (left === 0) throw new Error('the disk is full')
          return open.commit(writes)
        },
      }
    },
  }
}
