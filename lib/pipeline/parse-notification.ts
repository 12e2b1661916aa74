import type { Stanza } from '../stanza/stanza.ts'
import { ackOf } from './answers.ts'
import type { PlainStanza } from './follow-plain.ts'
import { readNotification } from './notifications/read-notification.ts'
import { statedTimeOf, type NotificationParts, type NotificationReading } from './notifications/notification-reading.ts'
import { isAnswerable, nothingOf, type Parsed } from './parsed.ts'
import type { ParseMessageParts } from './parse-message.ts'
import { peopleEvents } from './people-events.ts'
import { stanzaNameOf } from './name-of.ts'
import { optional } from './optional-field.ts'

/**
 * Turns a notification into its events and its acknowledgement.
 *
 * @param followed what was done about it on the way: what it taught, the keys that moved, and its events when
 *   they depend on what was known before
 */
export const parseNotification = (parts: ParseMessageParts, notification: Stanza, followed?: Omit<PlainStanza, 'kind'>): Parsed => {
  // One that does not say when it was sent is dated once, and keeps that date in the inbox.
  const readAtMs = statedTimeOf(notification) ? undefined : parts.nowMs()
  const told = followed?.events ?? peopleEvents(notification, parts.link)
  // News about our account may come several at once.
  const isAlone = told !== undefined && notification.attrs['type'] !== 'account_sync'
  const others = isAlone ? NOTHING_ELSE : readNotification(notification, notificationParts(parts, readAtMs))
  const reading = told ? { ...others, events: [...told, ...others.events.filter(({ type }) => type !== 'notification' && type !== 'malformed_stanza')] } : others
  const learned = followed?.writes ?? []
  const writes = (reading.learned ?? []).flatMap(([one, other]) => parts.learn?.(one, other) ?? [])
  return {
    ...nothingOf(notification),
    ...optional('name', stanzaNameOf(notification)),
    ...optional('readAtMs', readAtMs),
    ...optional('loan', followed?.loan),
    writes: writes.length === 0 ? learned : [...learned, ...writes],
    events: reading.events,
    answers: isAnswerable(notification) ? [ackOf(notification)] : [],
  }
}

const NOTHING_ELSE: NotificationReading = { events: [] }

const notificationParts = ({ isObserved, nowMs, link, ownName, messageCodec }: ParseMessageParts, readAtMs: number | undefined): NotificationParts => ({
  isObserved,
  nowMs: readAtMs === undefined ? nowMs : () => readAtMs,
  link,
  ownName: ownName ?? (() => undefined),
  messageCodec,
})
