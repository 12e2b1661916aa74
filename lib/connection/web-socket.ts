import { from, Observable, switchMap, Subject } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import type { Dial, Socket } from './socket.ts'

/** The server expects its own web page as origin. */
const ORIGIN = 'https://web.whatsapp.com'

/** Our side hangs up for a reason of its own. */
const NORMAL_CLOSURE = 1000

type WebSocketModule = typeof import('isomorphic-ws')

/**
 * Dials over WebSocket. The library is loaded at the first dial, because most of the cost of importing
 * this package would be it.
 */
export const webSocketDial: Dial = (url) =>
  from(import('isomorphic-ws')).pipe(switchMap((module: WebSocketModule) => open(module.default, url)))

const open = (WebSocketClass: WebSocketModule['default'], url: string): Observable<Socket> =>
  new Observable((subscriber) => {
    const socket = isBrowser() ? new WebSocketClass(url) : new WebSocketClass(url, { origin: ORIGIN, perMessageDeflate: false })
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
