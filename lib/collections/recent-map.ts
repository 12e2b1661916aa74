/**
 * A map that remembers at least the `most` keys last asked for or set, and at most twice as many. Two generations
 * instead of a list in the order of use: whenever the younger one is full, the older one is forgotten as a whole,
 * so that nothing is deleted and set again with every use. Asking for one key may push out another.
 */
export class RecentMap<K, V> {
  readonly #most: number
  #younger = new Map<K, V>()
  #older = new Map<K, V>()

  constructor(most: number) {
    this.#most = most
  }

  has(key: K): boolean {
    return this.#younger.has(key) || this.#older.has(key)
  }

  get(key: K): V | undefined {
    const value = this.#younger.get(key)
    if (value !== undefined || !this.#older.has(key)) return value
    const found = this.#older.get(key)!
    this.set(key, found)
    return found
  }

  set(key: K, value: V): void {
    if (this.#younger.size >= this.#most && !this.#younger.has(key)) {
      this.#older = this.#younger
      this.#younger = new Map()
    }
    this.#younger.set(key, value)
  }

  delete(key: K): void {
    this.#younger.delete(key)
    this.#older.delete(key)
  }
}
