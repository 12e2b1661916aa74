import type { Write } from '../store/store.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { ackOf } from './answers.ts'
import { readNotification } from './notifications/read-notification.ts'
import type { NotificationParts } from './notifications/notification-reading.ts'
import { isAnswerable, nothingOf, type Parsed } from './parsed.ts'
import type { ParseMessageParts } from './parse-message.ts'
import { stanzaNameOf } from './name-of.ts'
import { optional } from './optional-field.ts'

/**
 * Turns a notification into its events and its acknowledgement.
 *
 * @param learned what it taught about groups already
 */
export const parseNotification = (parts: ParseMessageParts, notification: Stanza, learned: readonly Write[] = []): Parsed => {
  const reading = readNotification(notification, notificationParts(parts))
  const writes = (reading.learned ?? []).flatMap(([one, other]) => parts.learn?.(one, other) ?? [])
  return {
    ...nothingOf(notification),
    ...optional('name', stanzaNameOf(notification)),
    writes: writes.length === 0 ? learned : [...learned, ...writes],
    events: reading.events,
    answers: isAnswerable(notification) ? [ackOf(notification)] : [],
  }
}

const notificationParts = ({ isObserved, nowMs, link, ownName, messageCodec }: ParseMessageParts): NotificationParts => ({
  isObserved,
  nowMs,
  link,
  ownName: ownName ?? (() => undefined),
  messageCodec,
})
