import { attributesOf } from '../../stanza/read-attributes.ts'
import type { Stanza } from '../../stanza/stanza.ts'
import { NOTHING_TOLD, raw, type NotificationParts, type NotificationReading } from './notification-reading.ts'
import { NOTIFICATIONS } from './notifications.ts'

/** What a notification says; one of a type nobody knows is told as it is. Pure. */
export const readNotification = (notification: Stanza, parts: NotificationParts): NotificationReading => {
  const { isObserved } = parts
  const type = attributesOf(notification).optionalText('type') ?? ''
  const known = Object.hasOwn(NOTIFICATIONS, type) ? NOTIFICATIONS[type] : undefined
  if (!known) return isObserved('notification') ? { events: [raw(notification)] } : NOTHING_TOLD
  if (!known.teaches && !isObserved('malformed_stanza') && !known.tells.some(isObserved)) return NOTHING_TOLD
  return known.read(notification, parts)
}
