import { EMPTY, pipe, tap, type Observable, type OperatorFunction } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import { decrypt, type DecryptParts } from '../pipeline/decrypt.ts'
import { handOver } from '../pipeline/hand-over.ts'
import type { ParseMessageParts } from '../pipeline/parse-message.ts'
import { parse } from '../pipeline/parse.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { route } from '../pipeline/route.ts'
import { settleReplies, type WaitingRequests } from '../pipeline/settle-replies.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Write } from '../store/store.ts'

/** What the receive pipe is made of. */
export interface ReceiveParts {
  readonly requests: Pick<WaitingRequests, 'settle'>
  readonly sessions: DecryptParts
  readonly account: ParseMessageParts
  readonly commit: (writes: readonly Write[]) => Observable<void>
  readonly emit: (event: WaEvent) => void
  readonly write: (stanza: Stanza) => void
}

/** Everything a stanza goes through between the wire and the user, in order. */
export const receive = (parts: ReceiveParts): OperatorFunction<Stanza, Parsed> =>
  pipe(
    settleReplies(parts.requests),
    decrypt(parts.sessions),
    route(),
    parse(parts.account),
    handOver(
      (parsed) => commitParsed(parts, parsed),
      (parsed) => acknowledge(parts, parsed),
    ),
    tap(({ events }) => events.forEach(parts.emit)),
  )

/** One transaction holds the advanced ratchets and what the stanza taught. */
const commitParsed = ({ commit }: ReceiveParts, { loan, writes }: Parsed): Observable<void> =>
  commit(loan ? [...loan.writes(), ...writes] : writes).pipe(tap(() => loan?.keep()))

const acknowledge = ({ write }: ReceiveParts, { answers }: Parsed): Observable<never> => {
  answers.forEach(write)
  return EMPTY
}
