import type { GroupParticipantInfo, GroupRole } from '../events/group-metadata.ts'
import { userOf } from '../stanza/jid.ts'
import { attributesOf, type AttributeReader } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'

const ROLES: Readonly<Record<string, GroupRole>> = { admin: 'admin', superadmin: 'superadmin', participant: 'participant' }

const HISTORY_STATES = ['HISTORY_NOT_SENT', 'HISTORY_SENT', 'NOTICE_SENT'] as const

/**
 * Reads `<participant>`s (protocol document 11, section 3; 12, section 2); one without a readable address is
 * left out, an unreadable detail is as good as absent, and an unknown role is that of a plain participant.
 */
export const readGroupParticipants = (participants: readonly Stanza[]): readonly GroupParticipantInfo[] =>
  participants.flatMap((participant) => readParticipant(participant, true))

/** Reads `<requested_user>`s: only who they are. */
export const readRequestedUsers = (users: readonly Stanza[]): readonly GroupParticipantInfo[] => users.flatMap((user) => readParticipant(user, false))

const readParticipant = (participant: Stanza, isMember: boolean): readonly GroupParticipantInfo[] => {
  const read = attributesOf(participant)
  const jid = read.optionalJid('jid')
  if (!jid || jid.user === '') return []
  const phoneNumber = read.optionalJid('phone_number')
  const username = read.optionalText('username') ?? (isMember ? read.optionalText('participant_username') : undefined)
  const identity = { jid: userOf(jid), ...(phoneNumber && { phoneNumber }), ...(username !== undefined && { username }) }
  return [isMember ? { ...identity, ...readMembership(read) } : identity]
}

const readMembership = (read: AttributeReader): Omit<GroupParticipantInfo, 'jid'> => {
  const lid = read.optionalJid('lid')
  const type = read.optionalText('type')
  const displayName = read.optionalText('display_name')
  const joinTime = read.optionalInteger('join_time')
  const groupHistorySentState = readHistoryState(read)
  const label = read.optionalText('participant_label')
  const labelTime = read.optionalInteger('participant_label_mtime')
  const expirationSeconds = read.optionalInteger('expiration')
  return {
    role: (type !== undefined && Object.hasOwn(ROLES, type) ? ROLES[type] : undefined) ?? 'participant',
    ...(lid && { lid }),
    ...(displayName !== undefined && { displayName }),
    ...(joinTime !== undefined && { joinTime }),
    ...(groupHistorySentState && { groupHistorySentState }),
    ...(label !== undefined && { label }),
    ...(labelTime !== undefined && { labelTime }),
    ...(read.optionalText('addressable') === 'false' && { isAddressable: false }),
    ...(expirationSeconds !== undefined && { expirationSeconds }),
  }
}

const readHistoryState = (read: AttributeReader): GroupParticipantInfo['groupHistorySentState'] => {
  const state = read.optionalText('group_history_sent_state')
  if (state !== undefined) return HISTORY_STATES.find((known) => known === state)
  switch (read.optionalText('group_history_sent')) {
    case 'true':
      return 'HISTORY_SENT'
    case 'false':
      return 'HISTORY_NOT_SENT'
    default:
      return undefined
  }
}
