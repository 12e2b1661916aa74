/**
 * Keeps accounts in a database of your own: two of them side by side in PostgreSQL, each open in one process at a
 * time. `stores/postgres.ts` is the store, a hundred lines; `storeContract` from `rxwa/testing` checks such a store
 * with the test runner you have. Needs a database: RXWA_POSTGRES_URL=postgres://user@127.0.0.1/test
 */
import { randomUUID } from 'node:crypto'
import { firstValueFrom, lastValueFrom } from 'rxjs'

import { createClient, textOf, type Client, type RxwaError } from 'rxwa'
import { createSimulator, linkClient } from 'rxwa/testing'
import { postgresStore } from './stores/postgres.ts'

const url = process.env['RXWA_POSTGRES_URL']
if (url === undefined) {
  console.log('set RXWA_POSTGRES_URL to the address of a database, such as postgres://user@127.0.0.1/test')
  process.exit(0)
}

const simulator = createSimulator()
const run = randomUUID()
const clientOf = (name: string): Client =>
  createClient({ store: postgresStore({ url, account: `${name} ${run}` }), dial: simulator.dial, trustedRoot: simulator.trustedRoot })

const [ana, ben] = [clientOf('Ana'), clientOf('Ben')]
const connections = [await linkClient(ana, simulator.phone({ name: 'Ana' })), await linkClient(ben, simulator.phone({ name: 'Ben' }))]
const received = firstValueFrom(ben.messages$)
await ana.send(ben.me()!.id, { text: 'hello from the same database' })
console.log(`Ben got: ${textOf((await received).message)}`)

const twin = lastValueFrom(clientOf('Ana').connection$)
await twin.catch(({ code }: RxwaError) => console.log(`a second process for Ana: ${code}`))
connections.forEach((connection) => connection.unsubscribe())
