/** Keeps the newest of many, whatever order they come in; at most twice as many are held on the way. */
export interface Newest<T> {
  /** Whether something of this age may still be among the newest. */
  readonly wants: (atSeconds: number) => boolean
  readonly add: (item: T) => void
  /** Oldest first. */
  readonly newest: () => readonly T[]
}

/** @param most how many are kept */
export const keepNewest = <T extends { readonly atSeconds: number }>(most: number): Newest<T> => {
  let items: T[] = []
  let oldest = -Infinity
  const cut = (): void => {
    items.sort((one, other) => one.atSeconds - other.atSeconds)
    if (items.length < most) return
    items = items.slice(-most)
    oldest = items[0]?.atSeconds ?? oldest
  }
  return {
    wants: (atSeconds) => atSeconds >= oldest,
    add: (item) => {
      items.push(item)
      if (items.length >= most * 2) cut()
    },
    newest: () => {
      cut()
      return items
    },
  }
}
