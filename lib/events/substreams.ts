import type { Observable } from 'rxjs'

import { ofType } from './operators/of-type.ts'
import type { WaEvent, WaEventOf, WaEventType } from './wa-event.ts'

const substream =
  <Type extends WaEventType>(type: Type) =>
  (source$: Observable<WaEvent>): Observable<WaEventOf<Type>> =>
    source$.pipe(ofType(type))

/** The name of the typed stream of each event, on the client and as a function of this module. */
export const substreamNames = {
  connection_state: 'connectionState$',
  connected: 'connected$',
  disconnected: 'disconnected$',
  stream_replaced: 'streamReplaced$',
  logged_out: 'loggedOut$',
  temporary_ban: 'temporaryBan$',
  client_outdated: 'clientOutdated$',
  connect_failure: 'connectFailure$',
  stream_error: 'streamErrors$',
  client_expiration_changed: 'clientExpirationChanged$',
  offline_sync_preview: 'offlineSyncPreview$',
  offline_sync_completed: 'offlineSyncCompleted$',
  dirty_state: 'dirtyState$',
  server_ack: 'serverAcks$',
  pairing_qr_code: 'pairingQrCodes$',
  pairing_qr_codes_exhausted: 'pairingQrCodesExhausted$',
  pairing_code: 'pairingCode$',
  pairing_code_refresh: 'pairingCodeRefresh$',
  pairing_code_error: 'pairingCodeError$',
  pair_success: 'pairSuccess$',
  pair_error: 'pairErrors$',
  qr_scanned_without_multidevice: 'qrScannedWithoutMultidevice$',
  pair_passkey_request: 'pairPasskeyRequest$',
  pair_passkey_confirmation: 'pairPasskeyConfirmation$',
  pair_passkey_error: 'pairPasskeyErrors$',
  message: 'messages$',
  message_addon: 'messageAddons$',
  receipt: 'receipts$',
  undecryptable_message: 'undecryptableMessages$',
  history_sync: 'historySync$',
  history_sync_failed: 'historySyncFailures$',
  history_sync_status: 'historySyncStatus$',
  decrypted_payload: 'decryptedPayloads$',
  enc_decrypt_failed: 'encDecryptFailures$',
  message_sent: 'messagesSent$',
  device_list_update: 'deviceListUpdates$',
  own_devices_updated: 'ownDevicesUpdated$',
  identity_change: 'identityChanges$',
  app_state: 'appState$',
  app_state_sync_complete: 'appStateSyncComplete$',
  app_state_sync_failed: 'appStateSyncFailed$',
  pin_update: 'pinUpdates$',
  mute_update: 'muteUpdates$',
  archive_update: 'archiveUpdates$',
  mark_chat_as_read_update: 'markChatAsReadUpdates$',
  contact_update: 'contactUpdates$',
  contact_removed: 'contactRemoved$',
  lid_contact: 'lidContacts$',
  chat_lock: 'chatLocks$',
  star_update: 'starUpdates$',
  delete_message_for_me_update: 'deleteMessageForMeUpdates$',
  delete_chat_update: 'deleteChatUpdates$',
  clear_chat_update: 'clearChatUpdates$',
  user_status_mute_update: 'userStatusMuteUpdates$',
  label_edit_update: 'labelEditUpdates$',
  label_association_update: 'labelAssociationUpdates$',
  message_label_association_update: 'messageLabelAssociationUpdates$',
  quick_reply_update: 'quickReplyUpdates$',
  disable_link_previews_update: 'disableLinkPreviewsUpdates$',
  call_log_sync: 'callLogSync$',
  unarchive_chats_setting: 'unarchiveChatsSetting$',
  chat_lock_settings: 'chatLockSettings$',
  locale: 'locale$',
  time_format: 'timeFormat$',
  status_privacy: 'statusPrivacy$',
  relay_all_calls: 'relayAllCalls$',
  favorites: 'favorites$',
  primary_feature: 'primaryFeature$',
  keep_alive_timeout: 'keepAliveTimeouts$',
  keep_alive_restored: 'keepAliveRestored$',
  offline_thread_metadata: 'offlineThreadMetadata$',
  chat_presence: 'chatPresence$',
  presence: 'presence$',
  picture_update: 'pictureUpdates$',
  user_about_update: 'userAboutUpdates$',
  contact_updated: 'contactUpdated$',
  contact_number_changed: 'contactNumberChanged$',
  contact_sync_requested: 'contactSyncRequested$',
  disappearing_mode_changed: 'disappearingModeChanged$',
  username_update: 'usernameUpdates$',
  lid_change: 'lidChanges$',
  text_status_update: 'textStatusUpdates$',
  business_status_update: 'businessStatusUpdates$',
  self_push_name_updated: 'selfPushNameUpdated$',
  privacy_settings_changed: 'privacySettingsChanged$',
  blocklist_changed: 'blocklistChanged$',
  own_username_changed: 'ownUsernameChanged$',
  registration_code: 'registrationCodes$',
  account_takeover_notice: 'accountTakeoverNotices$',
  message_capping: 'messageCapping$',
  reachout_timelock_update: 'reachoutTimelockUpdates$',
  group_update: 'groupUpdates$',
  groups_dirty: 'groupsDirty$',
  newsletter_live_update: 'newsletterLiveUpdates$',
  newsletter_message_update: 'newsletterMessageUpdates$',
  newsletter_join: 'newsletterJoins$',
  newsletter_leave: 'newsletterLeaves$',
  newsletter_mute_change: 'newsletterMuteChanges$',
  incoming_call: 'incomingCalls$',
  missed_call: 'missedCalls$',
  call_ended_elsewhere: 'callsEndedElsewhere$',
  mex_notification: 'mexNotifications$',
  media_retry: 'mediaRetries$',
  notification: 'notifications$',
  raw_node: 'rawNodes$',
  sent_frame: 'sentFrames$',
  unhandled_stanza: 'unhandledStanzas$',
  malformed_stanza: 'malformedStanzas$',
  decode_error: 'decodeErrors$',
} as const satisfies Record<WaEventType, string>

/** Typed streams by name: `messages$` yields `message` events, and so on. */
export type Substreams = {
  readonly [Type in WaEventType as (typeof substreamNames)[Type]]: Observable<WaEventOf<Type>>
}

/** Changes of the connection's state. */
export const connectionState$ = substream('connection_state')
/** Logins. */
export const connected$ = substream('connected')
/** Unexpected ends of the transport. */
export const disconnected$ = substream('disconnected')
/** Another connection took this device. */
export const streamReplaced$ = substream('stream_replaced')
/** The device is no longer linked. */
export const loggedOut$ = substream('logged_out')
/** The account is banned for a while. */
export const temporaryBan$ = substream('temporary_ban')
/** The server refuses this version. */
export const clientOutdated$ = substream('client_outdated')
/** Other refused logins. */
export const connectFailure$ = substream('connect_failure')
/** Other errors of the stream. */
export const streamErrors$ = substream('stream_error')
/** Announced ends of this client version. */
export const clientExpirationChanged$ = substream('client_expiration_changed')
/** What waits on the server. */
export const offlineSyncPreview$ = substream('offline_sync_preview')
/** The backlog is through. */
export const offlineSyncCompleted$ = substream('offline_sync_completed')
/** Data that changed while we were away. */
export const dirtyState$ = substream('dirty_state')
/** The server's acknowledgements of our stanzas. */
export const serverAcks$ = substream('server_ack')
/** QR codes to show. */
export const pairingQrCodes$ = substream('pairing_qr_code')
/** No QR code is left. */
export const pairingQrCodesExhausted$ = substream('pairing_qr_codes_exhausted')
/** Codes to type on the phone. */
export const pairingCode$ = substream('pairing_code')
/** Codes that are dead. */
export const pairingCodeRefresh$ = substream('pairing_code_refresh')
/** Codes that came to nothing. */
export const pairingCodeError$ = substream('pairing_code_error')
/** Successful links. */
export const pairSuccess$ = substream('pair_success')
/** Links that failed their verification. */
export const pairErrors$ = substream('pair_error')
/** Scans by phones without linked devices. */
export const qrScannedWithoutMultidevice$ = substream('qr_scanned_without_multidevice')
/** Passkeys that are asked for. */
export const pairPasskeyRequest$ = substream('pair_passkey_request')
/** Codes to compare with the phone. */
export const pairPasskeyConfirmation$ = substream('pair_passkey_confirmation')
/** Links by passkey that came to nothing. */
export const pairPasskeyErrors$ = substream('pair_passkey_error')
/** Messages. */
export const messages$ = substream('message')
/** What belongs to earlier messages. */
export const messageAddons$ = substream('message_addon')
/** Pieces of history our phone sent. */
export const historySync$ = substream('history_sync')
/** Pieces of history that could not be taken in. */
export const historySyncFailures$ = substream('history_sync_failed')
/** A kind of history is there, or stopped coming. */
export const historySyncStatus$ = substream('history_sync_status')
/** Receipts. */
export const receipts$ = substream('receipt')
/** Messages that cannot be shown yet. */
export const undecryptableMessages$ = substream('undecryptable_message')
/** Opened ciphertexts. */
export const decryptedPayloads$ = substream('decrypted_payload')
/** Ciphertexts that were not opened. */
export const encDecryptFailures$ = substream('enc_decrypt_failed')
/** Messages of ours about to leave. */
export const messagesSent$ = substream('message_sent')
/** Devices that others linked or unlinked. */
export const deviceListUpdates$ = substream('device_list_update')
/** Changes of our own account's devices. */
export const ownDevicesUpdated$ = substream('own_devices_updated')
/** People with a new identity key. */
export const identityChanges$ = substream('identity_change')
/** Everything that happens in the app state. */
export const appState$ = substream('app_state')
/** Collections of the app state that are up to date. */
export const appStateSyncComplete$ = substream('app_state_sync_complete')
/** Parts of the app state that could not be read. */
export const appStateSyncFailed$ = substream('app_state_sync_failed')
/** Chats that were pinned or unpinned. */
export const pinUpdates$ = substream('pin_update')
/** Chats that were muted or are heard again. */
export const muteUpdates$ = substream('mute_update')
/** Chats that were archived or taken out again. */
export const archiveUpdates$ = substream('archive_update')
/** Chats that were marked as read or unread. */
export const markChatAsReadUpdates$ = substream('mark_chat_as_read_update')
/** Contacts as the address book has them. */
export const contactUpdates$ = substream('contact_update')
/** Contacts taken out of the address book. */
export const contactRemoved$ = substream('contact_removed')
/** Contacts without a phone number. */
export const lidContacts$ = substream('lid_contact')
/** Chats that were locked or unlocked. */
export const chatLocks$ = substream('chat_lock')
/** Messages that were starred or lost their star. */
export const starUpdates$ = substream('star_update')
/** Messages deleted on our devices alone. */
export const deleteMessageForMeUpdates$ = substream('delete_message_for_me_update')
/** Chats that were deleted. */
export const deleteChatUpdates$ = substream('delete_chat_update')
/** Chats that were emptied. */
export const clearChatUpdates$ = substream('clear_chat_update')
/** People whose status posts were muted or are seen again. */
export const userStatusMuteUpdates$ = substream('user_status_mute_update')
/** Labels as they are. */
export const labelEditUpdates$ = substream('label_edit_update')
/** Chats that got or lost a label. */
export const labelAssociationUpdates$ = substream('label_association_update')
/** Messages that got or lost a label. */
export const messageLabelAssociationUpdates$ = substream('message_label_association_update')
/** Quick replies as they are. */
export const quickReplyUpdates$ = substream('quick_reply_update')
/** Whether links are previewed. */
export const disableLinkPreviewsUpdates$ = substream('disable_link_previews_update')
/** Calls other devices wrote down. */
export const callLogSync$ = substream('call_log_sync')
/** Whether archived chats come back with a new message. */
export const unarchiveChatsSetting$ = substream('unarchive_chats_setting')
/** How locked chats are shown. */
export const chatLockSettings$ = substream('chat_lock_settings')
/** The language of the phone. */
export const locale$ = substream('locale')
/** How the phone writes times. */
export const timeFormat$ = substream('time_format')
/** Who sees our status posts. */
export const statusPrivacy$ = substream('status_privacy')
/** Whether calls hide our address. */
export const relayAllCalls$ = substream('relay_all_calls')
/** Chats among the favourites. */
export const favorites$ = substream('favorites')
/** What the phone can do. */
export const primaryFeature$ = substream('primary_feature')
/** Signs of life the server did not give. */
export const keepAliveTimeouts$ = substream('keep_alive_timeout')
/** The server answers again. */
export const keepAliveRestored$ = substream('keep_alive_restored')
/** Chats that have something for us. */
export const offlineThreadMetadata$ = substream('offline_thread_metadata')
/** People who write or speak. */
export const chatPresence$ = substream('chat_presence')
/** People who come and go. */
export const presence$ = substream('presence')
/** Changed pictures. */
export const pictureUpdates$ = substream('picture_update')
/** Changed texts about people. */
export const userAboutUpdates$ = substream('user_about_update')
/** Outdated profiles. */
export const contactUpdated$ = substream('contact_updated')
/** Changed phone numbers. */
export const contactNumberChanged$ = substream('contact_number_changed')
/** Contacts to look up again. */
export const contactSyncRequested$ = substream('contact_sync_requested')
/** Changed lives of messages in new chats. */
export const disappearingModeChanged$ = substream('disappearing_mode_changed')
/** Changed usernames. */
export const usernameUpdates$ = substream('username_update')
/** Changed hidden-number addresses. */
export const lidChanges$ = substream('lid_change')
/** Changed text statuses. */
export const textStatusUpdates$ = substream('text_status_update')
/** Changed businesses. */
export const businessStatusUpdates$ = substream('business_status_update')
/** Our changed name. */
export const selfPushNameUpdated$ = substream('self_push_name_updated')
/** Our changed privacy settings. */
export const privacySettingsChanged$ = substream('privacy_settings_changed')
/** Our changed list of blocked people. */
export const blocklistChanged$ = substream('blocklist_changed')
/** Our changed username. */
export const ownUsernameChanged$ = substream('own_username_changed')
/** Codes to register this number elsewhere. */
export const registrationCodes$ = substream('registration_code')
/** Attempts to take this number. */
export const accountTakeoverNotices$ = substream('account_takeover_notice')
/** Limits on new chats. */
export const messageCapping$ = substream('message_capping')
/** Locks on writing to strangers. */
export const reachoutTimelockUpdates$ = substream('reachout_timelock_update')
/** What happens in groups. */
export const groupUpdates$ = substream('group_update')
/** Groups whose description is outdated. */
export const groupsDirty$ = substream('groups_dirty')
/** Live changes of channels. */
export const newsletterLiveUpdates$ = substream('newsletter_live_update')
/** Live changes of single messages of channels. */
export const newsletterMessageUpdates$ = substream('newsletter_message_update')
/** Channels we follow now. */
export const newsletterJoins$ = substream('newsletter_join')
/** Channels we follow no more. */
export const newsletterLeaves$ = substream('newsletter_leave')
/** Channels that were muted or are heard again. */
export const newsletterMuteChanges$ = substream('newsletter_mute_change')
/** Calls, and what happens in them. */
export const incomingCalls$ = substream('incoming_call')
/** Calls nobody took. */
export const missedCalls$ = substream('missed_call')
/** Calls another device of ours took or declined. */
export const callsEndedElsewhere$ = substream('call_ended_elsewhere')
/** Pushes of the query language. */
export const mexNotifications$ = substream('mex_notification')
/** Files that were uploaded again. */
export const mediaRetries$ = substream('media_retry')
/** Notifications nobody has modelled. */
export const notifications$ = substream('notification')
/** Every inbound stanza. */
export const rawNodes$ = substream('raw_node')
/** Every written stanza. */
export const sentFrames$ = substream('sent_frame')
/** Stanzas nobody handles. */
export const unhandledStanzas$ = substream('unhandled_stanza')
/** Stanzas that cannot be read. */
export const malformedStanzas$ = substream('malformed_stanza')
/** Frames that are no stanzas. */
export const decodeErrors$ = substream('decode_error')
