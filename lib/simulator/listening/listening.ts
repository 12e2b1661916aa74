import type { MediaHost } from '../media-host.ts'
import type { Accept } from '../memory-socket.ts'

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Where its files are, a name with a port. */
  readonly mediaHost: string
  /** Hangs up on everybody and frees the port. */
  readonly close: () => Promise<void>
}

/** Where a server listens. */
export interface ListenOptions {
  /** 0 to 65535; 0 (default) picks a free one. */
  readonly port?: number
  /** Address of this machine to listen on; default `127.0.0.1`, which nobody else reaches. `0.0.0.0` is all of them. */
  readonly host?: string
  /** How clients call this machine; default: `host`, or `127.0.0.1` where that is all addresses. */
  readonly name?: string
  /** A certificate and its key as PEM, for clients that speak TLS only; default: none, and addresses with `ws:`. */
  readonly tls?: { readonly cert: string; readonly key: string }
}

/** Where a server listens, all said. */
export interface ListenPlace {
  readonly port: number
  readonly host: string
  readonly name: string
  readonly tls: ListenOptions['tls']
}

/** Listens on a port of this machine, and gives out files there; rejects with what the system says. */
export type Listen = (accept: Accept, media: Pick<MediaHost, 'answer'>, place: ListenPlace) => Promise<Listening>
