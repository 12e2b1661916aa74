import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { GroupMetadata, GroupParticipantInfo } from './group-metadata.ts'

/** How somebody asked to join. */
export type RequestMethod = 'invite_link' | 'linked_group_join' | 'non_admin_add'

/** A group named by its community, or the other way round. */
export interface LinkedGroup {
  readonly jid: Jid
  readonly subject?: string
  /** Seconds since 1970. */
  readonly subjectTime?: number
  readonly isHidden: boolean
}

/** A group somebody proposes for a community. */
export interface SubGroupSuggestion {
  readonly jid: Jid
  readonly subject?: string
  readonly description?: string
  readonly creator?: Jid
  /** Seconds since 1970. */
  readonly creationTime?: number
  readonly reason?: string
  readonly participantCount?: number
  readonly isExistingGroup: boolean
  readonly isHidden: boolean
}

/** Actions without anything more to tell. */
export type PlainGroupActionType =
  | 'unlocked'
  | 'announcement'
  | 'not_announcement'
  | 'no_frequently_forwarded'
  | 'frequently_forwarded_ok'
  | 'growth_unlocked'
  | 'suspended'
  | 'unsuspended'
  | 'auto_add_disabled'
  | 'is_capi_hosted_group'
  | 'group_safety_check'
  | 'allow_admin_reports'
  | 'not_allow_admin_reports'
  | 'reports'
  | 'allow_non_admin_sub_group_creation'
  | 'not_allow_non_admin_sub_group_creation'

/**
 * What happened in a group; `type` is the tag on the wire (protocol document 11, section 3.1). Times are
 * seconds since 1970, expirations are lengths in seconds.
 */
export type GroupAction =
  | { readonly type: PlainGroupActionType }
  | { readonly type: 'add' | 'remove'; readonly participants: readonly GroupParticipantInfo[]; readonly reason?: string }
  | {
      readonly type: 'promote' | 'demote' | 'modify' | 'linked_group_promote' | 'linked_group_demote'
      readonly participants: readonly GroupParticipantInfo[]
      readonly contextGroupJid?: Jid
    }
  | {
      readonly type: 'subject'
      /** Empty: the group has no name any more. */
      readonly subject: string
      readonly subjectOwner?: Jid
      readonly subjectOwnerPn?: Jid
      readonly subjectOwnerUsername?: string
      readonly subjectTime?: number
      readonly parentGroupJid?: Jid
    }
  /** Without a `description` it was deleted. */
  | { readonly type: 'description'; readonly id: string; readonly description?: string }
  | { readonly type: 'locked'; readonly threshold?: string }
  /** 0: messages stay. */
  | { readonly type: 'ephemeral'; readonly expiration: number; readonly trigger?: number }
  | { readonly type: 'membership_approval_mode'; readonly enabled: boolean }
  | { readonly type: 'membership_approval_request'; readonly requestMethod: RequestMethod; readonly parentGroupJid?: Jid }
  | {
      readonly type: 'created_membership_requests'
      readonly requestMethod: RequestMethod
      readonly parentGroupJid?: Jid
      readonly requests: readonly GroupParticipantInfo[]
    }
  /** By the one who asked when that is the actor, by an admin otherwise. */
  | { readonly type: 'revoked_membership_requests'; readonly participants: readonly Jid[] }
  | { readonly type: 'member_add_mode'; readonly mode: string }
  | { readonly type: 'invite'; readonly code?: string }
  | { readonly type: 'revoke'; readonly participants: readonly GroupParticipantInfo[] }
  | { readonly type: 'growth_locked'; readonly expiration?: number; readonly lockType?: string }
  | {
      readonly type: 'create'
      readonly raw: Stanza
      /** Absent when it cannot be read. */
      readonly metadata?: GroupMetadata
      readonly reason?: string
      readonly key?: string
      readonly createType?: string
      readonly createContext?: string
      readonly contextGroupJid?: Jid
    }
  | { readonly type: 'delete'; readonly reason?: string }
  | { readonly type: 'link'; readonly linkType: string; readonly groups: readonly LinkedGroup[]; readonly raw: Stanza }
  | {
      readonly type: 'unlink'
      readonly unlinkType: string
      readonly unlinkReason?: string
      readonly groups: readonly LinkedGroup[]
      readonly raw: Stanza
    }
  | { readonly type: 'limit_sharing_enabled'; readonly trigger?: number }
  | {
      readonly type: 'created_sub_group_suggestion' | 'revoked_sub_group_suggestions'
      readonly suggestions: readonly SubGroupSuggestion[]
      readonly raw: Stanza
    }
  /** The old owner is the actor. */
  | { readonly type: 'change_number'; readonly newOwner?: Jid; readonly subGroupSuggestions: readonly Jid[] }
  /** A tag nobody knows; it keeps its place in the order. */
  | { readonly type: 'unknown'; readonly tag: string }

/** Something happened in a group; one event per action. */
export interface GroupUpdateEvent {
  readonly type: 'group_update'
  readonly groupJid: Jid
  readonly notificationId?: string
  /** Push name of the actor. */
  readonly notify?: string
  /** Present when it waited on the server while we were away; the value says nothing. */
  readonly offline?: string
  /** Place among the actions of one notification, from 0. */
  readonly actionIndex: number
  /** The actor. */
  readonly participant?: Jid
  readonly participantPn?: Jid
  readonly participantUsername?: string
  readonly participantCountryCode?: string
  readonly timestamp: Date
  readonly isLidAddressingMode: boolean
  /** The server could not name everybody. */
  readonly hasIncompleteParticipantInformation: boolean
  readonly action: GroupAction
}

/** What was known of these groups is wrong and was dropped. */
export interface GroupsDirtyEvent {
  readonly type: 'groups_dirty'
  readonly groupJids: readonly Jid[]
}

/** Events of groups. */
export type GroupEvent = GroupUpdateEvent | GroupsDirtyEvent
