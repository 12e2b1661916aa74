/** Keeps the newest of many, whatever order they come in; at most twice as many are held on the way. */
export interface Newest<T> {
  readonly add: (item: T) => void
  /** Oldest first. */
  readonly newest: () => readonly T[]
}

/** @param most how many are kept */
export const keepNewest = <T extends { readonly atSeconds: number }>(most: number): Newest<T> => {
  let items: T[] = []
  const cut = (): void => {
    items.sort((one, other) => one.atSeconds - other.atSeconds)
    if (items.length > most) items = items.slice(-most)
  }
  return {
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
