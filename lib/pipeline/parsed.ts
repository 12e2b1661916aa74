import type { MessageInfo, UndecryptableMessageEvent } from '../events/message-event.ts'
import type { WaEvent } from '../events/wa-event.ts'
import type { Write } from '../store/store.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Information } from './read-information.ts'
import type { EncResult } from './open-enc.ts'
import type { OpenWish, PlaceholderWish } from './placeholder-book.ts'
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
  readonly name?: string | undefined
  /** The name it may have been taken under before. */
  readonly otherName?: (() => string | undefined) | undefined
  readonly events: readonly WaEvent[]
  /** The date of what does not say when it was sent, in milliseconds since 1970. */
  readonly readAtMs?: number
  /** Written after the commit and before the events are told; absent when there is none. */
  readonly first?: readonly Stanza[]
  /** Acknowledgements, receipts, refusals; written after the commit and the events. */
  readonly answers: readonly Stanza[]
  /** Somebody asks for a message again; acknowledged by whoever answers. */
  readonly retryRequest?: RetryRequest
  /** A message our phone may be asked for; what acknowledges it is left to whoever asks. */
  readonly placeholder?: PlaceholderWish
  /** Our phone announced a piece of history, kept under the id of this message. */
  readonly history?: string
  /** What is known of a message that cannot be read. */
  readonly trouble?: Trouble
  /** Messages our phone handed over in this one, kept in its transaction and told after it. */
  readonly recovered?: readonly Parsed[]
  /** Messages our phone does not have either. */
  readonly missing?: readonly OpenWish[]
  /** News about the connection, for its own course. */
  readonly information: readonly Information[]
}

/** Why a message cannot be read, and what was done about it. */
export interface Trouble {
  readonly info: MessageInfo
  readonly failure?: EncResult & { readonly kind: 'undecryptable' }
  /** The receipt that asks its sender again. */
  readonly retry?: Stanza
  /** The server had no content for this device. */
  readonly unavailableType?: UndecryptableMessageEvent['unavailableType']
}

/** A stanza without anything to it; start of a {@link Parsed}. */
export const nothingOf = (stanza: Stanza): Parsed => ({ stanza, writes: [], results: [], events: [], answers: [], information: [] })

/** Without both of these the server could not tell what is answered. */
export const isAnswerable = ({ attrs }: Stanza): boolean => attrs['id'] !== undefined && attrs['from'] !== undefined
