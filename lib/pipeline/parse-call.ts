import type { Stanza } from '../stanza/stanza.ts'
import { ackOf } from './answers.ts'
import { readCall } from './calls/read-call.ts'
import { createRingingCalls } from './calls/ringing-calls.ts'
import { stanzaNameOf } from './name-of.ts'
import { optional } from './optional-field.ts'
import { isAnswerable, nothingOf, type Parsed } from './parsed.ts'
import type { ParseMessageParts } from './parse-message.ts'

/** Turns a `<call>` into its events, the receipt of an offer and its acknowledgement. */
export const parseCall = ({ isObserved, ringing = createRingingCalls() }: ParseMessageParts, call: Stanza): Parsed => {
  const { events, receipt, ackType } = readCall(call, { isObserved, ringing })
  return {
    ...nothingOf(call),
    ...optional('name', stanzaNameOf(call)),
    events,
    ...(receipt && { first: [receipt] }),
    answers: isAnswerable(call) ? [ackType === undefined ? ackOf(call) : { ...ackOf(call), attrs: { ...ackOf(call).attrs, type: ackType } }] : [],
  }
}
