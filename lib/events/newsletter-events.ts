import type { Message } from '../proto/types.generated.ts'
import type { Jid } from '../stanza/jid.ts'

/** What became of one message of a channel. */
export interface NewsletterLiveMessage {
  /** Number of the message in its channel. */
  readonly serverId: number
  readonly messageId?: string
  readonly timestamp?: Date
  readonly isSender?: boolean
  readonly reactions: readonly { readonly code: string; readonly count: number }[]
  readonly views?: number
  readonly forwards?: number
  readonly responses?: number
  /** Per option of a poll, named by its hash of 32 bytes. */
  readonly votes?: readonly { readonly optionHash: Uint8Array; readonly count: number }[]
  /** 3: edited, 8: revoked. */
  readonly edit?: '3' | '8'
  /** When the edited message was written. */
  readonly originalTimestamp?: Date
  /** Absent when there is none, or it cannot be read. */
  readonly message?: Message
}

/** Counters and contents of a channel's messages changed. */
export interface NewsletterLiveUpdateEvent {
  readonly type: 'newsletter_live_update'
  readonly newsletterJid: Jid
  readonly messages: readonly NewsletterLiveMessage[]
}

/** The same for one message, by what happened to it. */
export interface NewsletterMessageUpdateEvent {
  readonly type: 'newsletter_message_update'
  readonly newsletterJid: Jid
  readonly serverId: number
  readonly kind: 'reaction' | 'revoke' | 'edit' | 'poll_vote' | 'counters'
  readonly update: NewsletterLiveMessage
}

/** We follow a channel now. */
export interface NewsletterJoinEvent {
  readonly type: 'newsletter_join'
  readonly newsletterJid: Jid
  readonly role?: string
  readonly opName: string
}

/** We do not follow a channel any more. */
export interface NewsletterLeaveEvent {
  readonly type: 'newsletter_leave'
  readonly newsletterJid: Jid
  readonly opName: string
}

/** A channel was muted, or is heard again. */
export interface NewsletterMuteChangeEvent {
  readonly type: 'newsletter_mute_change'
  readonly newsletterJid: Jid
  readonly muted: boolean
  readonly opName: string
}

/** Events of channels. */
export type NewsletterEvent =
  | NewsletterLiveUpdateEvent
  | NewsletterMessageUpdateEvent
  | NewsletterJoinEvent
  | NewsletterLeaveEvent
  | NewsletterMuteChangeEvent
