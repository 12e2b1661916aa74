import type { WaEventType } from '../../lib/events/wa-event.ts'

const inGroup: readonly WaEventType[] = ['group_update', 'notification']
const itself: readonly WaEventType[] = ['notification']
const business: readonly WaEventType[] = ['business_status_update']
const unknownBusiness: readonly WaEventType[] = ['business_status_update', 'notification']

/** Published shapes by name, and the events their stanzas yield. */
export const EVENTS_OF_SHAPES: Readonly<Record<string, readonly WaEventType[]>> = {
  call: ['incoming_call', 'missed_call'],
  chatstate: ['chat_presence'],
  'ServerNotification.Request': ['chat_presence'],
  presence: ['presence'],
  'ServerUpdate.Request': ['presence'],
  error: ['unhandled_stanza'],
  'Error.Request': ['unhandled_stanza'],

  ib: ['dirty_state', 'offline_sync_preview', 'offline_thread_metadata'],
  'DirtyNotify.Request': ['dirty_state'],
  'Preview.Request': ['offline_sync_preview'],
  'ThreadMetadata.Request': ['offline_thread_metadata'],

  'receipt.enc_rekey_retry': ['receipt'],
  'receipt.is-not-call-receipt': ['receipt'],
  'ReceiptDeliver.Request': ['receipt'],
  'ReceiptDeliverPeer.Request': ['receipt'],

  'notification.w:gp2': ['groups_dirty', 'notification'],
  'GroupsDirtyNotification.Request': ['groups_dirty', 'notification'],
  'AddNotification.Request': inGroup,
  'RemoveNotification.Request': inGroup,
  'PromoteNotification.Request': inGroup,
  'DemoteNotification.Request': inGroup,
  'SubjectChangeNotification.Request': inGroup,
  'DeleteNotification.Request': inGroup,
  'JoinNotification.Request': inGroup,
  'MemberAddModeChangeNotification.Request': inGroup,

  'notification.devices': ['device_list_update'],
  'UsyncNotification.Request': ['device_list_update'],
  'notification.encrypt/identity': ['identity_change'],
  'notification.contacts': ['contact_updated', 'contact_number_changed', 'contact_sync_requested'],
  'notification.picture': ['picture_update'],
  'notification.status': ['user_about_update'],
  'notification.disappearing_mode': ['disappearing_mode_changed'],
  'notification.business': unknownBusiness,
  'notification.digital_commerce_subscription': business,
  'BannerSuggestion.Request': unknownBusiness,
  'CampaignStateChangedNotification.Request': unknownBusiness,
  'NonceNotification.Request': unknownBusiness,
  'SyncPrivacySetting.Request': unknownBusiness,
  'notification.newsletter': ['newsletter_live_update', 'newsletter_message_update', 'notification'],
  'LiveUpdatesNotification.Request': ['newsletter_live_update', 'newsletter_message_update', 'notification'],
  'notification.mediaretry': ['media_retry'],
  'notification.registration': ['registration_code'],
  'notification.account_sync': ['picture_update', 'text_status_update', 'disappearing_mode_changed', 'blocklist_changed', 'notification'],
  'AccountNotification.Request': ['picture_update', 'user_about_update', 'text_status_update', 'disappearing_mode_changed', 'blocklist_changed', 'own_username_changed', 'notification'],
  'notification.server': itself,
  'Log.Request': itself,

  'notification.fb:update': itself,
  'notification.hosted': itself,
  'notification.pay': itself,
  'notification.psa': itself,
  'notification.psa/*': itself,
  'notification.psa/reset_smb_last_qp_prefetch_timestamp': itself,
  'notification.psa/surfaces': itself,
  'notification.w:growth': itself,
  'notification.waffle': itself,
  'CallEventNotification.Request': itself,
  'ChangeNotification.Request': itself,
  'MultiwayNotification.Request': itself,
  'OffboardingNotification.Request': itself,
  'OnboardingStatusNotification.Request': itself,
  'QPNotification.Request': itself,
  'ResetSmbLastQpPrefetchTimestamp.Request': itself,
  'SyncNotification.Request': itself,
  'ThreadNotification.ThreadNotificationRequest': itself,
  'GenericNotification.Request': itself,
}

const ownCourse = 'tokens and prekeys have a course of their own'
const ofPairing = 'a step of a pairing, which has events of its own'
const oneOfTheLine = 'acted on by the connection itself'

/** Published shapes whose stanzas yield no event of their own here, and why. */
export const NO_EVENT: Readonly<Record<string, string>> = {
  'notification.encrypt': ownCourse,
  'notification.encrypt/digest': ownCourse,
  'notification.encrypt/pq_count': ownCourse,
  'NotificationDigest.Request': ownCourse,
  'NotificationLowCount.Request': ownCourse,
  'NotificationContactIDChanged.Request': ownCourse,
  'notification.privacy_token': ownCourse,
  'notification.companion_reg_refresh': ofPairing,
  'notification.link_code_companion_reg': ofPairing,
  'PasskeyPrologueRequestNotification.NotificationRequest': ofPairing,
  'PrimaryHelloNotifyCompanion.Request': ofPairing,
  'RefreshCodeNotifyCompanion.Request': ofPairing,
  'SetPrimaryEphemeralIdentityNotification.Request': ofPairing,
  'ClientExpiration.Request': oneOfTheLine,
  'Completion.Request': oneOfTheLine,
  'EdgeRouting.Request': oneOfTheLine,
  'SpamMarker.SpamMarkerRequest': 'a marker without a meaning to us: protocol document 11, section 24',
  'Refresh.Request': 'the A/B properties are asked for again',
  'notification.server_sync': 'app state has a course of its own',
  'NewPatch.Request': 'app state has a course of its own',
  'notification.mex': 'invented text is no JSON: told as malformed; the vectors have readable ones',
  'receipt.is-call-receipt': 'the state of a call: protocol document 11, section 23',
  'receipt.retry': 'answered by sending again',
  status: 'posts of channels are messages and come with channels; told as what nobody handles',
  'IncomingNewsletterStatus.Request': 'posts of channels are messages and come with channels; told as what nobody handles',
  'AppdataDeliverPeer.Request': 'another carrier of messages between devices, which no client routes: protocol document 11, section 1.1',
  'DeliverAppDataPeer.Request': 'another carrier of messages between devices, which no client routes: protocol document 11, section 1.1',
}
