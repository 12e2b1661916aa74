import { toJid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import { pushAccountSync, pushBlocklist, pushMediaRetry, pushOwnName, pushOwnUsername, pushPrivacy, pushRegistrationCode, pushTakeover } from './push-account.ts'
import { pushOffer, pushTerminate, type CallPushOptions } from './push-calls.ts'
import { pushGroupsDirty, pushGroupUpdate } from './push-groups.ts'
import { pushLiveUpdates, pushMex, pushPost } from './push-newsletters.ts'
import {
  pushAbout,
  pushBusiness,
  pushContactSync,
  pushContactUpdated,
  pushDisappearingMode,
  pushNumberChanged,
  pushPicture,
  pushPresence,
  pushTyping,
  SOMEBODY,
} from './push-people.ts'

const ib = (child: Stanza): Stanza => stanza('ib', { from: toJid('s.whatsapp.net') }, [child])
const channel = '120363000000000002@newsletter'

/**
 * What a server says to bring an event about, by the type of the event; for {@link Simulator.push}. All have
 * harmless defaults.
 *
 * @example
 * simulator.push(ana.lid, aPush.picture_update({ of: ben.lid, id: '1' }))
 */
export const aPush = {
  group_update: pushGroupUpdate,
  groups_dirty: pushGroupsDirty,
  contact_updated: pushContactUpdated,
  contact_number_changed: pushNumberChanged,
  contact_sync_requested: pushContactSync,
  picture_update: pushPicture,
  user_about_update: pushAbout,
  disappearing_mode_changed: pushDisappearingMode,
  business_status_update: pushBusiness,
  presence: pushPresence,
  chat_presence: pushTyping,
  self_push_name_updated: pushOwnName,
  blocklist_changed: pushBlocklist,
  privacy_settings_changed: pushPrivacy,
  own_username_changed: pushOwnUsername,
  registration_code: pushRegistrationCode,
  account_takeover_notice: pushTakeover,
  media_retry: pushMediaRetry,
  /** A post in a channel; people write by `phone.send`. */
  message: pushPost,
  newsletter_live_update: pushLiveUpdates,
  newsletter_message_update: pushLiveUpdates,
  mex_notification: pushMex,
  username_update: (lid = '90010002@lid', username = 'somebody') => pushMex('UsernameSetNotification', { xwa2_notify_username_on_change: { lid, username } }),
  lid_change: (old = '90010002@lid', next = '90010003@lid') => pushMex('LidChangeNotification', { xwa2_notify_lid_change: { old, new: next } }),
  text_status_update: (jid = '90010002@lid', text = 'Hello') =>
    pushMex('TextStatusUpdateNotification', { xwa2_notify_text_status_on_update: { jid, text, emoji: { content: '👋' }, ephemeral_duration_sec: 86_400, last_update_time: '1767225600' } }),
  message_capping: (totalQuota = 50, usedQuota = 1) =>
    pushMex('MessageCappingInfoNotification', { xwa2_notify_new_chat_messages_capping_info_update: { total_quota: String(totalQuota), used_quota: String(usedQuota) } }),
  reachout_timelock_update: (isActive = true) => pushMex('NotificationUserReachoutTimelockUpdate', { xwa2_notify_account_reachout_timelock: { is_active: isActive } }),
  newsletter_join: (id: string = channel, role = 'SUBSCRIBER') => pushMex('NotificationNewsletterJoin', { xwa2_notify_newsletter_on_join: { id, role } }),
  newsletter_leave: (id: string = channel) => pushMex('NotificationNewsletterLeave', { xwa2_notify_newsletter_on_leave: { id } }),
  newsletter_mute_change: (id: string = channel, isMuted = true) =>
    pushMex('NotificationNewsletterUserSettingChange', { xwa2_notify_newsletter_on_mute_change: { id, mute: isMuted ? 'ON' : 'OFF' } }),
  incoming_call: pushOffer,
  /** It rings, and the caller gives up. */
  missed_call: (options?: CallPushOptions): readonly Stanza[] => [pushOffer(options), pushTerminate(options)],
  /** It rings, and another device takes it. */
  call_ended_elsewhere: (options?: CallPushOptions): readonly Stanza[] => [pushOffer(options), pushTerminate({ ...options, reason: 'accepted_elsewhere' })],
  notification: (type = 'novelty') => stanza('notification', { from: toJid(SOMEBODY), type }),
  unhandled_stanza: (tag = 'novelty') => stanza(tag, { from: toJid(SOMEBODY) }),
  malformed_stanza: () => stanza('notification', { from: toJid(SOMEBODY), type: 'disappearing_mode' }),
  dirty_state: (type = 'groups') => ib(stanza('dirty', { type, timestamp: 1_767_225_600 })),
  client_expiration_changed: (atSeconds = 4_000_000_000) => ib(stanza('client_expiration', { t: atSeconds })),
  offline_thread_metadata: (chat = SOMEBODY) => ib(stanza('thread_metadata', {}, [stanza('item', { from: toJid(chat), t: 1_767_225_600 })])),
  qr_scanned_without_multidevice: () => ib(stanza('downgrade_webclient')),
  server_ack: (id = '3EB0AA') => stanza('ack', { id, class: 'message', from: toJid(SOMEBODY), t: 1_767_225_600 }),
  /** Anything else about the account itself. */
  account_sync: pushAccountSync,
} as const
