import { map, type OperatorFunction } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import { ackOf, messageAckOf, messageNackOf, nackCode, nackOf } from './answers.ts'
import { stanzaNameOf } from './name-of.ts'
import { parseMessage, type ParseMessageParts } from './parse-message.ts'
import { parseCall } from './parse-call.ts'
import { parseNotification } from './parse-notification.ts'
import { isAnswerable, nothingOf, type Parsed } from './parsed.ts'
import { readChatPresence, readPresence } from './read-presence.ts'
import { readInformation } from './read-information.ts'
import { readRetryRequest } from './read-retry-request.ts'
import { readReceipt } from './read-receipt.ts'
import type { Routed } from './route.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'

/** Turns each routed stanza into what to store, to tell and to answer; synchronous and pure. */
export const parse = (parts: ParseMessageParts): OperatorFunction<Routed, Parsed> => map((routed) => parseOne(parts, routed))

/** The same for one stanza. */
export const parseOne = (parts: ParseMessageParts, routed: Routed): Parsed => {
  if (routed.lane === 'message') return parseMessage(parts, routed.opened)
  const { stanza } = routed.opened
  const base = nothingOf(stanza)
  switch (routed.lane) {
    case 'malformed':
      return {
        ...base,
        events: [{ type: 'malformed_stanza', node: stanza, faults: routed.opened.kind === 'malformed' ? routed.opened.faults : [] }],
        answers: isAnswerable(stanza) ? [messageNackOf(stanza, parts.link(), nackCode.parsingError)] : [],
      }
    case 'receipt':
      return parseReceipt(parts, stanza)
    case 'notification':
      return parseNotification(parts, stanza, routed.opened.kind === 'plain' ? routed.opened : undefined)
    case 'call':
      return parseCall(parts, stanza)
    case 'presence':
      return parts.isObserved('presence') || parts.isObserved('malformed_stanza') ? { ...base, events: [readPresence(stanza)] } : base
    case 'chatstate':
      return { ...base, events: chatPresenceOf(parts, stanza) }
    case 'information': {
      const information = readInformation(stanza)
      return { ...base, information, events: information.flatMap((item) => (item.kind === 'event' ? [item.event] : [])) }
    }
    case 'acknowledgement':
      return base
    case 'unacknowledged':
      return { ...base, events: [{ type: 'unhandled_stanza', node: stanza, reason: `nobody handles ${stanza.tag}` }] }
    case 'unknown':
      return {
        ...base,
        events: [{ type: 'unhandled_stanza', node: stanza, reason: 'unknown tag' }],
        answers: isAnswerable(stanza) ? [isKnownTag(stanza) ? messageAckOf(stanza, parts.link()) : nackOf(stanza, nackCode.unrecognizedStanza)] : [],
      }
  }
}

const NOTHING: readonly never[] = []

/** No document shows what is in a `<status>`; it is acknowledged as such all the same (protocol document 11, section 1.1). */
const isKnownTag = ({ tag }: Stanza): boolean => tag === 'status'

/** Typing is not told to nobody. */
const chatPresenceOf = (parts: ParseMessageParts, chatstate: Stanza): readonly WaEvent[] => {
  const event = parts.isObserved('chat_presence') || parts.isObserved('malformed_stanza') ? readChatPresence(chatstate, parts.link()) : undefined
  return event ? [event] : []
}

/** Whether a notification says that the A/B properties changed (protocol document 11, section 19). */
export const isPropertiesNews = (notification: Stanza): boolean =>
  notification.tag === 'notification' && notification.attrs['type'] === 'server' && childOf(notification, 'abprops') !== undefined

const parseReceipt = (parts: ParseMessageParts, receipt: Stanza): Parsed => {
  const base = nothingOf(receipt)
  const answers = isAnswerable(receipt) ? [ackOf(receipt)] : []
  const reading = readReceipt(receipt, parts.link())
  switch (reading.kind) {
    case 'receipts':
      return { stanza: receipt, writes: NOTHING, results: NOTHING, name: stanzaNameOf(receipt), events: reading.events, answers, information: NOTHING }
    case 'malformed':
      return { ...base, events: [{ type: 'malformed_stanza', node: receipt, faults: reading.faults }], answers }
    case 'retry_request': {
      const retry = readRetryRequest(receipt, parts.link())
      if (retry.kind === 'request') return { ...base, retryRequest: retry.request }
      return retry.kind === 'nothing' ? { ...base, answers } : { ...base, events: [{ type: 'malformed_stanza', node: receipt, faults: retry.faults }], answers }
    }
    case 'internal':
      return { ...base, answers }
  }
}
