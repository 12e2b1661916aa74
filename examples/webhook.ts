/** Posts every message to a webhook at least once, as JSON that a schema describes; what failed is posted again. */
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { defer, firstValueFrom, retry, take, toArray } from 'rxjs'

import { createClient, processed, toJson, type WaEvent } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

// The other side: refuses the first call, as servers do now and then.
let calls = 0
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += String(chunk)))
  request.on('end', () => {
    calls += 1
    response.writeHead(calls === 1 ? 503 : 204).end()
    if (calls > 1) console.log(`got ${(JSON.parse(body) as { readonly message: { readonly conversation?: string } }).message.conversation}`)
  })
}).listen(0, '127.0.0.1')
await once(server, 'listening')
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`

const post = (event: WaEvent, key: string) =>
  defer(async () => {
    // The same key each time: the other side can tell repetitions.
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(toJson(event)) })
    if (!response.ok) throw new Error(`the webhook answered ${response.status}`)
  }).pipe(retry({ count: 5, delay: 50 }))

const simulator = createSimulator()
const owner = simulator.phone({ name: 'Ana' })
const person = simulator.phone({ name: 'Ben' })
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected

const posted = firstValueFrom(client.durable('webhook', ['message']).pipe(processed(post), take(2), toArray()))
for (const text of ['one', 'two']) person.send(owner.lid, text)
await posted
console.log(`${calls} calls for 2 messages`)
connection.unsubscribe()
server.closeAllConnections()
server.close()
