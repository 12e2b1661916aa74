import { ConnectionLost } from '../errors/connection-errors.ts'
import type { WaEventOf, WaEventType } from '../events/wa-event.ts'
import { LazyHistory } from '../history/lazy-history.ts'
import { Conversation, HistorySync, HistorySyncMsg } from '../proto/content.generated.ts'
import { toJid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import { messageEvent, receiptEvent, type MessageParts } from './event-factories.ts'

/** What a factory takes: everything but the type, and nothing of it has to be given. */
type Changes<Type extends WaEventType> = Partial<Omit<WaEventOf<Type>, 'type'>>
/** A message is made of its text and who wrote it, where that is easier. */
type Input<Type extends WaEventType> = Changes<Type> & (Type extends 'message' ? MessageParts : unknown)
type Factories = { readonly [Type in WaEventType]: (changes?: Input<Type>) => WaEventOf<Type> }
type Defaults = { readonly [Type in WaEventType]: Omit<WaEventOf<Type>, 'type'> }

const somebody = toJid('15550100002@s.whatsapp.net')
const somebodyLid = toJid('90010002@lid')
const group = toJid('120363000000000001@g.us')
const newsletterJid = toJid('120363000000000002@newsletter')
const timestamp = new Date('2026-01-01T00:00:00Z')
const node = stanza('notification', { id: '1', from: somebody, type: 'novelty', t: '1767225600' })
const error = new ConnectionLost('stream_ended')
const { message, info } = messageEvent()
const history = new LazyHistory({ syncType: 3, chunkOrder: 1, progress: 100 }, new Uint8Array(0), 0, { history: HistorySync, conversation: Conversation, entry: HistorySyncMsg })
const callId = '00112233445566778899AABBCCDDEEFF'

/** An entry of the app state that changed just now. */
const entry = { timestamp, fromFullSync: false }

/** One harmless event of each type, with everything a type must have and little more. */
const DEFAULTS: Defaults = {
  connection_state: { state: { kind: 'open' } },
  connected: { serverTime: timestamp },
  disconnected: { reason: { kind: 'stream_ended' }, isCleanShutdown: true },
  stream_replaced: {},
  logged_out: { onConnect: true, reason: 401 },
  temporary_ban: { code: 101, expireSeconds: 3_600, raw: stanza('failure', { reason: '402', code: '101', expire: '3600' }) },
  client_outdated: {},
  connect_failure: { reason: 500 },
  stream_error: { code: '429', raw: stanza('stream:error', { code: '429' }) },
  client_expiration_changed: { expiresAt: timestamp, version: [2, 3000, 1], withdrawn: false },
  offline_sync_preview: { total: 1, appDataChanges: 0, messages: 1, notifications: 0, receipts: 0, calls: 0, statuses: 0 },
  offline_sync_completed: { count: 1 },
  dirty_state: { dirtyType: 'groups', timestamp, protocols: [] },
  server_ack: { id: '3EB0AA', class: 'message', timestamp },
  keep_alive_timeout: { errorCount: 1 },
  keep_alive_restored: {},
  offline_thread_metadata: { threads: [{ jid: somebody, timestamp }] },
  pairing_qr_code: { code: '2@ref,noise,identity,secret', timeoutMs: 60_000 },
  pairing_qr_codes_exhausted: { disconnected: true },
  pairing_code: { code: 'ABCD1234', timeoutMs: 180_000 },
  pairing_code_refresh: { forceManual: false },
  pairing_code_error: { error },
  pair_success: { id: toJid('15550100001:1@s.whatsapp.net'), lid: toJid('90010001:1@lid'), platform: 'android' },
  pair_error: { error },
  qr_scanned_without_multidevice: {},
  pair_passkey_request: { requestOptionsJson: '{}' },
  pair_passkey_confirmation: { code: 'ABCD-1234', skipHandoffUx: false },
  pair_passkey_error: { error, continuation: false },
  message: { message, info, origin: 'live', redelivered: false },
  receipt: receiptEvent(['3EB0AA']),
  undecryptable_message: { info, reason: 'no_session', recovery: 'retry_receipt', isUnavailable: false, unavailableType: 'unknown', decryptFailMode: 'show' },
  history_sync: { history },
  history_sync_failed: { messageId: '3EB0AA', syncType: 3, chunkOrder: 1, reason: 'not_found', error },
  history_sync_status: { syncType: 3, status: 'complete', explicit: true },
  decrypted_payload: { info, encIndex: 0, encType: 'msg', payload: Uint8Array.of(10, 0) },
  enc_decrypt_failed: { info, encIndex: 0, encType: 'msg', reason: 'no_session' },
  message_sent: { to: somebody, id: '3EB0AA', message },
  app_state: { collection: 'regular_low', index: ['pin_v1', '15550100002@s.whatsapp.net'], action: { pinAction: { pinned: true } }, operation: 'set', actionVersion: 5, source: 'patch', ...entry },
  app_state_sync_complete: { name: 'regular', version: 3, recovery: false },
  app_state_sync_failed: { fatal: [], retryable: ['regular'], skipped: [], connected: true },
  pin_update: { jid: somebody, action: { pinned: true }, ...entry },
  mute_update: { jid: somebody, action: { muted: true, muteEndTimestamp: -1 }, ...entry },
  archive_update: { jid: somebody, action: { archived: true }, ...entry },
  mark_chat_as_read_update: { jid: somebody, action: { read: true }, ...entry },
  contact_update: { jid: somebody, action: { fullName: 'Ben', firstName: 'Ben' }, ...entry },
  contact_removed: { jid: somebody, ...entry },
  lid_contact: { jid: somebodyLid, action: { fullName: 'Ben' }, ...entry },
  chat_lock: { jid: somebody, action: { locked: true }, ...entry },
  star_update: { chatJid: somebody, messageId: '3EB0AA', fromMe: true, action: { starred: true }, ...entry },
  delete_message_for_me_update: { chatJid: somebody, messageId: '3EB0AA', fromMe: true, action: { deleteMedia: true }, ...entry },
  delete_chat_update: { jid: somebody, deleteMedia: true, action: {}, ...entry },
  clear_chat_update: { jid: somebody, deleteStarred: false, deleteMedia: true, action: {}, ...entry },
  user_status_mute_update: { jid: somebody, muted: true, action: { muted: true }, ...entry },
  label_edit_update: { labelId: '1', action: { name: 'New', color: 1 }, ...entry },
  label_association_update: { labelId: '1', chatJid: somebody, action: { labeled: true }, ...entry },
  message_label_association_update: { labelId: '1', chatJid: somebody, messageId: '3EB0AA', action: { labeled: true }, ...entry },
  quick_reply_update: { id: '1', action: { shortcut: 'hi', message: 'Hello!' }, ...entry },
  disable_link_previews_update: { previewsDisabled: true, action: { isPreviewsDisabled: true }, ...entry },
  call_log_sync: { callCreatorJid: somebody, callId, fromMe: false, ...entry },
  unarchive_chats_setting: { action: { unarchiveChats: true }, ...entry },
  chat_lock_settings: { action: { hideLockedChats: true }, ...entry },
  locale: { action: { locale: 'en_US' }, ...entry },
  time_format: { action: { isTwentyFourHourFormatEnabled: true }, ...entry },
  status_privacy: { action: { userJid: [] }, ...entry },
  relay_all_calls: { action: { isEnabled: true }, ...entry },
  favorites: { action: { favorites: [] }, ...entry },
  primary_feature: { action: { flags: [] }, ...entry },
  message_addon: { info, kind: 'reaction', targetMessageId: '3EB0AA', decrypted: { text: '👍' } },
  device_list_update: { user: somebody, updateType: 'add', devices: [{ deviceId: 1, keyIndex: 1 }], keyIndex: { timestamp } },
  own_devices_updated: { devices: [{ deviceId: 0 }, { deviceId: 1, keyIndex: 1 }], timestamp },
  identity_change: { user: somebody, implicit: false, offline: false },
  chat_presence: { source: { chat: somebody, sender: somebody, isFromMe: false, isGroup: false }, state: 'composing', media: 'text' },
  presence: { from: somebody, unavailable: false },
  picture_update: { jid: somebody, timestamp, removed: false, pictureId: '1767225600' },
  user_about_update: { jid: somebody, status: 'Hello', timestamp },
  contact_updated: { jid: somebody, timestamp },
  contact_number_changed: { oldJid: somebody, newJid: toJid('15550100003@s.whatsapp.net'), timestamp },
  contact_sync_requested: { timestamp },
  disappearing_mode_changed: { from: somebody, duration: 86_400, settingTimestamp: timestamp },
  username_update: { update: { kind: 'set', lid: somebodyLid, username: 'somebody' } },
  lid_change: { change: { oldLid: somebodyLid, newLid: toJid('90010003@lid') } },
  text_status_update: { update: { jid: somebodyLid, text: 'Hello' } },
  business_status_update: { jid: somebody, updateType: 'profile_updated', timestamp, productIds: [], collectionIds: [], subscriptions: [] },
  self_push_name_updated: { fromServer: true, newName: 'Ana' },
  privacy_settings_changed: { settings: { last: 'contacts' }, changed: ['last'], disallowedLists: [] },
  blocklist_changed: { changes: [{ jid: somebodyLid, action: 'block' }] },
  own_username_changed: { kind: 'set', username: 'ana' },
  registration_code: { code: '123456', expiresAt: timestamp },
  account_takeover_notice: { serverToken: 'token', attemptTime: timestamp },
  message_capping: { capping: { totalQuota: 50, usedQuota: 1 } },
  reachout_timelock_update: { timelock: { isActive: false } },
  group_update: {
    groupJid: group,
    actionIndex: 0,
    participant: somebodyLid,
    timestamp,
    isLidAddressingMode: true,
    hasIncompleteParticipantInformation: false,
    action: { type: 'subject', subject: 'Trip' },
  },
  groups_dirty: { groupJids: [group] },
  newsletter_live_update: { newsletterJid, messages: [{ serverId: 100, reactions: [{ code: '👍', count: 1 }] }] },
  newsletter_message_update: { newsletterJid, serverId: 100, kind: 'reaction', update: { serverId: 100, reactions: [{ code: '👍', count: 1 }] } },
  newsletter_join: { newsletterJid, opName: 'NotificationNewsletterJoin' },
  newsletter_leave: { newsletterJid, opName: 'NotificationNewsletterLeave' },
  newsletter_mute_change: { newsletterJid, muted: true, opName: 'NotificationNewsletterUserSettingChange' },
  incoming_call: {
    from: somebodyLid,
    timestamp,
    offline: false,
    action: { type: 'offer', callId, callCreator: somebodyLid, joinable: false, isVideo: false, audio: [{ enc: 'opus', rate: 16_000 }] },
  },
  missed_call: { from: somebodyLid, callId, timestamp, reason: 'remote' },
  call_ended_elsewhere: { from: somebodyLid, callId, timestamp, outcome: 'accepted' },
  mex_notification: { opName: 'Novelty', payload: { data: {} } },
  media_retry: { messageId: '3EB0AA', chat: somebody, fromMe: false, errorCode: 2, timestamp },
  notification: { node },
  raw_node: { node },
  sent_frame: { plaintext: Uint8Array.of(0) },
  unhandled_stanza: { node, reason: 'unknown tag' },
  malformed_stanza: { node, faults: ['notification: t is missing'] },
  decode_error: { error, frame: Uint8Array.of(0) },
}

const factoryOf =
  <Type extends WaEventType>(type: Type) =>
  (changes: Changes<Type> = {}): WaEventOf<Type> =>
    // The fields of the type, and its name.
    ({ ...DEFAULTS[type], ...changes, type }) as unknown as WaEventOf<Type>

/**
 * Events for tests of pipelines, one factory per type; every field has a harmless default.
 *
 * @example
 * marbles(({ cold, expectObservable }) => {
 *   const events = { m: anEvent.message({ text: 'hi' }), g: anEvent.group_update({ action: { type: 'locked' } }) }
 *   expectObservable(cold<WaEvent>('m-g|', events).pipe(ofType('message'))).toBe('m--|', events)
 * })
 */
export const anEvent: Factories = {
  ...(Object.fromEntries((Object.keys(DEFAULTS) as WaEventType[]).map((type) => [type, factoryOf(type)])) as unknown as Factories),
  message: ({ text, message: content, from, chat, id, isFromMe, at, isOffline, ...changes } = {}) => ({
    ...messageEvent(definedOf({ text, message: content, from, chat, id, isFromMe, at, isOffline })),
    ...changes,
  }),
}

/** Only what was given, so that the rest has its default. */
const definedOf = (parts: { readonly [Key in keyof MessageParts]: MessageParts[Key] | undefined }): MessageParts =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined))
