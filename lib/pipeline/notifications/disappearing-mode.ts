import { userOf } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf } from '../../stanza/stanza.ts'
import { told, unreadable, type NotificationParser } from './notification-reading.ts'

/** `disappearing_mode`: how long new chats with somebody keep their messages (protocol document 11, section 13). */
export const readDisappearingMode: NotificationParser = (notification) => {
  const envelope = attributesOf(notification)
  const from = envelope.jid('from')
  const child = childOf(notification, 'disappearing_mode')
  if (!child) return unreadable(notification, [...envelope.faults, 'notification: disappearing_mode is missing'])
  const read = attributesOf(child)
  const settingTimestamp = read.instant('t')
  const duration = read.optionalInteger('duration') ?? 0
  const faults = [...envelope.faults, ...read.faults]
  return faults.length > 0 ? unreadable(notification, faults) : told({ type: 'disappearing_mode_changed', from: userOf(from), duration, settingTimestamp })
}
