import { childOf, childrenOf } from '../../stanza/stanza.ts'
import { NOTHING_TOLD, raw, type NotificationParser } from './notification-reading.ts'

/** `server`: new A/B properties are fetched by whoever keeps them; anything else is told as it is (protocol document 11, section 19). */
export const readServerNews: NotificationParser = (notification) =>
  childOf(notification, 'abprops') && childrenOf(notification).length === 1 ? NOTHING_TOLD : { events: [raw(notification)] }
