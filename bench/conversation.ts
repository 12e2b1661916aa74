/**
 * Messages per second against the simulator, each client in a process of its own, the server in this one:
 * `npm run bench -- conversation`. Received messages are encrypted before the clock starts, because they
 * wait in the backlog; sends are counted when the server has accepted them, 50 in flight. `PEOPLE` and `MESSAGES`
 * say how many, `ONLY=rxwa` runs one client, `PHASES=folder` profiles ours phase by phase.
 */
import { once } from 'node:events'
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filter, firstValueFrom, ReplaySubject, take, type Observable } from 'rxjs'

import { toHex } from '../lib/bytes/bytes.ts'
import { createSimulator, type Phone } from '../lib/testing/index.ts'
import { driver } from '../spec/store/sqlite/sqlite-driver.ts'
import type { Row } from './harness.ts'
import type { Peers } from './peers.ts'

const PEOPLE = Number(process.env.PEOPLE ?? 300)
const MESSAGES = Number(process.env.MESSAGES ?? 3_000)
const IN_FLIGHT = 50

interface Told {
  readonly kind: string
  readonly qr?: string
  readonly id?: string
  readonly cpuMs?: number
  readonly rssMb?: number
  readonly error?: string
}

interface Contestant {
  readonly library: string
  readonly spawn: () => ChildProcess
  readonly start?: Readonly<Record<string, unknown>>
}

/** What one client did. */
interface Measured {
  readonly item: string
  readonly library: string
  readonly perSecond: number
  /** Processor time of the client for one message. */
  readonly cpuMsPerMessage: number
  readonly rssMb: number
}

/** Our client as users run it: built, without a compiler in its process. */
const ourSpawn = (): ChildProcess => fork(fileURLToPath(new URL('conversation-rxwa.mjs', import.meta.url)), { execArgv: execArgvOf('rxwa'), silent: true })

/** `PROFILE=folder` leaves a processor profile of each client there. */
const execArgvOf = (library: string): string[] => (process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${join(process.env.PROFILE, library)}`] : [])

const theirSpawn = (): ChildProcess => fork(fileURLToPath(new URL('../spec/interop/baileys-peer.mjs', import.meta.url)), { execArgv: execArgvOf('baileys'), silent: true })

/** Runs every contestant through the same conversation. */
export const converse = async (contestants: readonly Contestant[]): Promise<readonly Measured[]> => {
  const measured: Measured[] = []
  for (const contestant of contestants) measured.push(...(await converseWith(contestant)))
  return measured
}

const converseWith = async ({ library, spawn, start }: Contestant): Promise<readonly Measured[]> => {
  const simulator = createSimulator()
  const { url, close } = await simulator.listen()
  const owner = simulator.phone({ name: 'Owner' })
  const people: readonly Phone[] = Array.from({ length: PEOPLE }, (_, index) => simulator.phone({ name: `Person ${index}` }))
  const child = spawn()
  child.stderr?.pipe(process.stderr)
  const told$ = new ReplaySubject<Told>()
  child.on('message', (message) => {
    const told = message as Told
    if (told.kind === 'unhandled') told$.error(new Error(`${library}: ${told.error}`))
    else told$.next(told)
  })
  child.on('exit', (code) => told$.error(new Error(`${library} ended before it was done, with code ${code}`)))
  const tell = (command: object): void => void child.send(command)
  const measured: Measured[] = []
  try {
    await next(told$, 'ready')
    tell({ kind: 'start', url, rootPublicKey: toHex(simulator.trustedRoot.publicKey), ...start })
    const { qr } = await next(told$, 'qr')
    const opened = next(told$, 'open')
    await owner.scan(qr!)
    await opened

    /** Lets the client work until it says so, and reads its meter before and after. */
    const timed = async (item: string, messages: number, begin: () => void, until: string): Promise<void> => {
      const before = await ask(told$, tell, 'usage')
      const done = nextNew(told$, until)
      const startedAt = performance.now()
      begin()
      await done
      const elapsedMs = performance.now() - startedAt
      const after = await ask(told$, tell, 'usage')
      measured.push({
        item,
        library,
        perSecond: (messages * 1000) / elapsedMs,
        cpuMsPerMessage: (after.cpuMs! - before.cpuMs!) / messages,
        rssMb: after.rssMb!,
      })
    }
    const away = async (write: () => void): Promise<void> => {
      const gone = firstValueFrom(simulator.presence$.pipe(filter(({ isOnline }) => !isOnline), take(1)))
      tell({ kind: 'hangUp' })
      await gone
      write()
    }
    const backlog = async (item: string, messages: number, write: () => void): Promise<void> => {
      await away(write)
      tell({ kind: 'count', until: messages })
      await timed(item, messages, () => tell({ kind: 'reconnect' }), 'counted')
    }

    await backlog('received, first contact', PEOPLE, () => people.forEach((person) => person.send(owner, 'hello')))
    await timed('sent, first contact', PEOPLE, () => tell({ kind: 'burst', chats: people.map(({ lid }) => lid.toString()), times: 1, inFlight: IN_FLIGHT }), 'burstDone')
    const [first] = people as readonly [Phone]
    await backlog('received, established', MESSAGES, () => {
      for (let index = 0; index < MESSAGES; index += 1) first.send(owner, `text ${index}`)
    })
    await timed('sent, established', MESSAGES, () => tell({ kind: 'burst', chats: [first.lid.toString()], times: MESSAGES, inFlight: IN_FLIGHT }), 'burstDone')
  } finally {
    // A client that is asked to stop leaves its profile behind.
    if (child.exitCode === null) {
      tell({ kind: 'stop' })
      await once(child, 'exit')
    }
    simulator.close()
    await close()
  }
  return measured
}

const next = (told$: Observable<Told>, kind: string): Promise<Told> => firstValueFrom(told$.pipe(filter((told) => told.kind === kind)))

/** The next one from now on; what was told before does not count. */
const nextNew = (told$: Observable<Told>, kind: string): Promise<Told> => {
  let isNew = false
  const found = firstValueFrom(told$.pipe(filter((told) => isNew && told.kind === kind)))
  isNew = true
  return found
}

const ask = (told$: Observable<Told>, tell: (command: object) => void, kind: string): Promise<Told> => {
  const answer = nextNew(told$, kind)
  tell({ kind })
  return answer
}

/** Runs the conversation with every client that is installed. */
export const run = async ({ baileys }: Peers): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-bench-'))
  try {
    const contestants: readonly Contestant[] = [
      { library: 'rxwa', spawn: ourSpawn },
      ...(driver ? [{ library: 'rxwa on SQLite', spawn: ourSpawn, start: { store: join(folder, 'bench.db') } }] : []),
      ...(baileys ? [{ library: 'baileys', spawn: theirSpawn }] : []),
    ]
    const { ONLY } = process.env
    const measured = await converse(contestants.filter(({ library }) => ONLY === undefined || library === ONLY))
    return [...new Set(measured.map(({ item }) => item))].flatMap((item) =>
      measured
        .filter((row) => row.item === item)
        .map(({ library, perSecond, cpuMsPerMessage, rssMb }) => ({
          item,
          library,
          opsPerSecond: perSecond,
          note: `${cpuMsPerMessage.toFixed(2)} ms of processor a message, ${Math.round(rssMb)} MB`,
        })),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
