import { catchError, defer, merge, NEVER, Observable, switchMap, tap, throwError, timeout, type SchedulerLike } from 'rxjs'

import { generateKeyPair, type KeyPair } from '#crypto'
import { concat } from '../bytes/bytes.ts'
import { ConnectionLost } from '../errors/connection-errors.ts'
import { FrameTooLarge } from '../errors/frame-error.ts'
import { NoiseFailed } from '../errors/noise-error.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import { decodeStanza } from '../stanza/decode.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { encodeFrame, frame, introBytes, WIRE_HEADER } from './frame.ts'
import { verifyCertificateChain, type TrustedRoot, type Validity } from './noise-certificate.ts'
import { startHandshake } from './noise-handshake.ts'
import type { NoisePattern } from './noise-state.ts'
import { createNoiseTransport, type NoiseTransport } from './noise-transport.ts'
import type { Dial, Socket } from './socket.ts'

/** What one connection is made of. */
export interface ConnectionParts {
  readonly dial: Dial
  readonly url: string
  /** Static key of the device. */
  readonly noise: KeyPair
  /** Fresh key of this connection; drawn when absent. */
  readonly ephemeral?: KeyPair
  /** The encoded `ClientPayload`. */
  readonly payload: Uint8Array
  readonly trustedRoot: TrustedRoot
  /** The server's key of an earlier connection: resume with it, which saves a round trip. */
  readonly knownServerKey?: Uint8Array | undefined
  readonly routingInfo: Uint8Array | undefined
  /** Time for the socket to open, and for the server to answer the handshake. */
  readonly limitMs: number
  readonly scheduler: SchedulerLike
  /** Encoded stanzas to write, each at once and in order. */
  readonly outgoing$: Observable<Uint8Array>
  /** Told the plaintext of every stanza the socket took. */
  readonly onSent: (plaintext: Uint8Array) => void
}

/** What a connection emits. */
export type Incoming =
  /** The handshake is done; stanzas can be written. */
  | { readonly kind: 'opened'; readonly pattern: NoisePattern; readonly server?: KnownServer }
  | { readonly kind: 'stanza'; readonly stanza: Stanza }
  /** A decrypted frame that is no stanza; the connection goes on. */
  | { readonly kind: 'undecodable'; readonly error: StanzaCodecError; readonly frame: Uint8Array }

/** A server that proved itself, and for how long its certificates hold. */
export interface KnownServer extends Validity {
  /** Static key, 32 bytes. */
  readonly key: Uint8Array
}

/**
 * An encrypted connection, cold: subscribing dials and shakes hands, unsubscribing hangs up. Emits
 * every stanza in wire order. Errors with a `ConnectionLost` when it ended or could not be made, and
 * with `CertificateRejected` when the server is not who it should be.
 */
export const connection = (parts: ConnectionParts): Observable<Incoming> =>
  merge(dialTyped(parts), NEVER).pipe(
    timeout({
      first: parts.limitMs,
      scheduler: parts.scheduler,
      with: () => throwError(() => new ConnectionLost('dial_timed_out')),
    }),
    switchMap((socket) => talk(socket, parts)),
  )

/** A connector is somebody else's: whatever it fails with is a loss of the connection. */
const dialTyped = ({ dial, url }: ConnectionParts): Observable<Socket> =>
  defer(() => {
    let isOpen = false
    return defer(() => dial(url)).pipe(
      tap(() => (isOpen = true)),
      catchError((error: unknown) => throwError(() => foreignLoss(error, isOpen ? 'server_closed' : 'dial_failed'))),
    )
  })

const foreignLoss = (error: unknown, because: 'server_closed' | 'dial_failed'): RxwaError =>
  error instanceof RxwaError ? error : new ConnectionLost(because, 'after_wait', { cause: error })

const talk = (socket: Socket, parts: ConnectionParts): Observable<Incoming> =>
  new Observable<Incoming>((subscriber) => {
    let validity: Validity | undefined
    const handshake = startHandshake({
      prologue: WIRE_HEADER,
      noise: parts.noise,
      ephemeral: parts.ephemeral ?? generateKeyPair(),
      payload: parts.payload,
      ...(parts.knownServerKey && { knownServerKey: parts.knownServerKey }),
      verifyCertificate: (chain, serverKey) => {
        validity = verifyCertificateChain(chain, { serverKey, root: parts.trustedRoot, now: new Date(parts.scheduler.now()) })
      },
    })
    let transport: NoiseTransport | undefined
    // An operator would look at every frame for the sake of the first.
    const limit = parts.scheduler.schedule(() => subscriber.error(new ConnectionLost('handshake_timed_out')), parts.limitMs)

    const read = (body: Uint8Array): void => {
      if (transport) {
        subscriber.next(decode(transport.open(body)))
        return
      }
      const { finish, keys, pattern, serverKey } = handshake.answer(body)
      if (finish) send(encodeFrame(finish))
      transport = createNoiseTransport(keys.initiator, keys.responder)
      const sealed = transport
      subscriber.add(parts.outgoing$.subscribe({ next: (plaintext) => write(plaintext, sealed) }))
      subscriber.next({ kind: 'opened', pattern, ...(validity && { server: { key: serverKey, ...validity } }) })
    }

    const write = (plaintext: Uint8Array, sealed: NoiseTransport): void => {
      send(sealed.seal(plaintext))
      parts.onSent(plaintext)
    }

    const send = (bytes: Uint8Array): void => {
      try {
        socket.send(bytes)
      } catch (error) {
        subscriber.error(foreignLoss(error, 'server_closed'))
      }
    }

    subscriber.add(limit)
    subscriber.add(
      socket.bytes$.pipe(frame()).subscribe({
        next: (body) => {
          limit.unsubscribe()
          try {
            read(body)
          } catch (error) {
            subscriber.error(lossOf(error))
          }
        },
        error: (error: unknown) => subscriber.error(lossOf(foreignLoss(error, 'server_closed'))),
        complete: () => subscriber.error(new ConnectionLost('server_closed')),
      }),
    )
    send(concat(introBytes(parts.routingInfo), encodeFrame(handshake.hello)))
  })

const decode = (plaintext: Uint8Array): Incoming => {
  try {
    return { kind: 'stanza', stanza: decodeStanza(plaintext) }
  } catch (error) {
    if (error instanceof StanzaCodecError) return { kind: 'undecodable', error, frame: plaintext }
    throw error
  }
}

/** A broken cipher stream or frame ends this connection; the next one starts clean. */
const lossOf = (error: unknown): unknown =>
  error instanceof NoiseFailed || error instanceof FrameTooLarge ? new ConnectionLost('stream_error', 'after_wait', { cause: error }) : error
