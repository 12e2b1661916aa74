import { SimulatorFailed } from '../errors/simulator-failed.ts'
import type { MediaHost } from './media-host.ts'
import type { Accept } from './memory-socket.ts'

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Where its files are, a name with a port. */
  readonly mediaHost: string
  /** Hangs up on everybody and frees the port. */
  readonly close: () => Promise<void>
}

/**
 * Listens for clients on a port of this machine, and gives out files there; Node only.
 *
 * @param port 0 picks a free one
 * @throws SimulatorFailed when the port cannot be had
 */
export const listen = async (accept: Accept, media: Pick<MediaHost, 'answer'>, port: number): Promise<Listening> => {
  // Loaded here, so that a simulator without a port needs no server library.
  const { WebSocketServer } = await import('ws')
  const { createServer } = await import('node:http')
  const http = createServer((request, response) => {
    const { status, bytes } = media.answer(request.url ?? '/')
    response.writeHead(status, { 'content-type': 'application/octet-stream' })
    response.end(bytes)
  })
  await new Promise<void>((resolve, reject) => {
    http.once('listening', resolve)
    http.once('error', (cause) => reject(new SimulatorFailed(`port ${port} cannot be used; choose another one`, { cause })))
    http.listen(port, '127.0.0.1')
  })
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  server.on('connection', (socket) => {
    const served = accept({
      send: (bytes) => socket.send(bytes),
      close: (code) => socket.close(code),
      drop: () => socket.terminate(),
    })
    socket.on('message', (data) => {
      if (data instanceof Uint8Array) served.receive(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    })
    socket.on('close', () => served.closed())
    // A client that vanishes is closed right after; there is nothing else to do about it.
    socket.on('error', () => served.closed())
  })
  const address = http.address()
  const chosen = typeof address === 'object' && address ? address.port : port
  return {
    url: `ws://127.0.0.1:${chosen}/ws/chat`,
    mediaHost: `127.0.0.1:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate()
        server.close()
        http.closeAllConnections()
        http.close(() => resolve())
      }),
  }
}
