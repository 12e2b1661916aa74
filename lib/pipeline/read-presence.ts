import type { AccountLink } from '../account/account.ts'
import type { MessageSource } from '../events/message-event.ts'
import type { ChatPresenceEvent, PresenceEvent } from '../events/presence-events.ts'
import type { MalformedStanzaEvent } from '../events/raw-events.ts'
import { isGroup, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { malformed, numberAt } from './notifications/notification-reading.ts'
import { optional } from './optional-field.ts'
import { isOwn } from './read-source.ts'

const LAST_SEEN_KINDS: Readonly<Record<string, PresenceEvent['lastSeenKind']>> = { deny: 'privacy_denied', none: 'never_online' }

/** Reads a `<presence>` (protocol document 11, section 21). */
export const readPresence = (presence: Stanza): PresenceEvent | MalformedStanzaEvent => {
  const read = attributesOf(presence)
  const from = read.jid('from')
  if (read.faults.length > 0) return malformed(presence, read.faults)
  const unavailable = read.optionalText('type') === 'unavailable'
  const last = read.optionalText('last')
  const count = isGroup(from) ? (unavailable ? 0 : numberAt(read, 'count')) : undefined
  return { type: 'presence', from, unavailable, ...readLast(last), ...optional('groupOnlineCount', count) }
}

const readLast = (last: string | undefined): Pick<PresenceEvent, 'lastSeen' | 'lastSeenKind'> => {
  if (last === undefined) return {}
  const lastSeen = new Date(/^\d{1,13}$/.test(last) ? Number(last) * 1000 : NaN)
  if (!Number.isNaN(lastSeen.getTime())) return { lastSeen, lastSeenKind: 'timestamp' }
  return { lastSeenKind: (Object.hasOwn(LAST_SEEN_KINDS, last) ? LAST_SEEN_KINDS[last] : undefined) ?? 'unknown' }
}

/**
 * Reads a `<chatstate>` (protocol document 11, section 20). Nothing for our own echo, which has no `from`, and
 * for states nobody knows.
 */
export const readChatPresence = (chatstate: Stanza, link: Pick<AccountLink, 'id' | 'lid'>): ChatPresenceEvent | MalformedStanzaEvent | undefined => {
  if (chatstate.attrs['from'] === undefined && chatstate.attrs['to'] !== undefined) return undefined
  const composing = childOf(chatstate, 'composing')
  const isPaused = childOf(chatstate, 'paused') !== undefined
  if (!composing && !isPaused) return undefined
  const read = attributesOf(chatstate)
  const from = read.jid('from')
  const participant = read.optionalJid('participant')
  const senderAlt = read.optionalJid('participant_pn')
  if (read.faults.length > 0) return malformed(chatstate, read.faults)
  const sender = participant ?? from
  const source: MessageSource = {
    chat: participant ? from : userOf(from),
    sender,
    isFromMe: isOwn(link, sender),
    isGroup: participant !== undefined,
    ...optional('senderAlt', senderAlt),
  }
  const isAudio = composing !== undefined && attributesOf(composing).optionalText('media') === 'audio'
  return { type: 'chat_presence', source, state: composing ? 'composing' : 'paused', media: isAudio ? 'audio' : 'text' }
}
