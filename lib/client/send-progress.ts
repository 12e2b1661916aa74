import type { Message } from '../proto/types.generated.ts'
import type { ReceiptEvent } from '../events/receipt-event.ts'
import type { Jid } from '../stanza/jid.ts'

/** A message of ours that the server took. */
export interface SentMessage {
  readonly id: string
  readonly chat: Jid
  /** When the server took it, by its clock. */
  readonly timestamp: Date
  readonly message: Message
}

/** A message of ours that was sent from here lately. */
export interface RecentMessage {
  readonly id: string
  readonly chat: Jid
  readonly message: Message
  /** When the server took it, by its clock; absent while it waits for a connection. */
  readonly acceptedAt?: Date
}

/** A device the message could not be encrypted for. */
export interface DeviceOutcome {
  readonly device: Jid
  readonly error: Error
}

/** The steps of a send, in order; `failed` may come instead of any of them and is the last. */
export type SendProgress =
  | { readonly kind: 'queued'; readonly id: string; readonly chat: Jid }
  /** The ratchets are durable, the stanza is final. */
  | { readonly kind: 'encrypted'; readonly id: string; readonly devices: number; readonly skipped: readonly DeviceOutcome[] }
  | { readonly kind: 'sent'; readonly id: string }
  | { readonly kind: 'accepted'; readonly id: string; readonly sent: SentMessage }
  | { readonly kind: 'delivered' | 'read' | 'played'; readonly id: string; readonly sent: SentMessage; readonly receipt: ReceiptEvent }
  | { readonly kind: 'failed'; readonly id: string; readonly error: Error }

/** How far a send is watched. */
export type SendGoal = 'accepted' | 'delivered' | 'read' | 'played'
