import type { AccountLink } from '../../account/account.ts'
import type { MalformedStanzaEvent, NotificationEvent } from '../../events/raw-events.ts'
import type { WaEvent, WaEventType } from '../../events/wa-event.ts'
import type { Message } from '../../proto/types.generated.ts'
import type { ProtoCodec } from '../../proto/codec.ts'
import type { Jid } from '../../stanza/jid.ts'
import type { AttributeReader } from '../../stanza/read-attributes.ts'
import type { Stanza } from '../../stanza/stanza.ts'

/** What a notification says. */
export interface NotificationReading {
  /** In the order they are told. */
  readonly events: readonly WaEvent[]
  /** Pairs of addresses of one person, to be remembered. */
  readonly learned?: readonly (readonly [Jid, Jid])[]
}

/** What reading a notification needs to know of the client. */
export interface NotificationParts {
  /** Whether anybody would get an event of this type; nothing is built for nobody. */
  readonly isObserved: (type: WaEventType) => boolean
  readonly nowMs: () => number
  readonly link: () => Pick<AccountLink, 'id' | 'lid'>
  /** Our own push name, when it is known. */
  readonly ownName: () => string | undefined
  /** Reads messages that are not encrypted; undefined when it is not at hand. */
  readonly messageCodec: ProtoCodec<Message> | undefined
}

/** Reads one type of notification; pure. */
export type NotificationParser = (notification: Stanza, parts: NotificationParts) => NotificationReading

/** A notification that tells the user nothing. */
export const NOTHING_TOLD: NotificationReading = { events: [] }

/** One event. */
export const told = (event: WaEvent): NotificationReading => ({ events: [event] })

/** The notification itself, for whoever knows more than we do. */
export const raw = (node: Stanza): NotificationEvent => ({ type: 'notification', node })

/** A notification that cannot be read, with all that is wrong. */
export const unreadable = (node: Stanza, faults: readonly string[]): NotificationReading => told(malformed(node, faults))

/** The same as an event. */
export const malformed = (node: Stanza, faults: readonly string[]): MalformedStanzaEvent => ({ type: 'malformed_stanza', node, faults })

/** When a notification says it was sent; undefined when it does not say, or nothing sensible. */
export const statedTimeOf = ({ attrs }: Stanza): Date | undefined => {
  const { t } = attrs
  const date = new Date(typeof t === 'string' && /^\d{1,13}$/.test(t) ? Number(t) * 1000 : NaN)
  return Number.isNaN(date.getTime()) ? undefined : date
}

/** When a notification was sent; now when it does not say (protocol document 11, section 1). */
export const timeOf = (notification: Stanza, nowMs: () => number): Date => statedTimeOf(notification) ?? new Date(nowMs())

/** A number that may be absent; one that cannot be read is as good as absent. */
export const numberAt = (read: AttributeReader, name: string): number | undefined => {
  const value = read.optionalInteger(name)
  return value !== undefined && value >= 0 ? value : undefined
}

/** An instant that may be absent; one that cannot be read is as good as absent. */
export const instantAt = (read: AttributeReader, name: string): Date | undefined => read.optionalInstant(name)
