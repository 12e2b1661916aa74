import type { WaEvent } from '../../events/wa-event.ts'
import { optional } from '../optional-field.ts'
import { instantIn, isRecord, jidIn, numberIn, textIn, type JsonRecord } from './json-fields.ts'

/** Reads the root of one operation, sent at this time; undefined when what it needs is missing. */
type ReadRoot = (root: JsonRecord, opName: string, sentAtMs: () => number) => WaEvent | undefined

interface KnownOperation {
  /** Name of the one field of `data`. */
  readonly root: string
  readonly read: ReadRoot
}

/** A lock whose end is not told lasts this long from when it was told. */
const STANDARD_LOCK_MS = 60_000

const muted: KnownOperation = {
  root: 'xwa2_notify_newsletter_on_mute_change',
  read: (root, opName) => {
    const newsletterJid = jidIn(root, 'id')
    const mute = textIn(root, 'mute')
    return newsletterJid && mute !== undefined ? { type: 'newsletter_mute_change', newsletterJid, muted: mute.toUpperCase() === 'ON', opName } : undefined
  },
}

/** Operations with an event of their own (protocol document 11, section 16); times are seconds since 1970. */
const OPERATIONS: Readonly<Record<string, KnownOperation>> = {
  UsernameSetNotification: {
    root: 'xwa2_notify_username_on_change',
    read: (root) => ({ type: 'username_update', update: { kind: 'set', ...optional('lid', jidIn(root, 'lid')), ...optional('username', textIn(root, 'username')) } }),
  },
  UsernameDeleteNotification: {
    root: 'xwa2_notify_username_delete',
    read: (root) => ({
      type: 'username_update',
      update: { kind: 'delete', ...optional('lid', jidIn(root, 'lid')), ...optional('displayName', textIn(root, 'display_name')) },
    }),
  },
  UsernameUpdateNotification: {
    root: 'xwa2_notify_username_on_update_side_sub',
    read: (root) => ({ type: 'username_update', update: { kind: 'hash', ...optional('hash', textIn(root, 'hash')) } }),
  },
  AccountSyncUsernameNotification: {
    root: 'xwa2_notify_wa_user',
    read: (root) => {
      const info = root['username_info']
      const username = isRecord(info) ? textIn(info, 'username') : undefined
      return { type: 'own_username_changed', kind: username === undefined || username === '' ? 'delete' : 'set', ...optional('username', username === '' ? undefined : username) }
    },
  },
  TextStatusUpdateNotification: {
    root: 'xwa2_notify_text_status_on_update',
    read: (root) => {
      const emoji = root['emoji']
      return {
        type: 'text_status_update',
        update: {
          ...optional('jid', jidIn(root, 'jid')),
          ...optional('text', textIn(root, 'text')),
          ...optional('emoji', isRecord(emoji) ? textIn(emoji, 'content') : undefined),
          ...optional('ephemeralDurationSeconds', numberIn(root, 'ephemeral_duration_sec')),
          ...optional('lastUpdateTime', instantIn(root, 'last_update_time')),
        },
      }
    },
  },
  TextStatusUpdateNotificationSideSub: {
    root: 'xwa2_notify_text_status_on_update_side_sub',
    read: (root) => ({ type: 'text_status_update', update: optional('hash', textIn(root, 'hash')) }),
  },
  LidChangeNotification: {
    root: 'xwa2_notify_lid_change',
    read: (root) => {
      const [oldLid, newLid] = [jidIn(root, 'old'), jidIn(root, 'new')]
      return oldLid && newLid ? { type: 'lid_change', change: { oldLid, newLid } } : undefined
    },
  },
  MessageCappingInfoNotification: {
    root: 'xwa2_notify_new_chat_messages_capping_info_update',
    read: (root) => ({
      type: 'message_capping',
      capping: {
        ...optional('cappingStatus', textIn(root, 'capping_status')),
        ...optional('oteStatus', textIn(root, 'ote_status')),
        ...optional('mvStatus', textIn(root, 'mv_status')),
        ...optional('totalQuota', numberIn(root, 'total_quota')),
        ...optional('usedQuota', numberIn(root, 'used_quota')),
        ...optional('cycleStart', instantIn(root, 'cycle_start_timestamp')),
        ...optional('cycleEnd', instantIn(root, 'cycle_end_timestamp')),
        ...optional('serverSent', instantIn(root, 'server_sent_timestamp')),
      },
    }),
  },
  NotificationUserReachoutTimelockUpdate: {
    root: 'xwa2_notify_account_reachout_timelock',
    read: (root, _, sentAtMs) => {
      const isActive = root['is_active'] === true
      const ends = instantIn(root, 'time_enforcement_ends') ?? (isActive ? new Date(sentAtMs() + STANDARD_LOCK_MS) : undefined)
      return {
        type: 'reachout_timelock_update',
        timelock: { isActive, ...optional('enforcementType', textIn(root, 'enforcement_type')), ...optional('enforcementEnds', ends) },
      }
    },
  },
  NotificationNewsletterJoin: {
    root: 'xwa2_notify_newsletter_on_join',
    read: (root, opName) => {
      const newsletterJid = jidIn(root, 'id')
      const viewer = root['viewer_metadata']
      const role = textIn(root, 'role') ?? (isRecord(viewer) ? textIn(viewer, 'role') : undefined)
      return newsletterJid && { type: 'newsletter_join', newsletterJid, ...optional('role', role), opName }
    },
  },
  NotificationNewsletterLeave: {
    root: 'xwa2_notify_newsletter_on_leave',
    read: (root, opName) => {
      const newsletterJid = jidIn(root, 'id')
      return newsletterJid && { type: 'newsletter_leave', newsletterJid, opName }
    },
  },
  // Both names occur.
  NotificationNewsletterUserSettingChange: muted,
  NotificationNewsletterMuteChange: muted,
}

/** Names of the operations with an event of their own. */
export const knownMexOperations: readonly string[] = Object.keys(OPERATIONS)

/** The typed event of an operation; undefined for all others, and when what it needs is missing. */
export const readMexUpdate = (opName: string, data: JsonRecord, sentAtMs: () => number): WaEvent | undefined => {
  const operation = Object.hasOwn(OPERATIONS, opName) ? OPERATIONS[opName] : undefined
  const root = operation && data[operation.root]
  return isRecord(root) ? operation?.read(root, opName, sentAtMs) : undefined
}
