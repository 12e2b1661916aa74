/** Deletions after which a small map is made anew. */
const LEAST = 128

/**
 * A map of what comes and goes all the time. A `Map` of V8 leaves a table behind whenever it makes room, and
 * every such table leads to the next one: once the first of them is old, all of them and much of what the map held
 * survive the collections of young memory, and a client that only passes messages on grows until all memory is
 * collected. This one starts a new map instead, to which the one before does not lead.
 */
export class PassingMap<K, V> {
  #entries = new Map<K, V>()
  #deleted = 0

  get size(): number {
    return this.#entries.size
  }

  get(key: K): V | undefined {
    return this.#entries.get(key)
  }

  has(key: K): boolean {
    return this.#entries.has(key)
  }

  /** A key that is there keeps its place. */
  set(key: K, value: V): void {
    this.#entries.set(key, value)
  }

  delete(key: K): boolean {
    if (!this.#entries.delete(key)) return false
    this.#deleted += 1
    if (this.#deleted >= LEAST && this.#deleted >= this.#entries.size) {
      this.#entries = new Map(this.#entries)
      this.#deleted = 0
    }
    return true
  }

  /** Deletes everything and returns it, in the order of setting. */
  clear(): V[] {
    const all = this.values()
    this.#entries = new Map()
    this.#deleted = 0
    return all
  }

  /** What was set first; undefined when there is nothing. */
  oldest(): V | undefined {
    return this.#entries.values().next().value
  }

  /** In the order of setting. Deleting on the way does not disturb it. */
  keys(): IterableIterator<K> {
    return this.#entries.keys()
  }

  /** In the order of setting, as they are now. */
  values(): V[] {
    return [...this.#entries.values()]
  }
}
