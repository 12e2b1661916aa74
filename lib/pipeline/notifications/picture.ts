import { attributesOf } from '../../stanza/read-attributes.ts'
import { childrenOf } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { NOTHING_TOLD, timeOf, told, unreadable, type NotificationParser } from './notification-reading.ts'

/**
 * `picture`: set or removed (protocol document 11, section 10). A notification without children is a removal;
 * a set that names a hash instead of an address is about the sender. `request` and `set_avatar` say nothing.
 */
export const readPicture: NotificationParser = (notification, { nowMs }) => {
  const [child] = childrenOf(notification)
  const envelope = attributesOf(notification)
  const from = envelope.jid('from')
  const read = child ? attributesOf(child) : envelope
  const jid = read.optionalJid('jid') ?? from
  const author = read.optionalJid('author')
  const faults = [...envelope.faults, ...(child ? read.faults : [])]
  if (faults.length > 0) return unreadable(notification, faults)
  const timestamp = timeOf(notification, nowMs)
  switch (child?.tag) {
    case 'set':
    case 'add':
      return told({ type: 'picture_update', jid, ...optional('author', author), timestamp, removed: false, ...optional('pictureId', read.optionalText('id')) })
    case 'delete':
    case undefined:
      return told({ type: 'picture_update', jid, ...optional('author', child && author), timestamp, removed: true })
    default:
      return NOTHING_TOLD
  }
}
