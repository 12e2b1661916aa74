import type { CollectionName } from '../app-state/collection.ts'
import type * as proto from '../proto/types.generated.ts'
import type { Jid } from '../stanza/jid.ts'

/** What every event about an entry of the app state says. */
export interface Dated {
  /** When the change was made; when it was read, if it does not say. */
  readonly timestamp: Date
  /** It is part of the state as a whole, read for the first time or anew, and need not be a change. */
  readonly fromFullSync: boolean
}

/** An event about one entry, with its content as it lies there. */
export interface EntryOf<Type extends string, Action> extends Dated {
  readonly type: Type
  readonly action: Action
}

export interface ChatEntryOf<Type extends string, Action> extends EntryOf<Type, Action> {
  readonly jid: Jid
}

/** A message an entry is about. */
export interface AboutMessage {
  readonly chatJid: Jid
  /** Who wrote it, in groups; absent for messages of ours. */
  readonly participantJid?: Jid
  readonly messageId: string
  readonly fromMe: boolean
}

/** Any entry was set or removed, whether or not it has an event of its own, which comes after it (protocol document 08, section 10). */
export interface AppStateMutationEvent extends Dated {
  readonly type: 'app_state'
  readonly collection: CollectionName
  /** The name of the action first. */
  readonly index: readonly string[]
  readonly action?: proto.SyncActionValue
  readonly operation: 'set' | 'remove'
  readonly actionVersion: number
  /** `local`: we wrote it. */
  readonly source: 'snapshot' | 'patch' | 'local'
}

/** Parts of the app state could not be read. */
export interface AppStateSyncFailedEvent {
  readonly type: 'app_state_sync_failed'
  /** The server will never give them. */
  readonly fatal: readonly string[]
  /** Tried again later. */
  readonly retryable: readonly string[]
  /** Not tried. */
  readonly skipped: readonly string[]
  /** The client counts as connected all the same. */
  readonly connected: boolean
}

/** A collection is up to date: all its changes up to this version were told. */
export interface AppStateSyncCompleteEvent {
  readonly type: 'app_state_sync_complete'
  readonly name: CollectionName
  /** Grows by one with every change of a device of the account. */
  readonly version: number
  /** The server's copy could not be used; our own phone gave what it has. */
  readonly recovery: boolean
}

export type PinUpdateEvent = ChatEntryOf<'pin_update', proto.SyncActionValue_PinAction>
export type MuteUpdateEvent = ChatEntryOf<'mute_update', proto.SyncActionValue_MuteAction>
export type ArchiveUpdateEvent = ChatEntryOf<'archive_update', proto.SyncActionValue_ArchiveChatAction>
export type MarkChatAsReadUpdateEvent = ChatEntryOf<'mark_chat_as_read_update', proto.SyncActionValue_MarkChatAsReadAction>
export type ContactUpdateEvent = ChatEntryOf<'contact_update', proto.SyncActionValue_ContactAction>
export type LidContactEvent = ChatEntryOf<'lid_contact', proto.SyncActionValue_LidContactAction>
export type ChatLockEvent = ChatEntryOf<'chat_lock', proto.SyncActionValue_LockChatAction>

/** A contact was taken out of the address book. */
export interface ContactRemovedEvent extends Dated {
  readonly type: 'contact_removed'
  readonly jid: Jid
}

export interface StarUpdateEvent extends EntryOf<'star_update', proto.SyncActionValue_StarAction>, AboutMessage {}
export interface DeleteMessageForMeUpdateEvent extends EntryOf<'delete_message_for_me_update', proto.SyncActionValue_DeleteMessageForMeAction>, AboutMessage {}

export interface DeleteChatUpdateEvent extends ChatEntryOf<'delete_chat_update', proto.SyncActionValue_DeleteChatAction> {
  readonly deleteMedia: boolean
}

export interface ClearChatUpdateEvent extends ChatEntryOf<'clear_chat_update', proto.SyncActionValue_ClearChatAction> {
  readonly deleteStarred: boolean
  readonly deleteMedia: boolean
}

export interface UserStatusMuteUpdateEvent extends ChatEntryOf<'user_status_mute_update', proto.SyncActionValue_UserStatusMuteAction> {
  readonly muted: boolean
}

/** A label was made, changed, or deleted (`action.deleted`). */
export interface LabelEditUpdateEvent extends EntryOf<'label_edit_update', proto.SyncActionValue_LabelEditAction> {
  readonly labelId: string
}

export interface LabelAssociationUpdateEvent extends EntryOf<'label_association_update', proto.SyncActionValue_LabelAssociationAction> {
  readonly labelId: string
  readonly chatJid: Jid
}

export interface MessageLabelAssociationUpdateEvent extends EntryOf<'message_label_association_update', proto.SyncActionValue_LabelAssociationAction> {
  readonly labelId: string
  readonly chatJid: Jid
  readonly messageId: string
}

/** A quick reply was made, changed, or deleted (`action.deleted`). */
export interface QuickReplyUpdateEvent extends EntryOf<'quick_reply_update', proto.SyncActionValue_QuickReplyAction> {
  readonly id: string
}

export interface DisableLinkPreviewsUpdateEvent extends EntryOf<'disable_link_previews_update', proto.SyncActionValue_PrivacySettingDisableLinkPreviewsAction> {
  readonly previewsDisabled: boolean
}

/** A call another device wrote down. */
export interface CallLogSyncEvent extends Dated {
  readonly type: 'call_log_sync'
  readonly callCreatorJid: Jid
  readonly callId: string
  /** We called; what the record says of its direction cannot be trusted. */
  readonly fromMe: boolean
  readonly record?: proto.CallLogRecord
}

/** Settings of the account as a whole. */
export type SettingEvent =
  | EntryOf<'unarchive_chats_setting', proto.SyncActionValue_UnarchiveChatsSetting>
  | EntryOf<'chat_lock_settings', proto.ChatLockSettings>
  | EntryOf<'locale', proto.SyncActionValue_LocaleSetting>
  | EntryOf<'time_format', proto.SyncActionValue_TimeFormatAction>
  | EntryOf<'status_privacy', proto.SyncActionValue_StatusPrivacyAction>
  | EntryOf<'relay_all_calls', proto.SyncActionValue_PrivacySettingRelayAllCalls>
  | EntryOf<'favorites', proto.SyncActionValue_FavoritesAction>
  | EntryOf<'primary_feature', proto.SyncActionValue_PrimaryFeature>

/** What the devices of an account share: chats, contacts, labels, settings (protocol document 08). */
export type AppStateEvent =
  | AppStateMutationEvent
  | AppStateSyncFailedEvent
  | AppStateSyncCompleteEvent
  | PinUpdateEvent
  | MuteUpdateEvent
  | ArchiveUpdateEvent
  | MarkChatAsReadUpdateEvent
  | ContactUpdateEvent
  | ContactRemovedEvent
  | LidContactEvent
  | ChatLockEvent
  | StarUpdateEvent
  | DeleteMessageForMeUpdateEvent
  | DeleteChatUpdateEvent
  | ClearChatUpdateEvent
  | UserStatusMuteUpdateEvent
  | LabelEditUpdateEvent
  | LabelAssociationUpdateEvent
  | MessageLabelAssociationUpdateEvent
  | QuickReplyUpdateEvent
  | DisableLinkPreviewsUpdateEvent
  | CallLogSyncEvent
  | SettingEvent
