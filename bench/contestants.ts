/** Clients in processes of their own against the simulator in this one, for benches that compare them at work. */
import { once } from 'node:events'
import { fork, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filter, firstValueFrom, ReplaySubject, take, type Observable } from 'rxjs'

import { toHex } from '../lib/bytes/bytes.ts'
import { createSimulator, type Phone, type Simulator } from '../lib/testing/index.ts'
import { driver } from '../spec/store/sqlite/sqlite-driver.ts'
import { medianOf, type Row } from './harness.ts'
import type { Peers } from './peers.ts'

interface Told {
  readonly kind: string
  readonly qr?: string
  readonly id?: string
  readonly cpuMs?: number
  readonly rssMb?: number
  /** The longest time the event loop was held up since the last reading. */
  readonly blockedMs?: number
  readonly error?: string
}

/** A client that takes part. */
export interface Contestant {
  readonly library: string
  readonly spawn: () => ChildProcess
  readonly start?: Readonly<Record<string, unknown>>
  /** Takes part only when it is asked for by name. */
  readonly isExtra?: boolean
}

/** What one client did. */
export interface Measured {
  readonly item: string
  readonly library: string
  readonly perSecond: number
  /** Processor time of the client for one message. */
  readonly cpuMsPerMessage: number
  readonly rssMb: number
  readonly blockedMs: number | undefined
}

/** Our client as users run it: built, without a compiler in its process. */
const ourSpawn = (): ChildProcess => fork(fileURLToPath(new URL('conversation-rxwa.mjs', import.meta.url)), { execArgv: execArgvOf('rxwa'), silent: true })

/** The same as README.md says for small machines. */
const smallSpawn = (): ChildProcess =>
  fork(fileURLToPath(new URL('conversation-rxwa.mjs', import.meta.url)), { execArgv: ['--max-semi-space-size=4', '--max-old-space-size=96'], silent: true })

/** `PROFILE=folder` leaves a processor profile of each client there. */
const execArgvOf = (library: string): string[] => (process.env.PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${join(process.env.PROFILE, library)}`] : [])

const peerSpawn = (library: 'baileys' | 'zapo') => (): ChildProcess =>
  fork(fileURLToPath(new URL(`../spec/interop/${library}-peer.mjs`, import.meta.url)), { execArgv: execArgvOf(library), silent: true })

const hasZapo = existsSync(fileURLToPath(new URL('../spec/interop/node_modules/zapo-js', import.meta.url)))

/** What a client can be put to. */
export interface Talk {
  readonly simulator: Simulator
  readonly owner: Phone
  /** Lets it send. What has no name is not measured. */
  readonly burst: (item: string | undefined, chats: readonly string[], times: number) => Promise<void>
  /** Lets it read what was written while it was away. */
  readonly backlog: (item: string | undefined, messages: number, write: () => void) => Promise<void>
}

const IN_FLIGHT = 50

/** Lets nobody go on before all have come so far. */
const createBarrier = (count: number): (() => Promise<void>) => {
  let missing = count
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return () => {
    missing -= 1
    if (missing === 0) open()
    return opened
  }
}

/** Lets one work at a time, whoever asked first. */
type Turns = <T>(work: () => Promise<T>) => Promise<T>

const createTurns = (): Turns => {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = last.then(work)
    last = turn.catch(() => undefined)
    return turn
  }
}

/** Links a client, has it talk, and tells what was measured. */
export const talkWith = async ({ library, spawn, start }: Contestant, talk: (talk: Talk) => Promise<void>, inTurn: Turns, allLinked: () => Promise<void>): Promise<readonly Measured[]> => {
  const simulator = createSimulator()
  const { url, close } = await simulator.listen()
  const owner = simulator.phone({ name: 'Owner' })
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
    // Making hundreds of phones takes long: who is being linked meanwhile would give up.
    await allLinked()

    /** Lets the client work until it says so, and reads its meter before and after. */
    const timed = async (item: string | undefined, messages: number, begin: () => void, until: string): Promise<void> => {
      const before = await ask(told$, tell, 'usage')
      const done = nextNew(told$, until)
      const startedAt = performance.now()
      begin()
      await done
      const elapsedMs = performance.now() - startedAt
      const after = await ask(told$, tell, 'usage')
      // A race takes minutes: who watches sees that it goes on.
      process.stderr.write(`  ${library}: ${item ?? 'warming up'}, ${((after.cpuMs! - before.cpuMs!) / messages).toFixed(2)} ms of processor a message, ${(elapsedMs / 1000).toFixed(1)} s\n`)
      if (item === undefined) return
      measured.push({
        item,
        library,
        perSecond: (messages * 1000) / elapsedMs,
        cpuMsPerMessage: (after.cpuMs! - before.cpuMs!) / messages,
        rssMb: after.rssMb!,
        blockedMs: after.blockedMs,
      })
    }
    const away = async (write: () => void): Promise<void> => {
      const gone = firstValueFrom(simulator.presence$.pipe(filter(({ isOnline }) => !isOnline), take(1)))
      tell({ kind: 'hangUp' })
      await gone
      write()
    }
    const backlog = (item: string | undefined, messages: number, write: () => void): Promise<void> =>
      inTurn(async () => {
        await away(write)
        tell({ kind: 'count', until: messages })
        await timed(item, messages, () => tell({ kind: 'reconnect' }), 'counted')
      })

    await talk({
      simulator,
      owner,
      backlog,
      burst: (item, chats, times) => inTurn(() => timed(item, chats.length * times, () => tell({ kind: 'burst', chats, times, inFlight: IN_FLIGHT }), 'burstDone')),
    })
  } finally {
    // A client that is asked to stop leaves its profile behind.
    if (child.exitCode === null) {
      tell({ kind: 'stop' })
      await once(child, 'exit')
    }
    simulator.close()
    await close()
  }
  return mediansOf(measured)
}

/** One row for each item: the median of its rounds in speed, the last of them in memory. */
const mediansOf = (measured: readonly Measured[]): readonly Measured[] =>
  [...new Set(measured.map(({ item }) => item))].map((item) => {
    const rounds = measured.filter((row) => row.item === item)
    const last = rounds.at(-1)!
    return {
      ...last,
      perSecond: medianOf(rounds.map(({ perSecond }) => perSecond)),
      cpuMsPerMessage: medianOf(rounds.map(({ cpuMsPerMessage }) => cpuMsPerMessage)),
      blockedMs: last.blockedMs === undefined ? undefined : Math.max(...rounds.map(({ blockedMs }) => blockedMs ?? 0)),
    }
  })

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

/** The clients that are installed, ours on both stores first; `ONLY=rxwa,zapo` are some of them, `rxwa in little memory` one more. */
export const raceClients = async ({ baileys }: Peers, talk: (talk: Talk) => Promise<void>): Promise<readonly Row[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'rxwa-bench-'))
  try {
    const contestants: readonly Contestant[] = [
      { library: 'rxwa', spawn: ourSpawn },
      ...(driver ? [{ library: 'rxwa on SQLite', spawn: ourSpawn, start: { store: join(folder, 'bench.db') } }] : []),
      { library: 'rxwa in little memory', spawn: smallSpawn, isExtra: true },
      ...(baileys ? [{ library: 'baileys', spawn: peerSpawn('baileys') }] : []),
      ...(hasZapo ? [{ library: 'zapo', spawn: peerSpawn('zapo') }] : []),
    ]
    const { ONLY } = process.env
    // All of them live at once and take turns, so that a slow moment of the machine hits all alike.
    const inTurn = createTurns()
    const taking = contestants.filter(({ library, isExtra }) => (ONLY === undefined ? !isExtra : ONLY.split(',').includes(library)))
    const allLinked = createBarrier(taking.length)
    const measured = (await Promise.all(taking.map((contestant) => talkWith(contestant, talk, inTurn, allLinked)))).flat()
    return [...new Set(measured.map(({ item }) => item))].flatMap((item) =>
      measured
        .filter((row) => row.item === item)
        .map(({ library, perSecond, cpuMsPerMessage, rssMb, blockedMs }) => ({
          item,
          library,
          opsPerSecond: perSecond,
          note: `${cpuMsPerMessage.toFixed(2)} ms of processor a message, ${Math.round(rssMb)} MB${blockedMs === undefined ? '' : `, loop held up ${Math.round(blockedMs)} ms`}`,
        })),
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
