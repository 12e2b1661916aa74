import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, take } from 'rxjs'

import { createClient, textOf } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator } from '../../lib/testing/index.ts'

describe('a phone that links several devices at the same time', () => {
  it('gives each a number of its own, and all of them work', async () => {
    const simulator = createSimulator()
    const ana = simulator.phone({ name: 'Ana' })
    const ben = simulator.phone({ name: 'Ben' })
    const clients = Array.from({ length: 3 }, () => createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 10 }))
    const scans: Array<Promise<unknown>> = []
    const connections = clients.map((client) => {
      client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => scans.push(ana.scan(code)))
      return client.connection$.subscribe()
    })
    await Promise.all(clients.map(({ connected$ }) => firstValueFrom(connected$)))
    await Promise.all(scans)
    expect(clients.map((client) => client.me()?.id.device).toSorted()).toEqual([1, 2, 3])
    const heard = Promise.all(clients.map(async ({ messages$ }) => textOf((await firstValueFrom(messages$)).message)))
    ben.send(ana, 'hello, all three')
    expect(await heard).toEqual(Array.from({ length: 3 }, () => 'hello, all three'))
    connections.forEach((connection) => connection.unsubscribe())
    simulator.close()
    expect(simulator.violations()).toEqual([])
  })
})
