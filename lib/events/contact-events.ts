import type { Jid } from '../stanza/jid.ts'

/** A picture was set or removed; also one of our own, on another device. */
export interface PictureUpdateEvent {
  readonly type: 'picture_update'
  /** Whose: a person or a group. */
  readonly jid: Jid
  /** Who did it, in groups. */
  readonly author?: Jid
  readonly timestamp: Date
  readonly removed: boolean
  /** Absent when the server only says that it changed. */
  readonly pictureId?: string
}

/** Somebody changed the text about themselves. */
export interface UserAboutUpdateEvent {
  readonly type: 'user_about_update'
  readonly jid: Jid
  /** Empty: it was removed. */
  readonly status: string
  readonly timestamp: Date
}

/** What is known of a contact's profile is outdated. */
export interface ContactUpdatedEvent {
  readonly type: 'contact_updated'
  readonly jid: Jid
  readonly timestamp: Date
}

/** A contact has another phone number now. */
export interface ContactNumberChangedEvent {
  readonly type: 'contact_number_changed'
  readonly oldJid: Jid
  readonly newJid: Jid
  readonly oldLid?: Jid
  readonly newLid?: Jid
  readonly timestamp: Date
}

/** The server wants the contacts to be looked up again. */
export interface ContactSyncRequestedEvent {
  readonly type: 'contact_sync_requested'
  /** Contacts that changed after this. */
  readonly after?: Date
  readonly timestamp: Date
}

/** How long new chats with somebody keep their messages. */
export interface DisappearingModeChangedEvent {
  readonly type: 'disappearing_mode_changed'
  readonly from: Jid
  /** Seconds; 0: messages stay. */
  readonly duration: number
  /** Apply it only when this is newer than what is known. */
  readonly settingTimestamp: Date
}

/** News about somebody's username. */
export interface UsernameUpdate {
  readonly kind: 'set' | 'delete' | 'hash'
  readonly lid?: Jid
  readonly username?: string
  readonly displayName?: string
  /** Names a contact we may know by it. */
  readonly hash?: string
}

/** Somebody has another hidden-number address. */
export interface LidChange {
  readonly oldLid: Jid
  readonly newLid: Jid
}

/** A short-lived text with an emoji beside somebody's name. */
export interface TextStatusUpdate {
  readonly jid?: Jid
  readonly hash?: string
  readonly text?: string
  readonly emoji?: string
  readonly ephemeralDurationSeconds?: number
  readonly lastUpdateTime?: Date
}

/** Somebody's username was set, deleted or changed. */
export interface UsernameUpdateEvent {
  readonly type: 'username_update'
  readonly update: UsernameUpdate
}

/** Somebody's hidden-number address changed. */
export interface LidChangeEvent {
  readonly type: 'lid_change'
  readonly change: LidChange
}

/** Somebody's text status changed; also our own, on another device. */
export interface TextStatusUpdateEvent {
  readonly type: 'text_status_update'
  readonly update: TextStatusUpdate
}

/** Events about people. */
export type ContactEvent =
  | PictureUpdateEvent
  | UserAboutUpdateEvent
  | ContactUpdatedEvent
  | ContactNumberChangedEvent
  | ContactSyncRequestedEvent
  | DisappearingModeChangedEvent
  | UsernameUpdateEvent
  | LidChangeEvent
  | TextStatusUpdateEvent
