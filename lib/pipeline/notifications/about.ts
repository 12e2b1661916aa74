import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf, contentTextOf } from '../../stanza/stanza.ts'
import { NOTHING_TOLD, timeOf, told, unreadable, type NotificationParser } from './notification-reading.ts'

/**
 * `status`: the text somebody shows about themselves (protocol document 11, section 11). Without a `set`, or
 * with one that names a contact by its hash only, it says nothing.
 */
export const readAbout: NotificationParser = (notification, { nowMs }) => {
  const read = attributesOf(notification)
  const jid = read.jid('from')
  if (read.faults.length > 0) return unreadable(notification, read.faults)
  const set = childOf(notification, 'set')
  const text = contentTextOf(set)
  if (!set || (text === undefined && set.attrs['hash'] !== undefined)) return NOTHING_TOLD
  // An element without content stands for an empty text.
  return told({ type: 'user_about_update', jid, status: text ?? '', timestamp: timeOf(notification, nowMs) })
}
