import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { Awaitable, OpenStore, Row, Store, Table, Write } from '../../lib/store/store.ts'

/** A store written as classes with private fields, as a user's may be: no method works without its `this`. */
export class ClassStore implements Store {
  readonly #inner = memoryStore()

  async open(): Promise<OpenStore> {
    return new OpenClassStore(await this.#inner.open())
  }
}

class OpenClassStore implements OpenStore {
  readonly #inner: OpenStore
  constructor(inner: OpenStore) {
    this.#inner = inner
  }

  read(table: Table, key: string): Awaitable<Uint8Array | undefined> {
    return this.#inner.read(table, key)
  }

  readMany(table: Table, keys: readonly string[]): Awaitable<ReadonlyArray<Uint8Array | undefined>> {
    return this.#inner.readMany(table, keys)
  }

  scan(table: Table, after: string | undefined, limit: number): Awaitable<readonly Row[]> {
    return this.#inner.scan(table, after, limit)
  }

  commit(writes: readonly Write[]): Awaitable<void> {
    return this.#inner.commit(writes)
  }

  close(): Awaitable<void> {
    return this.#inner.close()
  }
}
