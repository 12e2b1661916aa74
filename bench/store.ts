import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { encryptedStore } from '../lib/store/encrypted/encrypted-store.ts'
import { memoryStore } from '../lib/store/memory/memory-store.ts'
import { sqliteStore } from '../lib/store/sqlite/sqlite-store.ts'
import type { OpenStore } from '../lib/store/store.ts'
import { driver } from '../spec/store/sqlite/sqlite-driver.ts'
import { measure, type Item, type Row } from './harness.ts'

const ratchet = new Uint8Array(2_000).fill(3)
const event = new Uint8Array(400).fill(4)

const commit = (library: string, store: OpenStore): Item => {
  let count = 0
  return {
    item: 'commit a ratchet and an event',
    library,
    run: () => {
      count += 1
      void store.commit([
        { table: 'sessions', key: `1555010${count % 1_000}.0`, value: ratchet },
        { table: 'inbox', key: String(count).padStart(16, '0'), value: event },
      ])
    },
  }
}

/** One received message made durable, by store; on a disk the time is that of its `fsync`. */
export const run = async (): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-bench-'))
  const stores: (readonly [string, OpenStore])[] = [
    ['memoryStore', await memoryStore().open()],
    ['encryptedStore', await encryptedStore(memoryStore(), { key: new Uint8Array(32) }).open()],
  ]
  if (driver) stores.push(['sqliteStore', await sqliteStore(join(folder, 'bench.db'), { driver }).open()])
  try {
    return measure(stores.map(([library, store]) => commit(library, store)))
  } finally {
    for (const [, store] of stores) await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
