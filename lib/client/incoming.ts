import { EMPTY, map, pipe, tap, type Observable, type OperatorFunction } from 'rxjs'

import { decrypt, type DecryptParts } from '../pipeline/decrypt.ts'
import { handOver } from '../pipeline/hand-over.ts'
import { holdWhileFull, type Room } from '../pipeline/hold-while-full.ts'
import type { Answering } from '../pipeline/join-receipts.ts'
import type { Load } from '../pipeline/limit-load.ts'
import type { ParseMessageParts } from '../pipeline/parse-message.ts'
import { parse } from '../pipeline/parse.ts'
import { route } from '../pipeline/route.ts'
import { settleReplies, type WaitingRequests } from '../pipeline/settle-replies.ts'
import { skipRepeats } from '../pipeline/skip-repeats.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { CommitQueue } from '../store/commit-queue.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Deliveries, Kept } from './deliveries.ts'

/** What the receive pipe is made of. */
export interface ReceiveParts {
  readonly requests: Pick<WaitingRequests, 'settle'>
  readonly load: Load
  /** Whether those who must not lose an event can take one. */
  readonly room: Room
  readonly sessions: DecryptParts
  readonly account: ParseMessageParts
  readonly ledger: Pick<Ledger, 'has'>
  readonly deliveries: Pick<Deliveries, 'keep' | 'tell'>
  readonly commit: CommitQueue['commit']
  /** The backlog is under way: stanzas share transactions. */
  readonly isResuming: () => boolean
  readonly answer: Answering['answer']
}

/** Everything a stanza goes through between the wire and the user, in order. */
export const receive = (parts: ReceiveParts): OperatorFunction<Stanza, Kept> =>
  pipe(
    settleReplies(parts.requests),
    holdWhileFull(parts.room, parts.load.count),
    decrypt(parts.sessions),
    route(),
    parse(parts.account),
    skipRepeats(parts.ledger),
    map(parts.deliveries.keep),
    handOver(
      (kept) => commitKept(parts, kept),
      (kept) => acknowledge(parts, kept),
    ),
    tap((kept) => {
      parts.deliveries.tell(kept)
      parts.load.leave()
    }),
  )

/** One transaction holds the advanced ratchets, the event and what the stanza taught. */
const commitKept = ({ commit, isResuming }: ReceiveParts, { parsed: { loan, writes }, writes: rows }: Kept): Observable<void> => {
  const durable$ = commit([...(loan?.writes() ?? []), ...writes, ...rows], isResuming() ? 'soon' : 'now')
  loan?.keep()
  return durable$
}

const acknowledge = ({ answer }: ReceiveParts, { parsed: { stanza, answers } }: Kept): Observable<never> => {
  answer(stanza, answers)
  return EMPTY
}
