import type { Jid } from '../stanza/jid.ts'

/** A chat as a list shows it. */
export interface Chat {
  /** The person (by LID where it is known), group, broadcast list or channel. */
  readonly jid: Jid
  /** The person's phone number, where it is known. */
  readonly phoneNumber?: Jid
  /** Subject of a group; of a person the name in the address book, else the one they gave themselves, else their number. */
  readonly name?: string
  /** Messages of others that were not read; those told by the phone's history are counted by the phone. */
  readonly unread: number
  /** Those of them that mention us. */
  readonly unreadMentions: number
  /** Marked as unread by hand. */
  readonly isMarkedUnread: boolean
  readonly pinnedAt?: Date
  readonly isArchived: boolean
  /** Absent: it is heard. */
  readonly mutedUntil?: Date | 'always'
  readonly isLocked: boolean
  /** Ids of labels. */
  readonly labels: readonly string[]
  /** Seconds after which messages disappear; 0: they stay. */
  readonly ephemeralSeconds: number
  /** We left, or the group is gone: nothing can be sent. */
  readonly isReadOnly: boolean
  /** When something was last written; absent for a chat without messages. */
  readonly lastAt?: Date
  readonly lastMessage?: MessagePreview
}

/** The last message of a chat, short. */
export interface MessagePreview {
  readonly id: string
  readonly fromMe: boolean
  /** Absent for messages of ours. */
  readonly sender?: Jid
  /** The first 200 characters of its text, if there is one. */
  readonly text?: string
  /** What it is: the name of its field in `Message`, such as `imageMessage`; `unreadable` or `revoked`. */
  readonly kind: string
}

/** Somebody, under both addresses. */
export interface Person {
  readonly lid?: Jid
  readonly phoneNumber?: Jid
  /** As in the address book. */
  readonly name?: string
  /** As they call themselves. */
  readonly pushName?: string
  /** Of a business, as in its certificate. */
  readonly businessName?: string
}

/** A label of a business account. */
export interface ChatLabel {
  readonly id: string
  readonly name: string
  /** Number of a colour of the official clients. */
  readonly color?: number
}

/** What is unread in all chats that are neither archived nor muted. */
export interface Unread {
  readonly messages: number
  readonly mentions: number
  /** Chats with unread messages, or marked as unread. */
  readonly chats: number
}
