/** Encrypts an account at rest, and moves it into another store by way of a backup. */
import { firstValueFrom, take } from 'rxjs'

import { createClient } from 'rxwa'
import { backupStore, encryptedStore, restoreStore, type Store } from 'rxwa/store'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Ana' })

/** From a secret place; `deriveStoreKey` makes one out of a passphrase. */
const key = crypto.getRandomValues(new Uint8Array(32))

const connect = async (store: Store): Promise<string> => {
  const client = createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => {
    console.log('a QR code was shown')
    void owner.scan(code)
  })
  const connected = firstValueFrom(client.connected$)
  const connection = client.connection$.subscribe()
  await connected
  const me = String(client.me()?.id)
  connection.unsubscribe()
  return me
}

const hidden = memoryStore()
console.log(`linked as ${await connect(encryptedStore(hidden, { key }))}`)

// Of the inner store, so that the backup is encrypted too; without a client connected meanwhile.
const chunks: Uint8Array[] = []
for await (const chunk of backupStore(hidden)) chunks.push(chunk)
console.log(`backed up ${chunks.reduce((sum, { length }) => sum + length, 0)} bytes`)

const elsewhere = memoryStore()
await restoreStore(elsewhere, chunks)
console.log(`still linked as ${await connect(encryptedStore(elsewhere, { key }))}`)
