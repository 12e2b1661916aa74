import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import { firstValueFrom, take } from 'rxjs'

import { createClient, type Logger } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator } from '../../lib/testing/index.ts'
import { hasPeers } from './peer.ts'

const whenInstalled = hasPeers ? describe : describe.skip

/** The one that the other client brings along. */
type Pino = (options: { readonly level: string; readonly base: null }, destination: { readonly write: (line: string) => void }) => Logger

whenInstalled('a logger of pino', () => {
  it('is handed in as it is', async () => {
    const pino = createRequire(import.meta.url)('pino') as Pino
    const lines: Array<Readonly<Record<string, unknown>>> = []
    const simulator = createSimulator()
    const ana = simulator.phone({ name: 'Ana' })
    const logger = pino({ level: 'trace', base: null }, { write: (line) => void lines.push(JSON.parse(line) as Readonly<Record<string, unknown>>) })
    const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 5, logger })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
    const connected = firstValueFrom(client.connected$)
    const connection = client.connection$.subscribe()
    await connected
    connection.unsubscribe()
    simulator.close()
    expect(lines).toContainEqual({ level: 20, time: expect.any(Number), state: 'open', msg: 'connection' })
    expect(lines).toContainEqual({ level: 10, time: expect.any(Number), msg: expect.stringMatching(/^→ <iq /) })
  })
})
