import type { GroupUpdateEvent } from '../../events/group-events.ts'
import { isGroup, type Jid } from '../../stanza/jid.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { raw, timeOf, unreadable, type NotificationParser, type NotificationParts } from './notification-reading.ts'
import { readGroupAction } from './read-group-action.ts'

/** Says that somebody could not be named; no action. */
const MISSING = 'missing_participant_identification'

/** `w:gp2`: one event per action, in order, then the notification itself (protocol document 11, section 3). */
export const readGroupUpdate: NotificationParser = (notification, parts) => {
  const { isObserved } = parts
  const read = attributesOf(notification)
  const from = read.jid('from')
  if (read.faults.length > 0) return unreadable(notification, read.faults)
  const itself = isObserved('notification') ? [raw(notification)] : []
  if (!isGroup(from)) {
    // The server of all groups speaks of several (section 3.5); anything else it says is told as it is.
    const dirty = childOf(notification, 'groups_dirty')
    if (!dirty) return { events: itself }
    return isObserved('groups_dirty') ? { events: [{ type: 'groups_dirty', groupJids: groupsIn(dirty) }, ...itself] } : { events: itself }
  }
  return { events: isObserved('group_update') ? [...updatesOf(notification, from, parts), ...itself] : itself }
}

const groupsIn = (dirty: Stanza): readonly Jid[] => childrenOf(dirty, 'group').flatMap((group) => attributesOf(group).optionalJid('jid') ?? [])

const updatesOf = (notification: Stanza, groupJid: Jid, { nowMs }: NotificationParts): readonly GroupUpdateEvent[] => {
  const envelope = readEnvelope(notification, groupJid, nowMs)
  return childrenOf(notification)
    .filter(({ tag }) => tag !== MISSING)
    .map((child, actionIndex): GroupUpdateEvent => ({ ...envelope, actionIndex, action: readGroupAction(child, groupJid) }))
}

/** What all actions of a notification share. */
const readEnvelope = (notification: Stanza, groupJid: Jid, nowMs: () => number): Omit<GroupUpdateEvent, 'actionIndex' | 'action'> => {
  const read = attributesOf(notification)
  return {
    type: 'group_update',
    groupJid,
    ...optional('notificationId', read.optionalText('id')),
    ...optional('notify', read.optionalText('notify')),
    ...optional('offline', read.optionalText('offline')),
    ...optional('participant', read.optionalJid('participant')),
    ...optional('participantPn', read.optionalJid('participant_pn')),
    ...optional('participantUsername', read.optionalText('participant_username')),
    ...optional('participantCountryCode', read.optionalText('participant_country_code')),
    timestamp: timeOf(notification, nowMs),
    isLidAddressingMode: read.optionalText('addressing_mode') === 'lid',
    hasIncompleteParticipantInformation: childOf(notification, MISSING) !== undefined,
  }
}
