import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { firstValueFrom, take } from 'rxjs'

import { decodeAccount } from '../../lib/account/account-codec.ts'
import { toHex } from '../../lib/bytes/bytes.ts'
import { createClient } from '../../lib/index.ts'
import { sqliteStore } from '../../lib/store/sqlite/sqlite-store.ts'
import type { Store, Table } from '../../lib/store/store.ts'
import { createSimulator, type Phone } from '../../lib/testing/index.ts'
import type { SqliteDriver } from '../../lib/store/sqlite/driver.ts'
import type { ChildPlan, Mode } from './child-plan.ts'
import { seededRandom } from '../fuzz/random.ts'

/** One conversation whose processes die one after the other. */
export interface ConversationOptions {
  readonly mode: Mode
  /** The first process ends at its commit of this index, the next one at the one after, and so on. */
  readonly from: number
  /** Messages, half of them in each direction. */
  readonly messages: number
  readonly seed: number
  /** For its files; left behind when there are problems. */
  readonly folder: string
  readonly program: string
  readonly driver: SqliteDriver
  readonly betterSqlite3: string | undefined
  /** Ends after which the processes live on; default: any number. */
  readonly most?: number
}

/** What became of it. */
export interface ConversationResult {
  /** Processes ended at, or disks failed at, the commits from `from` to before this. */
  readonly next: number
  /** What was promised and not held; empty when all is well. */
  readonly problems: readonly string[]
}

const LIMIT_MS = 60_000
const LOOK_MS = 5
/** Time in which a process gets everything acknowledged that an earlier one left. */
const SETTLE_MS = 500
/** More commits than any process makes. */
const NEVER = 1_000_000
const DOWN_AT_MOST = 4
const LIVE_AT_MOST = 3

const linesOf = (path: string): readonly string[] => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [])

/** Has the conversation, and starts the process again until everything has arrived. */
export const converse = async (options: ConversationOptions): Promise<ConversationResult> => {
  const { mode, from, messages, folder, driver, most = Infinity } = options
  const random = seededRandom(options.seed * 100_003 + from).below
  const half = messages / 2
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const path = (name: string): string => join(folder, name)
  const store = sqliteStore(path('app.db'), { driver })
  const simulator = createSimulator()
  const [ana, ben] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' })]
  const atBen: string[] = []
  const failures: string[] = []
  ben.messages$.subscribe(({ text }) => atBen.push(text ?? ''))
  for (const phone of [ana, ben]) phone.failures$.subscribe((error) => failures.push(`a phone could not read a message: ${String(error)}`))
  await pair(simulator, ana, store)
  const identity = await identityOf(store)
  const device = `${ana.phoneNumber.user}:1@s.whatsapp.net`
  let isOnline = false
  let onlineSinceMs = 0
  simulator.presence$.subscribe((presence) => {
    isOnline = presence.isOnline
    onlineSinceMs = Date.now()
  })
  const server = await simulator.listen()

  let written = 0
  const write = (count: number): void => {
    for (let left = count; left > 0 && written < half; left -= 1) {
      ben.send(ana.lid, `in ${written}`)
      written += 1
    }
  }
  const plan = (index: number): ChildPlan => ({
    mode,
    index: index - from < most ? index : NEVER,
    most: Math.min(most, NEVER),
    url: server.url,
    rootKey: toHex(simulator.trustedRoot.publicKey),
    rootSerial: simulator.trustedRoot.serial,
    storePath: path('app.db'),
    receivedPath: path('received'),
    acceptedPath: path('accepted'),
    failuresPath: path('failures'),
    peer: ben.lid.toString(),
    messages: half,
    window: 1 + random(4),
    betterSqlite3: options.betterSqlite3,
  })
  const isComplete = (): boolean =>
    written === half &&
    atBen.length >= half &&
    new Set(linesOf(path('received')).map((line) => line.split('\t')[1])).size >= half &&
    new Set(linesOf(path('accepted'))).size >= half &&
    simulator.waitingFor(device) === 0

  const problems: string[] = []
  const until = Date.now() + LIMIT_MS
  let index = from
  let settleMs = 0
  for (let isOver = false; !isOver; ) {
    write(random(DOWN_AT_MOST))
    const child = spawn(process.execPath, [options.program, JSON.stringify(plan(index))], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const gone = endOf(child)
    let isTold = false
    let ended: string | undefined
    void gone.then((how) => (ended = how))
    while (ended === undefined) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
      if (isOnline && !isTold) write(random(LIVE_AT_MOST))
      if (!isTold && isComplete() && isOnline && Date.now() - onlineSinceMs >= settleMs) {
        isTold = true
        child.send('finish')
      }
      if (Date.now() > until) {
        problems.push(isTold ? 'the process did not end after it hung up' : 'the conversation stands still')
        child.kill('SIGKILL')
        await gone
      }
    }
    const isKilled = ended === 'SIGKILL' && problems.length === 0
    if (isKilled && mode !== 'fail') index += 1
    else if (!isKilled && ended !== '0') problems.push(`the process ended with ${ended}`)
    // An end that came right after an acknowledgement leaves the message in the outbox: another process clears it away.
    isOver = problems.length > 0 || (ended === '0' && (await rowsOf(store, 'outbox')) === 0)
    if (ended === '0') settleMs = SETTLE_MS
  }
  if (mode === 'fail') index += linesOf(path('failures')).length
  await server.close()

  problems.push(...failures)
  const texts = new Map(linesOf(path('received')).map((line) => line.split('\t') as [key: string, text: string]))
  if (linesOf(path('received')).some((line) => texts.get(line.split('\t')[0]!) !== line.split('\t')[1])) problems.push('one key was used for two messages')
  for (let number = 0; number < half; number += 1) {
    const times = atBen.filter((text) => text === `out OUT${number}`).length
    if (times !== 1) problems.push(`"OUT${number}" reached Ben ${times} times`)
    const keys = [...texts.values()].filter((text) => text === `in ${number}`).length
    if (keys !== 1) problems.push(`"in ${number}" reached the consumer under ${keys} keys`)
  }
  if (simulator.reusedMessageKeys().length > 0) problems.push(`message keys were used twice: ${simulator.reusedMessageKeys().join(', ')}`)
  if (simulator.waitingFor(device) > 0) problems.push(`${simulator.waitingFor(device)} stanzas were not acknowledged`)
  if ((await identityOf(store)) !== identity) problems.push('the device has another identity key')
  for (const table of ['inbox', 'outbox', 'quarantine'] as const) {
    const left = await rowsOf(store, table)
    if (left > 0) problems.push(`${left} rows were left in ${table}`)
  }
  if (problems.length === 0) rmSync(folder, { recursive: true, force: true })
  return { next: index, problems }
}

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))))

/** Links the device from within this process, so that its first own process finds an account. */
const pair = async (simulator: ReturnType<typeof createSimulator>, phone: Phone, store: Store): Promise<void> => {
  const client = createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 20 })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code))
  const synced = firstValueFrom(client.offlineSyncCompleted$)
  const connection = client.connection$.subscribe()
  await synced
  connection.unsubscribe()
  await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
}

const identityOf = async (store: Store): Promise<string> => {
  const open = await store.open()
  const row = await open.read('account', 'credentials')
  await open.close()
  return row ? toHex(decodeAccount(row).identity.publicKey) : 'none'
}

const rowsOf = async (store: Store, table: Table): Promise<number> => {
  const open = await store.open()
  const rows = await open.scan(table, undefined, 1_000)
  await open.close()
  return rows.length
}
