import { memoryStore } from '../../lib/store/memory/index.ts'
import type { Store, Write } from '../../lib/store/store.ts'

/** A store in memory whose commits are dear, as those of a disk are, and what was committed. */
export const gatheringStore = (): { readonly store: Store; readonly commits: (readonly Write[])[] } => {
  const commits: (readonly Write[])[] = []
  const inner = memoryStore()
  return {
    commits,
    store: {
      open: async () => {
        const opened = await inner.open()
        const commit = (writes: readonly Write[]) => {
          commits.push(writes)
          return opened.commit(writes)
        }
        return { ...opened, gathersCommits: true, commit }
      },
    },
  }
}
