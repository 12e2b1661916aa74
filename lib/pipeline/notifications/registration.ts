import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { raw, timeOf, told, unreadable, type NotificationParser } from './notification-reading.ts'

/** `registration`: somebody registers this number elsewhere; only primary devices see it (protocol document 11, section 19). */
export const readRegistration: NotificationParser = (notification, { nowMs, isObserved }) => {
  const code = childOf(notification, 'wa_old_registration')
  if (code) {
    const read = attributesOf(code)
    const event = { type: 'registration_code', code: read.text('code'), expiresAt: read.instant('expiry_t'), ...optional('fromDeviceId', read.optionalText('device_id')) } as const
    return read.faults.length > 0 ? unreadable(notification, read.faults) : told(event)
  }
  const takeover = childOf(notification, 'device_logout')
  if (takeover) {
    const read = attributesOf(takeover)
    const event = {
      type: 'account_takeover_notice',
      serverToken: read.text('id'),
      attemptTime: takeover.attrs['t'] === undefined ? timeOf(notification, nowMs) : read.instant('t'),
      ...optional('newDeviceName', read.optionalText('device')),
      ...optional('newDevicePlatform', read.optionalText('new_device_platform')),
      ...optional('newDeviceAppVersion', read.optionalText('new_device_app_version')),
    } as const
    return read.faults.length > 0 ? unreadable(notification, read.faults) : told(event)
  }
  return { events: isObserved('notification') ? [raw(notification)] : [] }
}
