import { concatMap, EMPTY, of, throwError, timer, type Observable } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { readFailure, readStreamError, STREAM_END_LIMIT_MS, type StreamEnding } from '../pipeline/stream-endings.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import type { Settings } from './options.ts'
import { isPairingStanza } from './pairing.ts'

/** Stanzas that may say how the connection ends. */
export const ENDING_TAGS = ['failure', 'stream:error', 'xmlstreamend']
const CONTROL_TAGS = ['success', ...ENDING_TAGS]

/** Stanzas about the connection itself; they are acted on here and have no lane. */
export const isControl = (stanza: Stanza): boolean => CONTROL_TAGS.includes(stanza.tag) || isServerPing(stanza) || isPairingStanza(stanza)

/** A ping of the server may lack its type (protocol document 02, section 4.3). */
export const isServerPing = (iq: Stanza): boolean => {
  if (iq.tag !== 'iq' || iq.attrs['type'] === 'result' || iq.attrs['type'] === 'error') return false
  const { xmlns } = iq.attrs
  return xmlns === 'urn:xmpp:ping' || xmlns === 'w:p' || childOf(iq, 'ping') !== undefined
}

/** What a stanza means for the end of the connection; nothing for most. */
export const readEnding = (stanza: Stanza, pending: StreamEnding | undefined): Observable<StreamEnding> => {
  if (stanza.tag === 'failure') return of(readFailure(stanza))
  if (stanza.tag === 'stream:error') return of(readStreamError(stanza))
  if (stanza.tag !== 'xmlstreamend') return EMPTY
  return of({ error: pending?.error ?? new ConnectionLost('stream_ended'), when: 'now' })
}

/** Tells what the ending means and ends the connection, at once or with the stream. */
export const endWith = ({ event, error, when }: StreamEnding, emit: (event: WaEvent) => void, { scheduler }: Settings): Observable<never> => {
  if (event) emit(event)
  const end$ = throwError(() => error)
  return when === 'now' ? end$ : timer(STREAM_END_LIMIT_MS, scheduler).pipe(concatMap(() => end$))
}
