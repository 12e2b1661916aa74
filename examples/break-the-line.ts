/** Tests how a bot does on a bad line: messages are lost, doubled and delayed, and the connection breaks. */
import assert from 'node:assert/strict'
import { take } from 'rxjs'

import { createClient, textOf } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator, createVirtualClock, seeded } from 'rxwa/testing'

// Hours of back-off pass in moments: client and server live in one virtual time.
const clock = createVirtualClock()
const simulator = createSimulator({ scheduler: clock.scheduler })
const owner = simulator.phone({ name: 'Bot' })
const person = simulator.phone({ name: 'Ben' })
const logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: (fields: object, message: string) => console.log(message, JSON.stringify(fields)),
  error: (fields: object, message: string) => console.log(message, JSON.stringify(fields)),
}
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, logger })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
const got: (string | undefined)[] = []
client.messages$.subscribe(({ message }) => got.push(textOf(message)))
let isLinked = false
client.offlineSyncCompleted$.subscribe(() => (isLinked = true))
const connection = client.connection$.subscribe()
// Code that is loaded on the way takes real time, however much virtual time passes.
while (!isLinked) await clock.advance(1_000)

// Of what the server sends; drops are left out, a wire loses nothing in the middle.
const bad = simulator.faults.add(seeded({ seed: 7, probability: 0.1, kinds: ['delay', 'duplicate', 'corrupt', 'close'], on: { direction: 'out' } }))
for (let count = 1; count <= 20; count += 1) {
  person.send(owner.lid, `message ${count}`)
  await clock.advance(20_000)
}
bad.remove()
await clock.advance(3_600_000)
connection.unsubscribe()

assert.deepEqual(got, Array.from({ length: 20 }, (_, index) => `message ${index + 1}`))
console.log(`20 messages, each once and in order, in spite of ${bad.hits()} faults`)
