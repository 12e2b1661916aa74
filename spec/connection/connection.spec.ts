import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, map, merge, NEVER, Observable, of, Subject, throwError } from 'rxjs'

import { generateKeyPair } from '#crypto'
import { concat } from '../../lib/bytes/bytes.ts'
import { connection, type ConnectionParts, type Incoming } from '../../lib/connection/connection.ts'
import { encodeFrame } from '../../lib/connection/frame.ts'
import { startHandshake } from '../../lib/connection/noise-handshake.ts'
import { respond } from '../../lib/connection/noise-responder.ts'
import { createNoiseTransport } from '../../lib/connection/noise-transport.ts'
import type { Dial } from '../../lib/connection/socket.ts'
import { ConnectionLost } from '../../lib/errors/connection-errors.ts'
import { createServerIdentity } from '../../lib/simulator/certificates.ts'
import { encodeStanza } from '../../lib/stanza/encode.ts'
import { stanza } from '../../lib/stanza/stanza.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const identity = createServerIdentity(Date.now())
const WIRE_HEADER_BYTES = 4

/** A server that answers the first message as it is told, and then with these frames. */
const scripted = (answer: (hello: Uint8Array) => readonly Uint8Array[]) => {
  const hungUp = { times: 0 }
  const dial: Dial = () =>
    new Observable((subscriber) => {
      const bytes$ = new Subject<Uint8Array>()
      let isFirst = true
      subscriber.add(() => (hungUp.times += 1))
      subscriber.next({
        bytes$,
        send: (bytes) => {
          if (!isFirst) return
          isFirst = false
          queueMicrotask(() => answer(bytes).forEach((chunk) => bytes$.next(chunk)))
        },
      })
    })
  return { dial, hungUp }
}

/** An honest handshake, after which the frames are sealed or not as they come. */
const honest = (frames: (seal: (plaintext: Uint8Array) => Uint8Array) => readonly Uint8Array[]) => (hello: Uint8Array): readonly Uint8Array[] => {
  const response = respond(hello.subarray(WIRE_HEADER_BYTES + 3), {
    prologue: hello.slice(0, WIRE_HEADER_BYTES),
    serverStatic: identity.serverStatic,
    ephemeral,
    certificateChain: identity.chain,
  })
  if (response.kind !== 'half') return []
  return [encodeFrame(response.hello), ...frames((plaintext) => transportFor(hello).seal(plaintext))]
}

const ephemeral = generateKeyPair()
const noise = generateKeyPair()
const clientEphemeral = generateKeyPair()

/** The server's transport, worked out from both sides' keys: the split needs the client's last message. */
const transportFor = (hello: Uint8Array) => {
  const parts = { prologue: hello.slice(0, 4), serverStatic: identity.serverStatic, ephemeral, certificateChain: identity.chain }
  const response = respond(hello.subarray(7), parts)
  if (response.kind !== 'half') throw new Error('a meeting was expected')
  const client = startClient()
  const { finish } = client.answer(response.hello)
  const { keys } = response.finish(finish!)
  return createNoiseTransport(keys.responder, keys.initiator)
}

const startClient = () =>
  startHandshake({
    prologue: Uint8Array.of(0x57, 0x41, 6, 3),
    noise,
    ephemeral: clientEphemeral,
    payload: new Uint8Array(0),
    verifyCertificate: () => undefined,
  })

const partsFor = (dial: Dial): ConnectionParts => ({
  dial,
  url: 'ws://test',
  noise,
  ephemeral: clientEphemeral,
  payload: new Uint8Array(0),
  trustedRoot: identity.root,
  routingInfo: undefined,
  limitMs: 20_000,
  scheduler: asyncScheduler,
  outgoing$: NEVER,
  onSent: () => undefined,
})

const run = async (dial: Dial): Promise<{ readonly seen: readonly Incoming[]; readonly error: unknown }> => {
  const seen: Incoming[] = []
  let error: unknown
  const subscription = connection(partsFor(dial)).subscribe({ next: (incoming) => seen.push(incoming), error: (cause: unknown) => (error = cause) })
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0))
  subscription.unsubscribe()
  return { seen, error }
}

describe('a connection', () => {
  it.each([
    ['nonsense for a hello', () => [encodeFrame(Uint8Array.of(1, 2, 3))], 'malformed_message'],
    ['a hello without its parts', () => [encodeFrame(Uint8Array.of(0x1a, 0))], 'missing_field'],
    ['a frame with a wrong tag', honest(() => [encodeFrame(new Uint8Array(40))]), 'authentication_failed'],
    ['an empty frame', honest(() => [encodeFrame(new Uint8Array(0))]), 'authentication_failed'],
  ])('is lost over %s, and hangs up', async (_, answer, fault) => {
    const { dial, hungUp } = scripted(answer)
    const { error } = await run(dial)
    expect(error).toMatchObject({ code: 'connection_lost', because: 'stream_error', cause: { code: 'noise_failed', fault } })
    expect(hungUp.times).toBe(1)
  })

  it('reads what comes in pieces, and reports what is no stanza', async () => {
    const { dial } = scripted((hello) => {
      const transport = transportFor(hello)
      const [first] = honest(() => [])(hello)
      const stream = concat(first!, transport.seal(encodeStanza(stanza('success'))), transport.seal(Uint8Array.of(0, 0xf0)), transport.seal(encodeStanza(stanza('xmlstreamend'))))
      return Array.from(stream, (byte) => Uint8Array.of(byte))
    })
    const { seen, error } = await run(dial)
    expect(error).toBeUndefined()
    expect(seen.map((incoming) => (incoming.kind === 'stanza' ? incoming.stanza.tag : incoming.kind))).toEqual(['opened', 'success', 'undecodable', 'xmlstreamend'])
  })

  it('gives a socket and a handshake twenty seconds each', marbles(({ expectObservable }) => {
    const silent: Dial = () => new Observable((subscriber) => subscriber.next({ bytes$: NEVER, send: () => undefined }))
    expectObservable(connection(partsFor(() => NEVER))).toBe('20s #', {}, expect.objectContaining({ because: 'dial_timed_out' }))
    expectObservable(connection(partsFor(silent))).toBe('20s #', {}, expect.objectContaining({ because: 'handshake_timed_out' }))
  }))

  it('ends as its socket does', marbles(({ cold, expectObservable }) => {
    const gone = new ConnectionLost('server_closed', 'after_wait', { closeCode: 1006 })
    const closing: Dial = () => new Observable((subscriber) => subscriber.next({ bytes$: cold<Uint8Array>('---#', undefined, gone), send: () => undefined }))
    expectObservable(connection(partsFor(closing))).toBe('---#', {}, gone)
    expectObservable(connection(partsFor(() => cold('-#', undefined, gone)))).toBe('-#', {}, gone)
  }))

  describe('whose connector fails in words of its own is lost', () => {
    const refused = new Error('connect ECONNREFUSED')
    const socket = { bytes$: NEVER, send: () => undefined }
    const throwing = (): never => {
      throw refused
    }
    it.each<[string, 'dial_failed' | 'server_closed', Dial]>([
      ['while it dials', 'dial_failed', () => throwError(() => refused)],
      ['by throwing', 'dial_failed', throwing],
      ['when it was open', 'server_closed', () => merge(of(socket), throwError(() => refused))],
      ['while it reads', 'server_closed', () => merge(of({ ...socket, bytes$: throwError(() => refused) }), NEVER)],
      ['while it writes', 'server_closed', () => merge(of({ ...socket, send: throwing }), NEVER)],
    ])('%s', async (_, because, dial) => {
      const { error } = await run(dial)
      expect(error).toMatchObject({ code: 'connection_lost', because, detail: 'connect ECONNREFUSED', cause: refused })
    })

    it('while it writes a stanza', async () => {
      const outgoing$ = new Subject<Uint8Array>()
      let isBroken = false
      const { dial } = scripted(honest(() => []))
      const breaking: Dial = (url) => dial(url).pipe(map((open) => ({ ...open, send: (bytes) => (isBroken ? throwing() : open.send(bytes)) })))
      const ended = new Promise((resolve) => {
        connection({ ...partsFor(breaking), outgoing$ }).subscribe({
          next: () => {
            isBroken = true
            outgoing$.next(encodeStanza(stanza('iq')))
          },
          error: resolve,
        })
      })
      expect(await ended).toMatchObject({ code: 'connection_lost', because: 'server_closed', cause: refused })
    })
  })
})
