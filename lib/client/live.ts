import { defer, EMPTY, type Observable } from 'rxjs'

import type { WaitingRequests } from '../pipeline/settle-replies.ts'
import { createDeadlines, type Deadlines } from '../reactive/deadlines.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { createDeviceQuestions, type DeviceQuestions } from './ask-devices.ts'
import { createMediaLine, type MediaLine, type MediaLineParts } from './media-line.ts'
import { randomPrefix } from './random-prefix.ts'
import type { Session } from './session.ts'

/** A connection the server took in: what features and sends work with. */
export interface Live extends DeviceQuestions {
  readonly session: Session
  readonly request: WaitingRequests['request']
  readonly whenAcked: WaitingRequests['whenAcked']
  /** Writes a stanza; completes once it was handed to the socket, errors when the connection is gone. */
  readonly write: (stanza: Stanza) => Observable<never>
  /** Hands a stanza that is encoded already to the socket. */
  readonly writeNow: (plaintext: Uint8Array) => void
  /** Ends the connection for good with this error. */
  readonly end: (error: Error) => void
  /** Something the server always answers was not: finds out now whether it still listens. */
  readonly doubt: () => void
  /** Whether others were told that we are there. */
  readonly isActive: () => boolean
  readonly setActive: (isActive: boolean) => void
  /** How far the server's clock is ahead of ours, in milliseconds. */
  readonly clockOffsetMs: () => number
  readonly setClockOffsetMs: (offsetMs: number) => void
  /** How long the server may take to acknowledge a message. */
  readonly sendLimits: Deadlines
  /** Files on the hosts of this connection. */
  readonly media: MediaLine
  /** A unique text for queries that name themselves. */
  readonly nextQueryId: () => string
}

/** What a connection is made of before it is taken in. */
export interface LiveParts extends Pick<Live, 'session' | 'end' | 'doubt'> {
  readonly requests: Pick<WaitingRequests, 'request' | 'whenAcked'>
  readonly write: (stanza: Stanza) => void
  readonly writeEncoded: (plaintext: Uint8Array) => void
  readonly settings: MediaLineParts['settings'] & { readonly sendLimitMs: number }
}

/** A connection to work with. */
export const createLive = ({ session, requests: { request, whenAcked }, write, writeEncoded, end, doubt, settings }: LiveParts): Live => {
  let queries = 0
  let isActive = false
  let clockOffsetMs = 0
  const prefix = randomPrefix()
  const nextQueryId = (): string => `${prefix}-${(queries += 1)}`
  return {
    ...createDeviceQuestions({ session, request, nextQueryId }),
    session,
    request,
    whenAcked,
    end,
    doubt,
    isActive: () => isActive,
    setActive: (is) => (isActive = is),
    clockOffsetMs: () => clockOffsetMs,
    setClockOffsetMs: (offsetMs) => (clockOffsetMs = offsetMs),
    write: (stanza) =>
      defer(() => {
        write(stanza)
        return EMPTY
      }),
    writeNow: writeEncoded,
    sendLimits: createDeadlines(settings.sendLimitMs, settings.scheduler),
    media: createMediaLine({ request, settings }),
    nextQueryId,
  }
}
