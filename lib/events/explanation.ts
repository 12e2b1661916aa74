import type { Jid } from '../stanza/jid.ts'
import type { SignalFault } from '../errors/signal-error.ts'
import type { EncDecryptFailureReason, UndecryptableMessageEvent } from './message-event.ts'

/** Why a request to send a message again was turned down. */
export type RetryRefusal =
  /** It was the fifth, or one number was used over and over. */
  | 'asked_too_often'
  /** The device asks for more than sixty messages a minute. */
  | 'asks_for_too_much'
  /** The group was sent so much again that it has to wait. */
  | 'group_is_busy'
  /** The message was not for this device. */
  | 'not_its_message'
  /** Its owner's list of devices does not have it, and it sent no keys to prove itself. */
  | 'unknown_device'

/** What happened to a message that could not be read, or not be delivered; one kind for each fact. */
export type ExplanationStep = { readonly at: Date } & (
  | {
      /** A ciphertext could not be opened. */
      readonly kind: 'not_decrypted'
      readonly encType: string
      readonly reason: EncDecryptFailureReason
      /** The fault of the session or sender key underneath. */
      readonly fault?: SignalFault
      /** The sender is a linked device that its owner's list does not have. */
      readonly isUnknownDevice: boolean
    }
  /** The server had no content for this device. */
  | { readonly kind: 'no_content'; readonly unavailableType: UndecryptableMessageEvent['unavailableType'] }
  /** We asked the sender; from the second time on our keys go along. */
  | { readonly kind: 'retry_sent'; readonly count: number; readonly withKeys: boolean }
  /** We asked our own phone. */
  | { readonly kind: 'phone_asked'; readonly requestId: string }
  | { readonly kind: 'phone_answered'; readonly outcome: 'handed_over' | 'does_not_have_it' | 'no_answer' | 'not_reachable' }
  /** It could be read after all, and was told as a `message`. */
  | { readonly kind: 'read'; readonly thanksTo: 'sender' | 'phone' }
  /** A message of ours could not be encrypted for a device: no keys of it, or none that hold. */
  | { readonly kind: 'device_skipped'; readonly device: Jid; readonly code: string; readonly fault?: SignalFault }
  /** The server says that devices were missed; their lists are asked for again, in a group with the next message. */
  | { readonly kind: 'devices_missed' }
  /** A device could not read it and asked again. */
  | { readonly kind: 'retry_received'; readonly device: Jid; readonly count: number; readonly withKeys: boolean }
  | { readonly kind: 'retry_refused'; readonly device: Jid; readonly because: RetryRefusal }
  /** The session with the device was kept, or made anew from its own keys, or is made from fresh keys of the server. */
  | { readonly kind: 'session_mended'; readonly device: Jid; readonly how: 'kept' | 'from_its_keys' | 'from_the_server' }
  | { readonly kind: 'sent_again'; readonly device: Jid; readonly encType: string }
  | { readonly kind: 'not_sent_again'; readonly device: Jid; readonly code: string; readonly fault?: SignalFault }
  /** The message was not sent. */
  | { readonly kind: 'not_sent'; readonly code: string; readonly status?: string }
)

/** The facts of one step, before its time is known. */
export type ExplanationFact = ExplanationStep extends infer Step ? (Step extends ExplanationStep ? Omit<Step, 'at'> : never) : never

/** The chain of causes for one message, oldest first. */
export interface Explanation {
  readonly id: string
  readonly direction: 'in' | 'out'
  /** The person, group or list the message belongs to. */
  readonly chat: Jid
  /** Who wrote it; absent for what we wrote. */
  readonly sender?: Jid
  /** At most 64; those in between are dropped when there are more. */
  readonly steps: readonly ExplanationStep[]
  /** How many were dropped. */
  readonly droppedSteps: number
  /**
   * `open`: something may still come of it. `mended`: it was read after all, or sent again to every device that
   * asked. `lost`: nothing more is going to happen.
   */
  readonly outcome: 'open' | 'mended' | 'lost'
}
