/** Looks at everything that is said on the wire; whoever does not subscribe to raw streams pays nothing for them. */
import { firstValueFrom, map, merge, take } from 'rxjs'

import { createClient } from 'rxwa'
import { decodeStanza, formatStanza } from 'rxwa/stanza'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

const simulator = createSimulator()
const ana = simulator.phone({ name: 'Ana' })
const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot })
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code))

merge(
  client.rawNodes$.pipe(map(({ node }) => `< ${formatStanza(node)}`)),
  client.sentFrames$.pipe(map(({ plaintext }) => `> ${formatStanza(decodeStanza(plaintext))}`)),
).subscribe((line) => console.log(line.length > 160 ? `${line.slice(0, 159)}…` : line))

const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected
connection.unsubscribe()
