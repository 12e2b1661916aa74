import { compareKeys } from '../compare-keys.ts'

/** The keys of a table in their order, sorted when they are asked for and kept in order cheaply after that. */
export interface SortedKeys {
  readonly added: (key: string) => void
  readonly removed: (key: string) => void
  /** Up to `limit` keys after `after`, or from the first. */
  readonly page: (after: string | undefined, limit: number) => readonly string[]
}

/** Units from the surrogates on: only where they are does the order of units differ from that of code points. */
const HIGH_UNIT = /[\ud800-\uffff]/

const sort = (keys: string[]): string[] => (keys.some((key) => HIGH_UNIT.test(key)) ? keys.sort(compareKeys) : keys.sort())

/**
 * Follows the keys of one table. Counters, which grow at the end and go anywhere, cost no new sorting;
 * a key added in the middle does, at the next page.
 */
export const sortedKeys = (keys: () => Iterable<string>): SortedKeys => {
  let sorted: string[] | undefined

  /** Where the first key stands that is not before `key`. */
  const placeOf = (list: readonly string[], key: string): number => {
    let [low, high] = [0, list.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compareKeys(list[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    added: (key) => {
      const last = sorted?.at(-1)
      if (last === undefined || compareKeys(last, key) < 0) sorted?.push(key)
      else sorted = undefined
    },
    removed: (key) => {
      if (sorted) sorted.splice(placeOf(sorted, key), 1)
    },
    page: (after, limit) => {
      sorted ??= sort([...keys()])
      if (after === undefined) return sorted.slice(0, limit)
      const place = placeOf(sorted, after)
      const start = sorted[place] === after ? place + 1 : place
      return sorted.slice(start, start + limit)
    },
  }
}
