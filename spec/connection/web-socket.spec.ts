import { createServer, Agent, request, type ClientRequestArgs, type IncomingHttpHeaders, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { firstValueFrom, take } from 'rxjs'

import { createClient, webSocketDial } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, type Listening, type Simulator } from '../../lib/testing/index.ts'

/** A proxy on this machine that only makes tunnels, and refuses when it is told to. */
const createProxy = async () => {
  const asked: string[] = []
  const open = new Set<Duplex>()
  const state = { status: 200 }
  const proxy: Server = createServer()
  proxy.on('connect', ({ url = '' }, client) => {
    asked.push(url)
    open.add(client)
    client.on('error', () => client.destroy())
    if (state.status !== 200) {
      client.end(`HTTP/1.1 ${state.status} No\r\n\r\n`)
      return
    }
    const [host, port] = url.split(':')
    const server = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n')
      server.pipe(client).pipe(server)
    })
    open.add(server)
    server.on('error', () => client.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    asked,
    state,
    port: (proxy.address() as AddressInfo).port,
    close: () => {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => proxy.close(resolve))
    },
  }
}

class TunnelAgent extends Agent {
  constructor(readonly proxyPort: number) {
    super()
  }

  override createConnection({ host, port }: ClientRequestArgs, done?: (error: Error | null, socket: Duplex) => void): undefined {
    const asked = request({ host: '127.0.0.1', port: this.proxyPort, method: 'CONNECT', path: `${host}:${port}` })
    asked.once('connect', ({ statusCode }, socket) => done?.(statusCode === 200 ? null : new Error(`the proxy said ${statusCode}`), socket))
    asked.once('error', (error) => done?.(error, undefined as never))
    asked.end()
  }
}

describe('webSocketDial through a proxy', () => {
  let proxy: Awaited<ReturnType<typeof createProxy>>
  let simulator: Simulator
  let server: Listening
  beforeEach(async () => {
    proxy = await createProxy()
    simulator = createSimulator()
    server = await simulator.listen()
  })
  afterEach(async () => {
    await server.close()
    await proxy.close()
  })

  it('links and logs in, each time by a tunnel', async () => {
    const phone = simulator.phone()
    const client = createClient({ store: memoryStore(), url: server.url, trustedRoot: simulator.trustedRoot, prekeyCount: 5, dial: webSocketDial({ agent: new TunnelAgent(proxy.port) }) })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void phone.scan(code))
    const connected = firstValueFrom(client.connected$)
    const connection = client.connection$.subscribe()
    await connected
    expect(proxy.asked).toEqual([new URL(server.url).host, new URL(server.url).host])
    connection.unsubscribe()
  })

  it('that refuses is a loss like any other: the client waits and comes back', async () => {
    proxy.state.status = 407
    const client = createClient({ store: memoryStore(), url: server.url, trustedRoot: simulator.trustedRoot, dial: webSocketDial({ agent: new TunnelAgent(proxy.port) }) })
    const waiting = new Promise((resolve) => {
      client.connectionState$.subscribe((state) => {
        if (state.kind === 'waiting') resolve(state)
      })
    })
    const connection = client.connection$.subscribe()
    expect(await waiting).toEqual({ kind: 'waiting', retryInMs: expect.any(Number), because: 'dial_failed', detail: expect.stringContaining('407') })
    connection.unsubscribe()
  })
})

describe('webSocketDial', () => {
  it('sends origin and headers as told', async () => {
    let headers: IncomingHttpHeaders = {}
    const server = createServer()
    server.on('upgrade', (asked, socket) => {
      headers = asked.headers
      socket.end('HTTP/1.1 403 No\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await expect(firstValueFrom(webSocketDial({ origin: 'https://example.org', headers: { 'X-Gateway': 'token' } })(url))).rejects.toMatchObject({ code: 'connection_lost', because: 'dial_failed', detail: expect.stringMatching(/^Unexpected server response: \d{3}$/) })
    expect(headers).toMatchObject({ origin: 'https://example.org', 'x-gateway': 'token' })
    await expect(firstValueFrom(webSocketDial()(url))).rejects.toMatchObject({ because: 'dial_failed' })
    expect(headers).toMatchObject({ origin: 'https://web.whatsapp.com' })
    await new Promise((resolve) => server.close(resolve))
  })

  it.each([
    [{ agent: 'http://127.0.0.1' }, 'agent'],
    [{ agent: null }, 'agent'],
    [{ headers: [] as never, agent: 5 }, 'agent'],
    [{ headers: { 'X Y': 'z' } }, 'headers'],
    [{ headers: { 'X-Y': 'a\r\nb' } }, 'headers'],
    [{ headers: { 'X-Y': 7 } }, 'headers'],
    [{ origin: 'example.org' }, 'origin'],
    [{ origin: 'ws://example.org' }, 'origin'],
  ])('%# is refused by name', (options, option) =>
    expect(() => webSocketDial(options as never)).toThrow(expect.objectContaining({ code: 'option_invalid', option, message: expect.stringContaining('must be') })))
})
