import { PassingMap } from './passing-map.ts'

/** A set of what comes and goes all the time, for the reason that `PassingMap` has. */
export class PassingSet<T> implements Iterable<T> {
  readonly #entries = new PassingMap<T, true>()

  constructor(values: Iterable<T> = []) {
    for (const value of values) this.add(value)
  }

  get size(): number {
    return this.#entries.size
  }

  has(value: T): boolean {
    return this.#entries.has(value)
  }

  add(value: T): void {
    this.#entries.set(value, true)
  }

  delete(value: T): boolean {
    return this.#entries.delete(value)
  }

  /** In the order of coming. Deleting on the way does not disturb it. */
  [Symbol.iterator](): Iterator<T> {
    return this.#entries.keys()
  }
}
