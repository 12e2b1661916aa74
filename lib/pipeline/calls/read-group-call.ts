import type { CallAction, GroupCallParticipant, GroupCallUpdate } from '../../events/call-events.ts'
import { attributesOf } from '../../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../../stanza/stanza.ts'
import { numberAt } from '../notifications/notification-reading.ts'
import { optional } from '../optional-field.ts'

/** The `<group_info>` of an offer or a group update; absent when there is none. */
export const readGroupCall = (action: Stanza, { callId, callCreator }: Pick<CallAction, 'callId' | 'callCreator'>): GroupCallUpdate | undefined => {
  const info = childOf(action, 'group_info')
  if (!info) return undefined
  const read = attributesOf(info)
  const upgrade = childOf(action, 'av_upgrade')
  return {
    callId,
    callCreator,
    ...optional('groupJid', read.optionalJid('group-jid')),
    transactionId: numberAt(read, 'transaction-id') ?? 0,
    media: read.optionalText('media') ?? '',
    connectedLimit: numberAt(read, 'connected-limit') ?? 0,
    joinable: read.optionalText('joinable') === '1',
    avUpgradable: upgrade !== undefined && ['1', 'true'].includes(attributesOf(upgrade).optionalText('av-upgradable') ?? ''),
    rekeyRequested: read.optionalText('rekey') === '1',
    participants: childrenOf(info, 'user').flatMap(readParticipant),
  }
}

const readParticipant = (user: Stanza): readonly GroupCallParticipant[] => {
  const read = attributesOf(user)
  const jid = read.optionalJid('jid')
  if (!jid) return []
  return [
    {
      jid,
      ...optional('pn', read.optionalJid('user_pn')),
      ...optional('state', read.optionalText('state')),
      ...optional('type', read.optionalText('type')),
      ...optional('pushName', read.optionalText('push_name')),
      ...optional('username', read.optionalText('username')),
      ...optional('accountKind', read.optionalText('account_kind')),
      ...optional('guestName', read.optionalText('guest_name')),
      devices: childrenOf(user, 'device').flatMap(readDevice),
    },
  ]
}

const readDevice = (device: Stanza): GroupCallParticipant['devices'] => {
  const read = attributesOf(device)
  const jid = read.optionalJid('jid')
  const capability = childOf(device, 'capability')
  if (!jid) return []
  return [
    {
      jid,
      ...optional('platform', read.optionalText('platform')),
      ...optional('pid', numberAt(read, 'pid')),
      ...optional('capabilityVersion', capability && numberAt(attributesOf(capability), 'ver')),
    },
  ]
}
