import { from, Observable, switchMap, Subject } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { createWriteBatch } from './batch-writes.ts'
import type { Dial, Socket } from './socket.ts'

/** The server expects its own web page as origin. */
const ORIGIN = 'https://web.whatsapp.com'

/** Our side hangs up for a reason of its own. */
const NORMAL_CLOSURE = 1000

/** What both the browser's class and the library's offer. */
interface WebSocketLike {
  binaryType: string
  onopen: (() => void) | null
  onmessage: ((event: { readonly data: unknown }) => void) | null
  onerror: ((event: { readonly error?: unknown }) => void) | null
  onclose: ((event: { readonly code: number }) => void) | null
  send(bytes: Uint8Array): void
  close(code?: number): void
}

/** How the library is told to open a connection; browsers take none of it. */
type ConnectOptions = Required<Pick<WebSocketDialOptions, 'origin'>> & Omit<WebSocketDialOptions, 'origin'> & { readonly perMessageDeflate: false }

type WebSocketClass = new (url: string, options?: ConnectOptions) => WebSocketLike

/** How a WebSocket is opened; outside browsers only, which decide that themselves. */
export interface WebSocketDialOptions {
  /** Makes the connection underneath, for example through a proxy: an `http.Agent` for `ws:`, an `https.Agent` for `wss:`. */
  readonly agent?: object
  /** Sent along with the opening request, for example the credentials a gateway asks for. */
  readonly headers?: Readonly<Record<string, string>>
  /** Default: that of the service's own page, which the server expects. */
  readonly origin?: string
}

/**
 * Makes a dial over WebSocket. The library is loaded at the first dial, because most of the cost of
 * importing this package would be it.
 *
 * @throws OptionInvalid naming the option and what it may be
 * @example
 * const client = createClient({ store, dial: webSocketDial({ agent: new HttpsProxyAgent('http://127.0.0.1:8080') }) })
 */
export const webSocketDial = (options: WebSocketDialOptions = {}): Dial => {
  const connectOptions = checked(options)
  return (url) => from(loadWebSocket()).pipe(switchMap((WebSocketOf) => open(WebSocketOf, url, connectOptions)))
}

/** A header's name, and a value without what would end it (RFC 9110, sections 5.1 and 5.5). */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/
const VALUE = /^[\t\x20-\x7e]*$/

const checked = (options: WebSocketDialOptions): ConnectOptions => {
  requireObject('options', options, 'an object')
  const { agent, headers, origin = ORIGIN } = options
  const given = Object.values(options).some((value) => value !== undefined)
  if (given && isBrowser()) throw new OptionInvalid('webSocketDial', 'without options in a browser, which opens connections its own way', 'some')
  if (agent !== undefined && (typeof agent !== 'object' || agent === null)) throw new OptionInvalid('agent', 'an http.Agent or https.Agent', typeof agent)
  if (headers !== undefined && !areHeaders(headers)) throw new OptionInvalid('headers', 'an object of header names and printable texts', typeof headers)
  if (typeof origin !== 'string' || !URL.canParse(origin) || !/^https?:$/.test(new URL(origin).protocol))
    throw new OptionInvalid('origin', 'an address starting with http: or https:', typeof origin)
  return { origin, perMessageDeflate: false, ...(agent && { agent }), ...(headers && { headers }) }
}

const areHeaders = (headers: unknown): boolean =>
  typeof headers === 'object' && headers !== null && Object.entries(headers).every(([name, value]) => NAME.test(name) && typeof value === 'string' && VALUE.test(value))

const loadWebSocket = async (): Promise<WebSocketClass> => {
  const module: { readonly default?: unknown } = await import('isomorphic-ws')
  return module.default as WebSocketClass
}

const open = (WebSocketOf: WebSocketClass, url: string, options: ConnectOptions): Observable<Socket> =>
  new Observable((subscriber) => {
    const socket = isBrowser() ? new WebSocketOf(url) : new WebSocketOf(url, options)
    // The library's buffers are views already; a browser has none.
    socket.binaryType = isBrowser() ? 'arraybuffer' : 'nodebuffer'
    const batch = createWriteBatch((bytes) => socket.send(bytes))
    const bytes$ = new Subject<Uint8Array>()
    let isOpen = false

    const lost = (error: ConnectionLost): void => {
      if (isOpen) bytes$.error(error)
      subscriber.error(error)
    }
    socket.onopen = () => {
      isOpen = true
      subscriber.next({ bytes$: bytes$.asObservable(), send: batch.add })
    }
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (data instanceof Uint8Array) bytes$.next(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
      else if (data instanceof ArrayBuffer) bytes$.next(new Uint8Array(data))
      else lost(new ConnectionLost('stream_error', 'after_wait', { cause: new TypeError('a text message on a binary connection') }))
    }
    socket.onerror = ({ error }: { readonly error?: unknown }) =>
      lost(new ConnectionLost(isOpen ? 'server_closed' : 'dial_failed', 'after_wait', { cause: error }))
    socket.onclose = ({ code }: { readonly code: number }) =>
      lost(new ConnectionLost(isOpen ? 'server_closed' : 'dial_failed', 'after_wait', { closeCode: code }))

    return () => {
      // The handlers would speak to somebody who has left; a late error must still not be unhandled.
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.onerror = () => undefined
      if (isOpen) batch.flush()
      socket.close(NORMAL_CLOSURE)
    }
  })

const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis
