import type { WaEventType } from '../../events/wa-event.ts'
import { readAbout } from './about.ts'
import { readAccountSync } from './account-sync.ts'
import { readBusiness } from './business.ts'
import { readContacts } from './contacts.ts'
import { readDisappearingMode } from './disappearing-mode.ts'
import { readGroupUpdate } from './group-update.ts'
import { readMediaRetry } from './media-retry.ts'
import { readMex } from './mex.ts'
import { readNewsletter } from './newsletter.ts'
import { NOTHING_TOLD, type NotificationParser } from './notification-reading.ts'
import { readPicture } from './picture.ts'
import { readRegistration } from './registration.ts'
import { readServerNews } from './server.ts'

/** How one type of notification is read. */
export interface KnownNotification {
  readonly read: NotificationParser
  /** All it may tell beside `malformed_stanza`: when nobody would hear any of it, it is not read at all. */
  readonly tells: readonly WaEventType[]
  /** It teaches addresses, so it is read whoever listens. */
  readonly teaches?: boolean
}

/** Acted on elsewhere; nothing to tell. */
const silent: KnownNotification = { read: () => NOTHING_TOLD, tells: [] }

const business: KnownNotification = { read: readBusiness, tells: ['business_status_update', 'notification'] }

/** Every type of notification we know, and what it comes to (protocol document 11, section 2). */
export const NOTIFICATIONS: Readonly<Record<string, KnownNotification>> = {
  'w:gp2': { read: readGroupUpdate, tells: ['group_update', 'groups_dirty', 'notification'] },
  contacts: { read: readContacts, tells: ['contact_updated', 'contact_number_changed', 'contact_sync_requested'], teaches: true },
  picture: { read: readPicture, tells: ['picture_update'] },
  status: { read: readAbout, tells: ['user_about_update'] },
  disappearing_mode: { read: readDisappearingMode, tells: ['disappearing_mode_changed'] },
  business,
  digital_commerce_subscription: business,
  newsletter: { read: readNewsletter, tells: ['newsletter_live_update', 'newsletter_message_update', 'notification'] },
  mex: {
    read: readMex,
    tells: [
      'mex_notification',
      'username_update',
      'own_username_changed',
      'text_status_update',
      'lid_change',
      'message_capping',
      'reachout_timelock_update',
      'newsletter_join',
      'newsletter_leave',
      'newsletter_mute_change',
    ],
  },
  mediaretry: { read: readMediaRetry, tells: ['media_retry'] },
  account_sync: {
    read: readAccountSync,
    tells: [
      'self_push_name_updated',
      'blocklist_changed',
      'picture_update',
      'user_about_update',
      'text_status_update',
      'disappearing_mode_changed',
      'own_username_changed',
      'notification',
    ],
  },
  registration: { read: readRegistration, tells: ['registration_code', 'account_takeover_notice', 'notification'] },
  server: { read: readServerNews, tells: ['notification'] },
  // Devices, identities, tokens and prekeys: their state and events have their own course.
  devices: silent,
  encrypt: silent,
  privacy_token: silent,
  server_sync: silent,
  // Steps of a pairing, which has events of its own.
  link_code_companion_reg: silent,
  companion_reg_refresh: silent,
  passkey_prologue_request: silent,
  crsc_continuation: silent,
}
