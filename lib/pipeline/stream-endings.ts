import {
  ClientOutdated,
  ConnectionLost,
  LoggedOut,
  LoginRefused,
  StreamReplaced,
  TemporarilyBanned,
} from '../errors/connection-errors.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'

/** What an ending stanza means: what to tell, how the connection ends, and when. */
export interface StreamEnding {
  readonly event?: WaEvent
  readonly error: Error
  /** `now`: close at once. `with_stream`: the server ends the stream next; close when it did, or after 5 s. */
  readonly when: 'now' | 'with_stream'
  /** Nothing more should be asked of this connection until it ends. */
  readonly isBusy?: boolean
}

/** How long we wait for a stream the server said it would end. */
export const STREAM_END_LIMIT_MS = 5_000

const now = (error: Error, event?: WaEvent): StreamEnding => ({ error, when: 'now', ...(event && { event }) })

/** Refused logins that may succeed later; all others stop the client. */
const RETRYABLE_FAILURES = [500, 503]

/** Refused logins that mean: this device is not linked any more. */
const LOGGED_OUT_FAILURES = [401, 403, 406]

/** Reads a `<failure>`: the login was refused (protocol document 02, section 3.2). */
export const readFailure = (failure: Stanza): StreamEnding => {
  const read = attributesOf(failure)
  const reason = numberOf(read.optionalText('reason'))
  const message = read.optionalText('message')
  if (reason !== undefined && LOGGED_OUT_FAILURES.includes(reason)) {
    const header = read.optionalText('logout_message_header')
    const subtext = read.optionalText('logout_message_subtext')
    const locale = read.optionalText('logout_message_locale')
    const logoutMessage = {
      ...(header !== undefined && { header }),
      ...(subtext !== undefined && { subtext }),
      ...(locale !== undefined && { locale }),
    }
    const hasMessage = header !== undefined || subtext !== undefined
    return now(new LoggedOut(reason), {
      type: 'logged_out',
      onConnect: true,
      reason,
      ...(hasMessage && { logoutMessage }),
      raw: failure,
    })
  }
  if (reason === 405) return now(new ClientOutdated(), { type: 'client_outdated', raw: failure })
  if (reason === 402) {
    const code = numberOf(read.optionalText('code'))
    const expireSeconds = numberOf(read.optionalText('expire'))
    if (code !== undefined && expireSeconds !== undefined) {
      const url = read.optionalText('url')
      return now(new TemporarilyBanned(code, expireSeconds), {
        type: 'temporary_ban',
        code,
        expireSeconds,
        ...(message !== undefined && { message }),
        ...(url !== undefined && { url }),
        raw: failure,
      })
    }
  }
  const event: WaEvent = {
    type: 'connect_failure',
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    raw: failure,
  }
  return reason !== undefined && RETRYABLE_FAILURES.includes(reason)
    ? now(new ConnectionLost('login_failed'), event)
    : now(new LoginRefused(reason), event)
}

/** Reads a `<stream:error>`; a conflict counts before the code (protocol document 02, section 3.3). */
export const readStreamError = (streamError: Stanza): StreamEnding => {
  const code = attributesOf(streamError).optionalText('code')
  const conflict = childOf(streamError, 'conflict')
  const conflictType = conflict && attributesOf(conflict).optionalText('type')
  const loggedOut = (): StreamEnding =>
    now(new LoggedOut(401), { type: 'logged_out', onConnect: false, reason: 401, raw: streamError })

  if (conflictType === 'replaced') return now(new StreamReplaced(), { type: 'stream_replaced' })
  if (conflict) return loggedOut()
  switch (code) {
    case '515':
      return now(new ConnectionLost('restart_required', 'at_once'))
    case '516':
    case '401':
      return loggedOut()
    case '409':
      return now(new StreamReplaced(), { type: 'stream_replaced' })
    case '503':
      return { error: new ConnectionLost('stream_error'), when: 'with_stream', isBusy: true }
    default:
      return readOtherError(streamError, code)
  }
}

const readOtherError = (streamError: Stanza, code: string | undefined): StreamEnding => {
  const cause = Array.isArray(streamError.content) ? (streamError.content[0] as Stanza | undefined)?.tag : undefined
  const event: WaEvent = {
    type: 'stream_error',
    ...(code !== undefined && { code }),
    ...(cause !== undefined && { cause }),
    raw: streamError,
  }
  if (code === '429') return { event, error: new ConnectionLost('rate_limited', 'after_penalty'), when: 'with_stream', isBusy: true }
  // A code counts before what the server is owed.
  if (code !== undefined && /^5\d\d$/.test(code)) return now(new ConnectionLost('stream_error'), event)
  if (cause === 'ack') return { event, error: new ConnectionLost('stream_error'), when: 'with_stream' }
  if (cause === 'ping') return now(new ConnectionLost('stream_error', 'at_once'), event)
  return now(new ConnectionLost('stream_error'), event)
}

/** A whole number that is not absurd, else undefined. */
const numberOf = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  return Number(text)
}
