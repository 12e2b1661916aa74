import type { Write } from '../store/store.ts'
import type { Stanza } from '../stanza/stanza.ts'
import { ackOf } from './answers.ts'
import { readNotification } from './notifications/read-notification.ts'
import { statedTimeOf, type NotificationParts } from './notifications/notification-reading.ts'
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
  // One that does not say when it was sent is dated once, and keeps that date in the inbox.
  const readAtMs = statedTimeOf(notification) ? undefined : parts.nowMs()
  const reading = readNotification(notification, notificationParts(parts, readAtMs))
  const writes = (reading.learned ?? []).flatMap(([one, other]) => parts.learn?.(one, other) ?? [])
  return {
    ...nothingOf(notification),
    ...optional('name', stanzaNameOf(notification)),
    ...optional('readAtMs', readAtMs),
    writes: writes.length === 0 ? learned : [...learned, ...writes],
    events: reading.events,
    answers: isAnswerable(notification) ? [ackOf(notification)] : [],
  }
}

const notificationParts = ({ isObserved, nowMs, link, ownName, messageCodec }: ParseMessageParts, readAtMs: number | undefined): NotificationParts => ({
  isObserved,
  nowMs: readAtMs === undefined ? nowMs : () => readAtMs,
  link,
  ownName: ownName ?? (() => undefined),
  messageCodec,
})
