import type { NewsletterMessageUpdateEvent } from '../../events/newsletter-events.ts'
import { isNewsletter } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf } from '../../stanza/stanza.ts'
import { raw, unreadable, type NotificationParser } from './notification-reading.ts'
import { kindOfUpdate, readLiveMessages } from './read-live-messages.ts'

/** `newsletter`: live changes of a channel, then the notification itself (protocol document 11, section 15). */
export const readNewsletter: NotificationParser = (notification, { isObserved, messageCodec }) => {
  const read = attributesOf(notification)
  const newsletterJid = read.jid('from')
  if (read.faults.length === 0 && !isNewsletter(newsletterJid)) read.faults.push('notification: from is not a channel')
  if (read.faults.length > 0) return unreadable(notification, read.faults)
  const itself = isObserved('notification') ? [raw(notification)] : []
  const live = childOf(notification, 'live_updates')
  if (!live || !(isObserved('newsletter_live_update') || isObserved('newsletter_message_update'))) return { events: itself }
  const messages = readLiveMessages(live, messageCodec)
  if (messages.length === 0) return { events: itself }
  const each = isObserved('newsletter_message_update')
    ? messages.flatMap((update): readonly NewsletterMessageUpdateEvent[] => {
        const kind = kindOfUpdate(update)
        return kind ? [{ type: 'newsletter_message_update', newsletterJid, serverId: update.serverId, kind, update }] : []
      })
    : []
  const whole = isObserved('newsletter_live_update') ? [{ type: 'newsletter_live_update', newsletterJid, messages } as const] : []
  return { events: [...whole, ...each, ...itself] }
}
