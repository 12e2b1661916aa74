import { from, Observable, switchMap, Subject } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
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

type WebSocketClass = new (url: string, options?: { readonly origin: string; readonly perMessageDeflate: false }) => WebSocketLike

/**
 * Dials over WebSocket. The library is loaded at the first dial, because most of the cost of importing
 * this package would be it.
 */
export const webSocketDial: Dial = (url) =>
  from(loadWebSocket()).pipe(switchMap((WebSocketOf) => open(WebSocketOf, url)))

const loadWebSocket = async (): Promise<WebSocketClass> => {
  const module: { readonly default?: unknown } = await import('isomorphic-ws')
  return module.default as WebSocketClass
}

const open = (WebSocketOf: WebSocketClass, url: string): Observable<Socket> =>
  new Observable((subscriber) => {
    const socket = isBrowser() ? new WebSocketOf(url) : new WebSocketOf(url, { origin: ORIGIN, perMessageDeflate: false })
    socket.binaryType = 'arraybuffer'
    const bytes$ = new Subject<Uint8Array>()
    let isOpen = false

    const lost = (error: ConnectionLost): void => {
      if (isOpen) bytes$.error(error)
      subscriber.error(error)
    }
    socket.onopen = () => {
      isOpen = true
      subscriber.next({ bytes$: bytes$.asObservable(), send: (bytes) => socket.send(bytes) })
    }
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (data instanceof ArrayBuffer) bytes$.next(new Uint8Array(data))
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
      socket.close(NORMAL_CLOSURE)
    }
  })

const isBrowser = (): boolean => 'document' in globalThis || 'WorkerGlobalScope' in globalThis
