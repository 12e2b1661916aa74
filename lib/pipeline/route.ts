import { map, type OperatorFunction } from 'rxjs'

import type { OpenedStanza } from './decrypt.ts'

/** The lane of the parsing stage a stanza takes; every stanza takes exactly one. */
export type Routed =
  | { readonly lane: 'message'; readonly opened: OpenedStanza & { readonly kind: 'message' } }
  | {
      readonly lane: 'malformed' | 'receipt' | 'notification' | 'call' | 'presence' | 'chatstate' | 'information' | 'acknowledgement' | 'unacknowledged' | 'unknown'
      readonly opened: Exclude<OpenedStanza, { readonly kind: 'message' }>
    }

/** Stanzas that nobody acknowledges and that have no event yet. */
const UNACKNOWLEDGED = ['iq', 'success', 'failure', 'stream:error', 'xmlstreamend']

/** Sends each stanza down its lane; synchronous, never drops one. */
export const route = (): OperatorFunction<OpenedStanza, Routed> => map(routeOne)

/** The lane of one stanza. */
export const routeOne = (opened: OpenedStanza): Routed => {
  if (opened.kind === 'message') return { lane: 'message', opened }
  if (opened.kind === 'malformed') return { lane: 'malformed', opened }
  switch (opened.stanza.tag) {
    case 'receipt':
      return { lane: 'receipt', opened }
    case 'notification':
    case 'call':
    case 'presence':
    case 'chatstate':
      return { lane: opened.stanza.tag, opened }
    case 'ib':
      return { lane: 'information', opened }
    case 'ack':
      return { lane: 'acknowledgement', opened }
    default:
      return { lane: UNACKNOWLEDGED.includes(opened.stanza.tag) ? 'unacknowledged' : 'unknown', opened }
  }
}
