/** A client in a process of its own, which tells its parent what it hears and how much memory it uses. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { take } from 'rxjs'

import { fromHex } from '../../lib/bytes/bytes.ts'
import { createClient, textOf, type Client } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const tell = (event: object): void => void process.send?.(event)

let client: Client
process.on('message', (command: { readonly kind: 'start'; readonly url: string; readonly rootPublicKey: string } | { readonly kind: 'heap' } | { readonly kind: 'reconnect' }) => {
  if (command.kind === 'heap') {
    collect()
    tell({ kind: 'heap', bytes: process.memoryUsage().heapUsed })
  } else if (command.kind === 'reconnect') client.reconnect()
  else {
    client = createClient({ store: memoryStore(), url: command.url, trustedRoot: { publicKey: fromHex(command.rootPublicKey), serial: 0 } })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => tell({ kind: 'qr', code }))
    client.connected$.subscribe(() => tell({ kind: 'connected' }))
    client.messages$.subscribe(({ message }) => tell({ kind: 'told', text: textOf(message) ?? '' }))
    client.undecryptableMessages$.subscribe(() => tell({ kind: 'unreadable' }))
    client.connection$.subscribe({ error: (error: unknown) => tell({ kind: 'ended', error: String(error) }) })
  }
})
process.on('disconnect', () => process.exit(0))
