import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs'

import { postgresStore } from '../../examples/stores/postgres.ts'
import { createClient, textOf, type Client } from '../../lib/index.ts'
import { createSimulator, linkClient, storeContract, type Simulator } from '../../lib/testing/index.ts'
import type { Store } from '../../lib/store/index.ts'

const url = process.env['RXWA_POSTGRES_URL']

if (url === undefined)
  it.skip('a store over PostgreSQL: RXWA_POSTGRES_URL is not set, such as postgres://user@127.0.0.1/test', () => undefined)
else {
  const accounts = new WeakMap<Store, string>()
  const storeFor = (account: string): Store => {
    const store = postgresStore({ url, account })
    accounts.set(store, account)
    return store
  }
  const fresh = (): Store => storeFor(`spec ${randomUUID()}`)

  storeContract('a store over PostgreSQL', fresh, {
    reopen: (store) => storeFor(accounts.get(store)!),
    otherAccount: fresh,
  })

  const clientOn = (simulator: Simulator, store: Store): Client =>
    createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 20 })

  describe('a client on PostgreSQL', () => {
    it('links, talks, restarts and goes on, losing nothing and telling nothing twice', async () => {
      const simulator = createSimulator()
      const [owner, ben] = [simulator.phone({ name: 'Owner' }), simulator.phone({ name: 'Ben' })]
      const account = `spec ${randomUUID()}`
      const first = clientOn(simulator, storeFor(account))
      const received: string[] = []
      first.messages$.subscribe(({ message }) => received.push(textOf(message)!))
      const connection = await linkClient(first, owner)
      const answers = firstValueFrom(ben.messages$.pipe(take(50), toArray()))
      for (let number = 0; number < 50; number += 1) ben.send(owner.lid, `to you ${number}`)
      await Promise.all(Array.from({ length: 50 }, (_, number) => first.send(ben.lid, { text: `to Ben ${number}` }).then()))
      expect((await answers).map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, number) => `to Ben ${number}`))
      // A second process is kept out while this one has the account.
      const second = clientOn(simulator, storeFor(account))
      await expect(firstValueFrom(second.connection$)).rejects.toMatchObject({ code: 'store_in_use' })
      connection.unsubscribe()
      for (let number = 50; number < 100; number += 1) ben.send(owner.lid, `to you ${number}`)

      const third = clientOn(simulator, storeFor(account))
      const rest = firstValueFrom(third.messages$.pipe(filter(({ message }) => textOf(message) === 'to you 99')))
      third.messages$.subscribe(({ message }) => received.push(textOf(message)!))
      // The lock is free once the first one has closed its store.
      const again = await linkClient(third, owner)
      await rest
      expect(received).toEqual(Array.from({ length: 100 }, (_, number) => `to you ${number}`))
      expect([simulator.violations(), simulator.reusedMessageKeys()]).toEqual([[], []])
      again.unsubscribe()
    }, 60_000)

    it('ends with a typed error when the database goes away, acknowledging nothing that was not kept', async () => {
      const simulator = createSimulator()
      const [owner, ben] = [simulator.phone({ name: 'Owner' }), simulator.phone({ name: 'Ben' })]
      const account = `spec ${randomUUID()}`
      const first = clientOn(simulator, storeFor(account))
      await linkClient(first, owner)
      const ended = lastValueFrom(first.connection$).catch((error: unknown) => error)
      const admin = new pg.Client({ connectionString: url })
      await admin.connect()
      await admin.query("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = hashtext('rxwa')::bit(32)::bigint::oid and objid = (hashtext($1)::bit(32)::bigint)::oid", [account])
      await admin.end()
      ben.send(owner.lid, 'are you there?')
      expect(await ended).toMatchObject({ code: 'store_failed' })
      expect(simulator.waitingFor(`${owner.phoneNumber.user}:1@s.whatsapp.net`)).toBeGreaterThan(0)

      const second = clientOn(simulator, storeFor(account))
      const told = firstValueFrom(second.messages$)
      const again = await linkClient(second, owner)
      expect(textOf((await told).message)).toBe('are you there?')
      again.unsubscribe()
    }, 60_000)
  })
}
