import type { Observable } from 'rxjs'

/** An open byte stream to the server. */
export interface Socket {
  /**
   * What arrives, in chunks of any size. Errors with a `ConnectionLost`, or one of its own, when the other side hangs up;
   * has to be subscribed to at once, because nothing is kept for later.
   */
  readonly bytes$: Observable<Uint8Array>
  /** Writes one chunk; in order, never waits. */
  readonly send: (bytes: Uint8Array) => void
}

/**
 * Opens a socket: emits it once it is open and stays subscribed while it is; unsubscribing hangs up.
 * Errors with a `ConnectionLost` when it cannot be opened; an error that is not of this package counts as one.
 */
export type Dial = (url: string) => Observable<Socket>
