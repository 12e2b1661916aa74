import type { Observable } from 'rxjs'

import type { WaitingRequests } from '../pipeline/settle-replies.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Session } from './session.ts'

/** A connection the server took in: what features and sends work with. */
export interface Live {
  readonly session: Session
  readonly request: WaitingRequests['request']
  readonly awaitAck: WaitingRequests['awaitAck']
  /** Writes a stanza; completes once it was handed to the socket, errors when the connection is gone. */
  readonly write: (stanza: Stanza) => Observable<never>
  /** The same for a stanza that is encoded already. */
  readonly writeEncoded: (plaintext: Uint8Array) => Observable<never>
  /** Ends the connection for good with this error. */
  readonly end: (error: Error) => void
  /** Something the server always answers was not: finds out now whether it still listens. */
  readonly doubt: () => void
  /** A unique text for queries that name themselves. */
  readonly nextQueryId: () => string
}
