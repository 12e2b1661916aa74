/** Our client in a process of its own, for bench/conversation.ts; the commands are those of the other one. */
import { from, map, mergeMap, range, take } from 'rxjs'

import { fromHex } from '../lib/bytes/bytes.ts'
import { createClient, type Client } from '../lib/index.ts'
import { memoryStore } from '../lib/store/memory/index.ts'
import type { Store } from '../lib/store/store.ts'

interface Start {
  readonly kind: 'start'
  readonly url: string
  readonly rootPublicKey: string
  readonly store?: string
}
type Command =
  | Start
  | { readonly kind: 'count'; readonly until: number }
  | { readonly kind: 'burst'; readonly chats: readonly string[]; readonly times: number; readonly inFlight: number }
  | { readonly kind: 'usage' | 'hangUp' | 'reconnect' | 'stop' }

const tell = (event: object): void => void process.send?.(event)

let client: Client
let connection: { unsubscribe: () => void } | undefined
let got = 0
let until = Infinity

const openStore = async (path: string | undefined): Promise<Store> => {
  if (path === undefined) return memoryStore()
  const { sqliteStore } = await import('../lib/store/sqlite/sqlite-store.ts')
  const { driver } = await import('../spec/store/sqlite/sqlite-driver.ts')
  return sqliteStore(path, { ...(driver && { driver }) })
}

const connect = (): void => {
  connection = client.connection$.subscribe({ error: (error: unknown) => tell({ kind: 'unhandled', error: String(error) }) })
}

const start = async ({ url, rootPublicKey, store }: Start): Promise<void> => {
  client = createClient({ store: await openStore(store), url, trustedRoot: { publicKey: fromHex(rootPublicKey), serial: 0 } })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => tell({ kind: 'qr', qr: code }))
  client.connected$.subscribe(() => tell({ kind: 'open', id: client.me()?.id.toString(), lid: client.me()?.lid.toString() }))
  client.messages$.subscribe(() => {
    got += 1
    if (got === until) tell({ kind: 'counted' })
  })
  connect()
}

const burst = (chats: readonly string[], times: number, inFlight: number): void => {
  range(0, times)
    .pipe(
      mergeMap((time) => from(chats).pipe(map((chat) => [chat, time] as const))),
      mergeMap(([chat, time]) => client.send(chat, { text: `text ${time}` }), inFlight),
    )
    .subscribe({ complete: () => tell({ kind: 'burstDone' }) })
}

process.on('message', (command: Command) => {
  switch (command.kind) {
    case 'start':
      void start(command)
      return
    case 'count':
      got = 0
      until = command.until
      return
    case 'burst':
      burst(command.chats, command.times, command.inFlight)
      return
    case 'usage': {
      const { user, system } = process.cpuUsage()
      tell({ kind: 'usage', cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1e6 })
      return
    }
    case 'hangUp':
      connection?.unsubscribe()
      return
    case 'reconnect':
      connect()
      return
    case 'stop':
      process.exit(0)
  }
})
process.on('disconnect', () => process.exit(0))
tell({ kind: 'ready' })
