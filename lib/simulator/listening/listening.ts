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

/** Listens on a port of this machine, and gives out files there; rejects with what the system says. */
export type Listen = (accept: Accept, media: Pick<MediaHost, 'answer'>, port: number) => Promise<Listening>
