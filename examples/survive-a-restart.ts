/**
 * Survives crashes and restarts: a durable consumer gets every message at least once, and an id of its own
 * makes an answer go out exactly once. Runs twice on one store, as two processes would.
 *
 * On disk: `sqliteStore('bot.db')` from `rxwa/store/sqlite` in place of `memoryStore()`. Node 22.13 and Bun
 * bring an SQLite; on older Node run `npm install better-sqlite3@12`.
 */
import { concatMap, firstValueFrom, take, timer } from 'rxjs'

import { createClient, processed, textOf, type Client } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Bot' })
const person = simulator.phone({ name: 'Ben' })
const answers: (string | undefined)[] = []
person.messages$.subscribe(({ text }) => answers.push(text))
const store = memoryStore()
const newProcess = (): Client => createClient({ store, dial: simulator.dial, trustedRoot: simulator.trustedRoot })

// The first process is stopped while it works on the second message.
const first = newProcess()
first.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
const connected = firstValueFrom(first.connected$)
const connection = first.connection$.subscribe()
await connected
first.durable('answers', ['message']).subscribe(({ event, key, ack }) => {
  const text = textOf(event.message)
  console.log(`first process: ${text} (key ${key.length} characters)`)
  if (text === 'two') return // it crashes before it is done
  first.reply(event, { text: `${text}!` }, { id: `A-${event.info.id}` }).subscribe({ complete: ack })
})
person.send(owner.lid, 'one')
person.send(owner.lid, 'two')
await firstValueFrom(timer(100))
connection.unsubscribe()
person.send(owner.lid, 'three')

// The second process finds what the first one left, then what came meanwhile.
const second = newProcess()
const work$ = second.durable('answers', ['message']).pipe(
  concatMap((given) => {
    console.log(`second process: ${textOf(given.event.message)}${given.redelivered ? ', again' : ''}`)
    return [given]
  }),
  processed((event) => second.reply(event, { text: `${textOf(event.message)}!` }, { id: `A-${event.info.id}` })),
)
const done = firstValueFrom(work$.pipe(take(2), concatMap(() => timer(100))))
const again = second.connection$.subscribe()
await done
console.log(`Ben got ${answers.join(' ')}`)
again.unsubscribe()
