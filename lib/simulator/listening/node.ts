import type { Listen } from './listening.ts'

/** By Node's server, which Bun and Deno have as well. */
export const listen: Listen | undefined = async (accept, media, { port, host, name, tls }) => {
  // Loaded here, so that a simulator without a port needs no server library.
  const { WebSocketServer } = await import('ws')
  const [{ createServer }, secure] = await Promise.all([import('node:http'), import('node:https')])
  const answer: Parameters<typeof secure.createServer>[1] = (request, response) => {
    const { status, bytes } = media.answer(request.url ?? '/')
    response.writeHead(status, { 'content-type': 'application/octet-stream' })
    response.end(bytes)
  }
  const http = tls ? secure.createServer(tls, answer) : createServer(answer)
  await new Promise<void>((resolve, reject) => {
    http.once('listening', resolve)
    http.once('error', reject)
    http.listen(port, host)
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
  const mediaHost = `${name.includes(':') ? `[${name}]` : name}:${chosen}`
  return {
    url: `${tls ? 'wss' : 'ws'}://${mediaHost}/ws/chat`,
    mediaHost,
    close: () =>
      new Promise((resolve) => {
        for (const client of server.clients) client.terminate()
        server.close()
        http.closeAllConnections()
        http.close(() => resolve())
      }),
  }
}
