/**
 * Connects through an HTTP proxy. An agent makes the connection; here a small one of our own, for `wss:`
 * take a ready-made one such as `https-proxy-agent`. Proxy and server are simulated.
 */
import { Agent, createServer, request, type ClientRequestArgs } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { firstValueFrom, take } from 'rxjs'

import { createClient, webSocketDial } from 'rxwa'
import { memoryStore } from 'rxwa/store/memory'
import { createSimulator } from 'rxwa/testing'

/** Asks a proxy for a tunnel (CONNECT, RFC 9110, section 9.3.6) and gives that as the connection. */
class TunnelAgent extends Agent {
  readonly #proxyPort: number
  constructor(proxyPort: number) {
    super()
    this.#proxyPort = proxyPort
  }

  override createConnection({ host, port }: ClientRequestArgs, done?: (error: Error | null, socket: Duplex) => void): undefined {
    const asked = request({ host: '127.0.0.1', port: this.#proxyPort, method: 'CONNECT', path: `${host}:${port}` })
    asked.once('connect', ({ statusCode }, socket) => done?.(statusCode === 200 ? null : new Error(`the proxy said ${statusCode}`), socket))
    asked.once('error', (error) => done?.(error, undefined as never))
    asked.end()
  }
}

const tunnels: string[] = []
const proxy = createServer()
proxy.on('connect', ({ url = '' }, client) => {
  tunnels.push(url)
  const [host, port] = url.split(':')
  const server = connect(Number(port), host, () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n')
    server.pipe(client).pipe(server)
  })
  server.on('error', () => client.destroy())
  client.on('error', () => server.destroy())
})
await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
const proxyPort = (proxy.address() as { readonly port: number }).port

const simulator = createSimulator()
const server = await simulator.listen()
const phone = simulator.phone({ name: 'Ana' })
const client = createClient({
  store: memoryStore(),
  url: server.url,
  trustedRoot: simulator.trustedRoot,
  dial: webSocketDial({ agent: new TunnelAgent(proxyPort), headers: { 'X-Gateway': 'example' } }),
})
client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code))
const connected = firstValueFrom(client.connected$)
const connection = client.connection$.subscribe()
await connected
console.log(`linked as ${client.me()?.id}, through ${tunnels.length} tunnels`)
connection.unsubscribe()
await server.close()
proxy.close()
