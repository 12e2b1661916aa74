import type { Jid } from '../stanza/jid.ts'

/** What somebody is in a group. */
export type GroupRole = 'participant' | 'admin' | 'superadmin'

/** One person in a group, as a notification or the group's description tells (protocol document 11, section 3). */
export interface GroupParticipantInfo {
  /** In the form of the group, without a device. */
  readonly jid: Jid
  /** Phone number of somebody addressed by a LID. */
  readonly phoneNumber?: Jid
  /** LID of somebody addressed by a phone number. */
  readonly lid?: Jid
  /** Absent in requests to join only. */
  readonly role?: GroupRole
  /** Masked number or name, made by the server. */
  readonly displayName?: string
  readonly username?: string
  /** Seconds since 1970. */
  readonly joinTime?: number
  /** Whether the history of the group was given to this member. */
  readonly groupHistorySentState?: 'HISTORY_NOT_SENT' | 'HISTORY_SENT' | 'NOTICE_SENT'
  /** Tag of the member within the group. */
  readonly label?: string
  /** Seconds since 1970. */
  readonly labelTime?: number
  /** False when messages cannot be addressed to this member; absent otherwise. */
  readonly isAddressable?: boolean
  /** Life of disappearing messages when this member joined, in seconds. */
  readonly expirationSeconds?: number
}

/**
 * Everything about a group (protocol document 12, section 2). Booleans are always there, everything else only
 * when the server sent it. Times are seconds since 1970.
 */
export interface GroupMetadata {
  readonly id: Jid
  readonly subject: string
  readonly subjectTime?: number
  readonly subjectOwner?: Jid
  readonly subjectOwnerPn?: Jid
  readonly subjectOwnerUsername?: string
  readonly notify?: string
  /** Number of members. */
  readonly size?: number
  readonly addressingMode: 'pn' | 'lid'
  readonly creationTime?: number
  readonly creator?: Jid
  readonly creatorPn?: Jid
  readonly creatorUsername?: string
  readonly creatorCountryCode?: string
  readonly participants: readonly GroupParticipantInfo[]
  readonly hasMissingParticipantIdentification: boolean
  readonly participantVersionId?: string
  readonly adminVersionId?: string
  readonly openThreadId?: string
  readonly description?: string
  readonly descriptionId?: string
  readonly descriptionTime?: number
  readonly descriptionOwner?: Jid
  readonly descriptionOwnerPn?: Jid
  readonly descriptionOwnerUsername?: string
  /** Only admins change the group's info. */
  readonly isLocked: boolean
  /** Only admins write. */
  readonly isAnnouncement: boolean
  /** Life of disappearing messages, in seconds. */
  readonly ephemeral?: { readonly expiration?: number; readonly trigger?: number }
  /** Admins approve who joins. */
  readonly membershipApproval: boolean
  readonly memberAddMode?: 'admin_add' | 'all_member_add'
  readonly memberLinkMode?: 'admin_link' | 'all_member_link'
  readonly memberShareHistoryMode?: 'admin_share' | 'all_member_share'
  readonly noFrequentlyForwarded: boolean
  readonly allowAdminReports: boolean
  /** It is a community. */
  readonly isParentGroup: boolean
  readonly parentMembershipApprovalRequired: boolean
  /** The community it belongs to. */
  readonly parentGroupJid?: Jid
  /** Announcement group of a community. */
  readonly isDefaultSubGroup: boolean
  readonly isGeneralChat: boolean
  readonly isHiddenGroup: boolean
  readonly allowNonAdminSubGroupCreation: boolean
  readonly isSuspended: boolean
  readonly suspensionCanAutoFile: boolean
  readonly appealStatus?: 'approved' | 'in_review' | 'none' | 'rejected'
  readonly appealUpdateTime?: number
  readonly growthLocked?: { readonly lockType: string; readonly expiration: number }
  readonly isLimitSharingEnabled: boolean
  readonly limitSharingTrigger?: number
  readonly isIncognito: boolean
  readonly hasGroupHistory: boolean
  readonly isAutoAddDisabled: boolean
  readonly hasCapi: boolean
  readonly hasGroupSafetyCheck: boolean
  readonly participantLabelEnabled: boolean
  readonly isSupportGroup: boolean
  readonly evolutionVersion?: number
}
