import type { Stanza } from '../stanza/stanza.ts'

/** Where stanzas for a device go while it is connected. */
export interface DeviceLine {
  readonly send: (stanza: Stanza) => void
  /** Sends any bytes as one frame. */
  readonly sendBytes: (plaintext: Uint8Array) => void
  /** Ends the stream; the reason goes first when there is one. */
  readonly end: (reason?: Stanza) => void
  /** Goes deaf and dumb without hanging up. */
  readonly stall: () => void
  /** What the client sent ahead of its connection. */
  readonly routingInfo: () => Uint8Array | undefined
}
