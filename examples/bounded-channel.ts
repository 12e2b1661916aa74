/** Works through messages at its own pace, with room for three: what is too much is dropped, and counted. */
import { firstValueFrom, take } from 'rxjs'

import { createClient, textOf } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Ana' })
const person = simulator.phone({ name: 'Ben' })
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected

// It collects from here on, although nobody takes yet.
const channel = client.channel(['message'], { limit: 3, policy: 'dropOldest' })
for (let number = 1; number <= 10; number += 1) person.send(owner.lid, `message ${number}`)
for await (const { message } of channel) {
  console.log(textOf(message))
  if (channel.waiting() === 0) break
}
console.log(`${channel.dropped()} dropped`)
channel.close()
connection.unsubscribe()
