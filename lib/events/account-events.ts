import type { Jid } from '../stanza/jid.ts'

/** Our own name changed. */
export interface SelfPushNameUpdatedEvent {
  readonly type: 'self_push_name_updated'
  /** Told by the server, not set here. */
  readonly fromServer: boolean
  /** Absent when there was none, or it is not known any more. */
  readonly oldName?: string
  readonly newName: string
}

/** Who sees and does what, by category (protocol document 13, section 4). */
export type PrivacySettings = Readonly<Record<string, string>>

/** The contacts a category leaves out. */
export interface DisallowedList {
  readonly category: string
  readonly dhash?: string
  readonly users: readonly { readonly jid: Jid; readonly username?: string }[]
}

/** Our privacy settings changed on another device, and were fetched. */
export interface PrivacySettingsChangedEvent {
  readonly type: 'privacy_settings_changed'
  readonly settings: PrivacySettings
  /** Categories that are different from before. */
  readonly changed: readonly string[]
  readonly disallowedLists: readonly DisallowedList[]
}

/** Our list of blocked people changed on another device. */
export interface BlocklistChangedEvent {
  readonly type: 'blocklist_changed'
  /** `modify`: the list has to be fetched. */
  readonly action?: string
  readonly dhash?: string
  readonly prevDhash?: string
  readonly changes: readonly { readonly jid: Jid; readonly action: 'block' | 'unblock' }[]
}

/** Our own username changed. */
export interface OwnUsernameChangedEvent {
  readonly type: 'own_username_changed'
  readonly kind: 'set' | 'delete' | 'modify'
  readonly username?: string
}

/** A code to register this number elsewhere; only primary devices see these. */
export interface RegistrationCodeEvent {
  readonly type: 'registration_code'
  readonly code: string
  readonly expiresAt: Date
  /** The device that asked for it, an opaque text. */
  readonly fromDeviceId?: string
}

/** Another device tries to take this number; only primary devices see these. */
export interface AccountTakeoverNoticeEvent {
  readonly type: 'account_takeover_notice'
  readonly serverToken: string
  readonly attemptTime: Date
  readonly newDeviceName?: string
  readonly newDevicePlatform?: string
  readonly newDeviceAppVersion?: string
}

/** How many new chats this account may still begin. */
export interface MessageCapping {
  readonly cappingStatus?: string
  readonly oteStatus?: string
  readonly mvStatus?: string
  readonly totalQuota?: number
  readonly usedQuota?: number
  readonly cycleStart?: Date
  readonly cycleEnd?: Date
  readonly serverSent?: Date
}

/** Whether this account may write to people it does not know. */
export interface ReachoutTimelock {
  readonly isActive: boolean
  readonly enforcementType?: string
  readonly enforcementEnds?: Date
}

/** The limit on new chats, or how much of it is used, changed. */
export interface MessageCappingEvent {
  readonly type: 'message_capping'
  readonly capping: MessageCapping
}

/** Writing to strangers was locked or unlocked. */
export interface ReachoutTimelockUpdateEvent {
  readonly type: 'reachout_timelock_update'
  readonly timelock: ReachoutTimelock
}

/** Events about our own account. */
export type AccountEvent =
  | SelfPushNameUpdatedEvent
  | PrivacySettingsChangedEvent
  | BlocklistChangedEvent
  | OwnUsernameChangedEvent
  | RegistrationCodeEvent
  | AccountTakeoverNoticeEvent
  | MessageCappingEvent
  | ReachoutTimelockUpdateEvent
