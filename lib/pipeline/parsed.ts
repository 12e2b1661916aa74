import type { WaEvent } from '../events/wa-event.ts'
import type { Write } from '../store/store.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Information } from './read-information.ts'
import type { EncResult } from './open-enc.ts'
import type { RetryRequest } from './read-retry-request.ts'
import type { Loan } from './loan.ts'

/** What one stanza comes to: what to store, to tell and to answer, in this order. */
export interface Parsed {
  readonly stanza: Stanza
  readonly writes: readonly Write[]
  readonly loan?: Loan
  /** What the ciphertexts of a message came to; empty for everything else. */
  readonly results: readonly EncResult[]
  /** Tells whether it was taken before; absent when it is of no interest a second time. */
  readonly name?: string
  readonly events: readonly WaEvent[]
  /** The date of what does not say when it was sent, in milliseconds since 1970. */
  readonly readAtMs?: number
  /** Written after the commit and before the events are told; absent when there is none. */
  readonly first?: readonly Stanza[]
  /** Acknowledgements, receipts, refusals; written after the commit and the events. */
  readonly answers: readonly Stanza[]
  /** Somebody asks for a message again; acknowledged by whoever answers. */
  readonly retryRequest?: RetryRequest
  /** News about the connection, for its own course. */
  readonly information: readonly Information[]
}

/** A stanza without anything to it; start of a {@link Parsed}. */
export const nothingOf = (stanza: Stanza): Parsed => ({ stanza, writes: [], results: [], events: [], answers: [], information: [] })

/** Without both of these the server could not tell what is answered. */
export const isAnswerable = ({ attrs }: Stanza): boolean => attrs['id'] !== undefined && attrs['from'] !== undefined
