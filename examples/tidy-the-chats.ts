/** Changes chats on all devices of an account, and hears what the phone changes. Runs on the simulator. */
import { firstValueFrom, take } from 'rxjs'

import { createClient } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const ana = simulator.phone({ name: 'Ana' })
const ben = simulator.phone({ name: 'Ben' })
const chat = ben.lid.toString()

// What was there before this device was linked comes first, flagged as that.
ana.appState.set(['mute', chat], { muteAction: { muted: true, muteEndTimestamp: -1 } })
ana.appState.set(['pin_v1', chat], { pinAction: { pinned: true } })

const client = createClient({ store: memoryStore(), dial: simulator.dial, fetch: simulator.fetch, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))
client.muteUpdates$.subscribe(({ action, fromFullSync }) => console.log(`muted: ${action.muted}${fromFullSync ? ', as it was' : ''}`))
client.archiveUpdates$.subscribe(({ action }) => console.log(`archived: ${action.archived}`))
const read = firstValueFrom(client.pinUpdates$)
const connection = client.connection$.subscribe()
await read

// Every change reaches all devices, and is told here like any other.
await client.chats.archive(chat, true)
console.log(`the phone says: archived ${ana.appState.truth().get(JSON.stringify(['archive', chat]))?.archiveChatAction?.archived}`)

const heard = firstValueFrom(client.muteUpdates$)
ana.appState.set(['mute', chat], { muteAction: { muted: false } })
await heard

connection.unsubscribe()
