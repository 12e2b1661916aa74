/**
 * The application of the crash proof, a process of its own: archives what comes to a file before it acknowledges,
 * sends what it does not know to be accepted, and meets its end at one of its commits.
 * `node child.mjs <plan as JSON>`
 */
import { appendFileSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { defer, filter, from, merge, mergeMap, retry, tap, throwError, timer, type Observable } from 'rxjs'

import { fromHex } from '../../lib/bytes/bytes.ts'
import { createClient, textOf, type Client } from '../../lib/index.ts'
import { loadDriver } from '../../lib/store/sqlite/load-driver.ts'
import { sqliteStore } from '../../lib/store/sqlite/sqlite-store.ts'
import type { ChildPlan } from './child-plan.ts'
import { endAt } from './end-at.ts'

const plan = JSON.parse(process.argv[2]!) as ChildPlan

/** Adds a line to a file, on the disk before it answers. */
const archive = (path: string): ((line: string) => void) => {
  const file = openSync(path, 'a')
  return (line) => {
    writeSync(file, `${line}\n`)
    fsyncSync(file)
  }
}

const accepted = new Set(existsSync(plan.acceptedPath) ? readFileSync(plan.acceptedPath, 'utf8').split('\n') : [])
const addAccepted = archive(plan.acceptedPath)
const addReceived = archive(plan.receivedPath)

const driver = await loadDriver((name) => import(name === 'better-sqlite3' ? (plan.betterSqlite3 ?? name) : name))
const store = endAt(sqliteStore(plan.storePath, { driver }), plan.mode, plan.index, plan.most, (index) => appendFileSync(plan.failuresPath, `${index}\n`))
const client: Client = createClient({ store, url: plan.url, trustedRoot: { publicKey: fromHex(plan.rootKey), serial: plan.rootSerial }, prekeyCount: 20 })

/** A disk that failed once works again: the application goes on after a moment, in the same process. */
const afterFailures = <T>(source$: Observable<T>): Observable<T> =>
  source$.pipe(
    retry({ delay: (error: { readonly code?: unknown }) => (error.code === 'store_failed' && plan.mode === 'fail' ? timer(5) : throwError(() => error)) }),
  )

const die = (error: unknown): void => {
  process.stderr.write(`${String(error)}\n${(error as Error).stack}\n`)
  process.exit(70)
}

afterFailures(client.durable('app', ['message'])).subscribe({
  next: ({ event, key, ack }) => {
    addReceived(`${key}\t${textOf(event.message) ?? ''}`)
    ack()
  },
  error: die,
})

const sendAll = (): Observable<unknown> =>
  from(Array.from({ length: plan.messages }, (_, index) => `OUT${index}`).filter((id) => !accepted.has(id))).pipe(
    mergeMap(
      (id) =>
        client.send(plan.peer, { text: `out ${id}` }, { id }).pipe(
          filter(({ kind }) => kind === 'accepted'),
          tap(() => {
            accepted.add(id)
            addAccepted(id)
          }),
        ),
      plan.window,
    ),
  )

const connection = afterFailures(merge(client.connection$, defer(sendAll))).subscribe({ error: die })

// The parent has all it wanted: hang up, then nothing may keep the process.
process.once('message', () => {
  connection.unsubscribe()
  // Not from within the message: Node 20 can trip over its own channel then.
  setImmediate(() => process.disconnect())
})
