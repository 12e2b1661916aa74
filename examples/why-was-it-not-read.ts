/** Tells why a message could not be read, and how it was read after all. Runs on the simulator. */
import { filter, firstValueFrom, take } from 'rxjs'

import { createClient, textOf } from 'rxwa'
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
const hello = firstValueFrom(client.messages$)
ben.send(ana.lid, 'hello')
await hello
await client.send(ben.lid, { text: 'hello yourself' })

// Every step of every message that goes wrong, as it happens.
client.explanations$.subscribe(({ id, direction, outcome, steps }) => {
  const { at: _, kind, ...facts } = steps.at(-1)!
  console.log(`${direction} ${id.slice(0, 4)}… ${kind} ${JSON.stringify(facts)} → ${outcome}`)
})

// One bit is flipped on the way; Ben is asked for the message and sends it again.
const mended = firstValueFrom(client.messages$)
simulator.corruptNextMessage()
ben.send(ana.lid, 'broken on the way')
console.log(`read after all: ${textOf((await mended).message)}`)

// The server has no content for this device; the phone has it and hands it over.
const handedOver = firstValueFrom(client.messages$)
const told = firstValueFrom(client.explanations$.pipe(filter(({ outcome, steps }) => outcome === 'mended' && steps[0]?.kind === 'no_content')))
simulator.withholdMessages(ana.phoneNumber.user + ':1@s.whatsapp.net', 'unknown')
ben.send(ana.lid, 'only your phone got this')
const { info } = await handedOver
await told

// The whole chain at any later time.
console.log(client.explain(info.id)?.steps.map(({ kind }) => kind).join(', '))

connection.unsubscribe()
