/**
 * Links a device by a code that is typed on the phone, instead of a QR code that is scanned. A simulated
 * phone types it.
 */
import { firstValueFrom } from 'rxjs'

import { createClient } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const phone = simulator.phone({ name: 'Ana' })
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })

const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()

// A code can be called back; whoever still wants to link asks for a new one.
client.pairingCodeRefresh$.subscribe(({ forceManual }) => console.log(forceManual ? 'ask for a new code' : 'the code is dead'))

const { code, timeoutMs } = await client.pairWithCode(phone.phoneNumber.user)
console.log(`type ${code.slice(0, 4)}-${code.slice(4)} on the phone within ${Math.round(timeoutMs / 1000)} s`)
await phone.enterCode(code)
await connected
console.log(`linked as ${client.me()?.id}`)
connection.unsubscribe()
