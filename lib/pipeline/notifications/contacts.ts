import type { Jid } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childrenOf } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { instantAt, NOTHING_TOLD, timeOf, told, unreadable, type NotificationParser } from './notification-reading.ts'

/**
 * `contacts`: the first child decides (protocol document 11, section 9). `add`, `remove`, an `update` that only
 * names a hash and anything else are acknowledged and say nothing.
 */
export const readContacts: NotificationParser = (notification, { nowMs }) => {
  const [child] = childrenOf(notification)
  if (!child) return NOTHING_TOLD
  const read = attributesOf(child)
  const timestamp = timeOf(notification, nowMs)
  switch (child.tag) {
    case 'update': {
      const jid = read.optionalJid('jid')
      if (read.faults.length > 0) return unreadable(notification, read.faults)
      return jid ? told({ type: 'contact_updated', jid, timestamp }) : NOTHING_TOLD
    }
    case 'modify': {
      const [oldJid, newJid] = [read.jid('old'), read.jid('new')]
      const [oldLid, newLid] = [read.optionalJid('old_lid'), read.optionalJid('new_lid')]
      if (read.faults.length > 0) return unreadable(notification, read.faults)
      const event = { type: 'contact_number_changed', oldJid, newJid, ...optional('oldLid', oldLid), ...optional('newLid', newLid), timestamp } as const
      // One of them alone could be the wrong one.
      const learned: readonly (readonly [Jid, Jid])[] = oldLid && newLid ? [[oldLid, oldJid], [newLid, newJid]] : []
      return { events: [event], learned }
    }
    case 'sync':
      return told({ type: 'contact_sync_requested', ...optional('after', instantAt(read, 'after')), timestamp })
    default:
      return NOTHING_TOLD
  }
}
