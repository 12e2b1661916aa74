/** Our client in a process of its own, for bench/conversation.ts; the commands are those of the other one. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { defer, EMPTY, merge, repeat, take } from 'rxjs'

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

const delay = monitorEventLoopDelay({ resolution: 5 })
delay.enable()

let client: Client
let connection: { unsubscribe: () => void } | undefined
let profiler: Session | undefined
let phases = 0
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
  const total = chats.length * times
  let sent = 0
  // As many lanes as may be in flight: `mergeMap` over a list would keep all of it waiting.
  const lane$ = defer(() => {
    const index = sent++
    return index < total ? client.send(chats[index % chats.length]!, { text: `text ${Math.floor(index / chats.length)}` }) : EMPTY
  }).pipe(repeat(Math.ceil(total / inFlight)))
  merge(...Array.from({ length: inFlight }, () => lane$)).subscribe({ complete: () => tell({ kind: 'burstDone' }) })
}

/**
 * `PHASES=folder` leaves a profile of each phase there: what lies between two readings of the meter. Of the
 * processor, or with `GARBAGE=1` of what was allocated, whether or not it lives.
 */
const profilePhase = (): void => {
  const folder = process.env.PHASES
  if (folder === undefined) return
  if (!profiler) {
    profiler = new Session()
    profiler.connect()
    if (process.env.GARBAGE) profiler.post('HeapProfiler.startSampling', SAMPLE_ALL)
    else {
      profiler.post('Profiler.enable')
      profiler.post('Profiler.start')
    }
    return
  }
  phases += 1
  const write = (kind: string, profile: object): void => writeFileSync(join(folder, `phase-${phases}.${kind}`), JSON.stringify(profile))
  if (process.env.GARBAGE) profiler.post('HeapProfiler.stopSampling', (_, { profile }) => write('heapprofile', profile))
  else profiler.post('Profiler.stop', (_, { profile }) => write('cpuprofile', profile))
  profiler.disconnect()
  profiler = undefined
}

/** The types of Node 20 do not know yet what its engine takes. */
const SAMPLE_ALL = { samplingInterval: 4096, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true }

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
      profilePhase()
      const { user, system } = process.cpuUsage()
      tell({ kind: 'usage', cpuMs: (user + system) / 1000, rssMb: process.memoryUsage().rss / 1e6, blockedMs: delay.max / 1e6 })
      delay.reset()
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
