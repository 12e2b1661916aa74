/** Watches one message from the queue until it was read, and awaits another one. Runs on the simulator. */
import { firstValueFrom, map, take } from 'rxjs'

import { createClient } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const ana = simulator.phone({ name: 'Ana' })
const ben = simulator.phone({ name: 'Ben' })

const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected

// Ben reads what he gets.
ben.messages$.subscribe((message) => ben.read(message))

const sending = client.send(ben.phoneNumber, { text: 'Did you see this?' }, { until: 'read' })
sending.pipe(map(({ kind }) => kind)).subscribe((step) => console.log(step))
const { id } = await sending // joins the run that is under way; nothing is sent twice
console.log(`read: ${id.slice(0, 4)}…`)

const { timestamp } = await client.send(ben.lid, { text: 'And this?' })
console.log(`accepted at ${timestamp.toISOString()}`)

connection.unsubscribe()
