import type { CallAction, CallEvent, IncomingCallEvent } from '../../events/call-events.ts'
import type { MalformedStanzaEvent } from '../../events/raw-events.ts'
import type { WaEventType } from '../../events/wa-event.ts'
import type { Jid } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { stanza, type Stanza } from '../../stanza/stanza.ts'
import { malformed } from '../notifications/notification-reading.ts'
import { optional } from '../optional-field.ts'
import { actionIn, readCallAction } from './read-call-action.ts'
import { readGroupCall } from './read-group-call.ts'
import type { RingingCalls } from './ringing-calls.ts'

/** What reading a call needs to know of the client. */
export interface CallParts {
  readonly isObserved: (type: WaEventType) => boolean
  readonly ringing: RingingCalls
}

/** What a `<call>` says. */
export interface CallReading {
  readonly events: readonly (CallEvent | MalformedStanzaEvent)[]
  /** Says that it rings here; written before the events are told. */
  readonly receipt?: Stanza
  /** The acknowledgement names the action (protocol document 11, section 22). */
  readonly ackType?: string
}

/** Actions whose acknowledgement names them. */
const TYPED_ACKS = ['waiting_room_update', 'user_action', 'screen_share', 'video']

/** Why a ringing call ended, and what that makes of it. */
const MISSED = [undefined, 'timeout', 'group_call_ended']
const ENDED_ELSEWHERE: Readonly<Record<string, 'accepted' | 'rejected'>> = { accepted_elsewhere: 'accepted', rejected_elsewhere: 'rejected' }

const NOTHING: CallReading = { events: [] }

/**
 * Reads a `<call>` (protocol document 13, section 12). What an earlier call left ringing decides what its end
 * means; which calls ring is kept up to date whoever listens.
 */
export const readCall = (call: Stanza, parts: CallParts): CallReading => {
  const child = actionIn(call)
  if (!child) return NOTHING
  const envelope = attributesOf(call)
  const [from, timestamp] = [envelope.jid('from'), envelope.instant('t')]
  const read = attributesOf(child)
  const action = readCallAction(child, read)
  const faults = [...envelope.faults, ...read.faults]
  const acknowledged = TYPED_ACKS.includes(child.tag) ? { ackType: child.tag } : {}
  if (faults.length > 0) return { events: [malformed(call, faults)], ...acknowledged }

  const offline = call.attrs['offline'] !== undefined
  const { callId } = action
  const common = { from, callId, timestamp }
  // Nobody waits any more for what was offered while we were away.
  if (offline && (action.type === 'offer' || action.type === 'offer_notice')) return tell(parts, { type: 'missed_call', ...common, reason: 'offline' })

  const incoming = parts.isObserved('incoming_call') ? [incomingOf(call, child, action, { from, timestamp })] : []
  if (action.type === 'offer') {
    parts.ringing.begin(callId)
    return { events: incoming, ...optional('receipt', offerReceipt(call, from, action)) }
  }
  return { ...tell(parts, ...endOf(action, common, parts.ringing), ...incoming), ...acknowledged }
}

const incomingOf = (call: Stanza, child: Stanza, action: CallAction, { from, timestamp }: { readonly from: Jid; readonly timestamp: Date }): IncomingCallEvent => {
  const envelope = attributesOf(call)
  return {
    type: 'incoming_call',
    from,
    ...optional('stanzaId', envelope.optionalText('id')),
    ...optional('notify', envelope.optionalText('notify')),
    ...optional('platform', envelope.optionalText('platform')),
    ...optional('version', envelope.optionalText('version')),
    ...optional('participant', envelope.optionalJid('participant')),
    ...optional('recipient', envelope.optionalJid('recipient')),
    timestamp,
    offline: call.attrs['offline'] !== undefined,
    action,
    ...optional('group', readGroupCall(child, action)),
  }
}

const tell = ({ isObserved }: CallParts, ...events: readonly CallEvent[]): CallReading => ({ events: events.filter(({ type }) => isObserved(type)) })

/** What becomes of a call that rang; taking or declining it silences it without a word. */
const endOf = (action: CallAction, common: { readonly from: Jid; readonly callId: string; readonly timestamp: Date }, ringing: RingingCalls): readonly CallEvent[] => {
  if (action.type === 'accept' || action.type === 'reject') {
    ringing.end(action.callId)
    return []
  }
  if (action.type !== 'terminate' || !ringing.end(action.callId)) return []
  if (MISSED.includes(action.reason)) return [{ type: 'missed_call', ...common, reason: 'remote' }]
  const outcome = action.reason !== undefined && Object.hasOwn(ENDED_ELSEWHERE, action.reason) ? ENDED_ELSEWHERE[action.reason] : undefined
  return outcome ? [{ type: 'call_ended_elsewhere', ...common, outcome }] : []
}

/** Says that it rings here; the caller cannot be told without an id. The published shape has no `from` of ours. */
const offerReceipt = ({ attrs }: Stanza, from: Jid, { callId, callCreator }: CallAction): Stanza | undefined =>
  attrs['id'] === undefined ? undefined : stanza('receipt', { id: attrs['id'], to: from }, [stanza('offer', { 'call-id': callId, 'call-creator': callCreator })])
