import { describe, expect, it } from '@jest/globals'

import { encryptedStore } from '../../../lib/store/encrypted/encrypted-store.ts'
import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../../../lib/store/store.ts'
import { storeContract } from '../../../lib/testing/store-contract.ts'
import { freshPaths } from './folder.ts'
import { driver } from './sqlite-driver.ts'

const runner = { describe: driver ? describe : describe.skip, it, expect }
const options = driver ? { driver } : {}
const freshPath = freshPaths()
const key = Uint8Array.from({ length: 32 }, (_, index) => index)

/** Remembers where a store is, so that it can be opened again by another one. */
const places = new WeakMap<Store, string>()
const at = (path: string, make: (path: string) => Store): Store => {
  const store = make(path)
  places.set(store, path)
  return store
}
const sqlite = (path: string): Store => sqliteStore(path, options)
const encrypted = (path: string): Store => encryptedStore(sqlite(path), { key })

storeContract('sqliteStore', () => at(freshPath(), sqlite), {
  runner,
  reopen: (store) => sqlite(places.get(store)!),
  otherAccount: (store) => sqliteStore(places.get(store)!, { ...options, account: 'other' }),
})
storeContract('sqliteStore in memory', () => sqlite(':memory:'), { runner })
storeContract('encryptedStore over sqliteStore', () => at(freshPath(), encrypted), {
  runner,
  reopen: (store) => encrypted(places.get(store)!),
  otherAccount: (store) => encryptedStore(sqliteStore(places.get(store)!, { ...options, account: 'other' }), { key: key.toReversed() }),
})
