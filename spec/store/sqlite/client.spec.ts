import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, type Subscription } from 'rxjs'

import { createClient, textOf, type Client } from '../../../lib/index.ts'
import { backupStore } from '../../../lib/store/backup/backup-store.ts'
import { restoreStore } from '../../../lib/store/backup/restore-store.ts'
import { encryptedStore } from '../../../lib/store/encrypted/encrypted-store.ts'
import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import type { Store } from '../../../lib/store/store.ts'
import { createSimulator, createVirtualClock } from '../../../lib/testing/index.ts'
import { freshPaths } from './folder.ts'
import { driver } from './sqlite-driver.ts'

const freshPath = freshPaths()
const key = new Uint8Array(32).fill(5)
const sqlite = (path: string): Store => sqliteStore(path, { driver: driver! })
const encrypted = (path: string): Store => encryptedStore(sqlite(path), { key })

const describeWithSqlite = driver ? describe : describe.skip

describeWithSqlite('a client on sqliteStore', () => {
  it.each([
    ['plain', sqlite],
    ['encrypted', encrypted],
  ])('is linked and keeps its ratchets after a restart, and after a backup was restored: %s', async (_, storeAt) => {
    const clock = createVirtualClock()
    const simulator = createSimulator({ scheduler: clock.scheduler })
    const ana = simulator.phone({ name: 'Ana' })
    const ben = simulator.phone({ name: 'Ben' })
    let pairings = 0

    const connected = async (store: Store): Promise<readonly [Client, Subscription]> => {
      const client = createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 10, scheduler: clock.scheduler, random: () => 0.5 })
      client.pairingQrCodes$.subscribe(({ code }) => {
        pairings += 1
        void ana.scan(code)
      })
      let isConnected = false
      client.connected$.subscribe(() => (isConnected = true))
      const connection = client.connection$.subscribe()
      while (!isConnected) await clock.advance(5)
      return [client, connection]
    }
    const hears = async (client: Client, text: string): Promise<void> => {
      const message = firstValueFrom(client.messages$)
      ben.send(ana.lid, text)
      await clock.advance(5)
      expect(textOf((await message).message)).toBe(text)
    }

    const path = freshPath()
    const [first, firstConnection] = await connected(storeAt(path))
    await hears(first, 'one')
    const sent = first.send(ben.lid, { text: 'an answer' }).result()
    await clock.advance(5)
    await sent
    firstConnection.unsubscribe()

    const [second, secondConnection] = await connected(storeAt(path))
    await hears(second, 'two')
    secondConnection.unsubscribe()

    const copy = freshPath()
    await restoreStore(storeAt(copy), backupStore(storeAt(path)))
    const [third, thirdConnection] = await connected(storeAt(copy))
    await hears(third, 'three')
    thirdConnection.unsubscribe()
    expect(pairings).toBe(1)
  })
})
