import type { GroupMetadata } from '../events/group-metadata.ts'
import { Jid, parseJid } from '../stanza/jid.ts'
import { attributesOf, type AttributeReader } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, type Stanza } from '../stanza/stanza.ts'
import { readGroupParticipants } from './read-group-participant.ts'

/** Most members a description may have (protocol document 12, section 1). */
const MOST_MEMBERS = 19_999
/** Longest life of disappearing messages, in seconds. */
const LONGEST_EPHEMERAL = 2 ** 31 - 1
const MOST_TRIGGER = 20
const MOST_EVOLUTION = 100

const ADD_MODES = ['admin_add', 'all_member_add'] as const
const LINK_MODES = ['admin_link', 'all_member_link'] as const
const SHARE_MODES = ['admin_share', 'all_member_share'] as const
const APPEALS = ['approved', 'in_review', 'none', 'rejected'] as const

/** What is left of a type when its absent fields are allowed to be undefined. */
type Loose<T> = { readonly [Key in keyof T]: T[Key] | undefined }

/** An object without the fields that are absent. */
const present = <T extends object>(fields: Loose<T>): T =>
  // What is left is what is there.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

const oneOf = <Word extends string>(words: readonly Word[], text: string | undefined): Word | undefined => words.find((word) => word === text)

/**
 * Reads a `<group>` or `<community>`, of a notification or of an answer (protocol document 12, section 2);
 * pushes what is wrong into `faults` and returns undefined when it cannot. Unknown children say nothing.
 *
 * @param asked the group it is about, when it need not say so
 */
export const readGroupMetadata = (description: Stanza, faults: string[], asked?: Jid): GroupMetadata | undefined => {
  const read = attributesOf(description)
  const id = asked ?? groupOf(read.optionalText('id'))
  const subject = read.optionalText('subject') ?? ''
  const addressingMode = read.optionalText('addressing_mode') ?? 'pn'
  const people = childrenOf(description, 'participant')
  const size = read.optionalInteger('size')
  if (id?.server !== 'g.us' || id.user === '') faults.push('group: id is not a group')
  if (addressingMode !== 'lid' && addressingMode !== 'pn') faults.push('group: addressing_mode is neither lid nor pn')
  if (people.length > MOST_MEMBERS || (size ?? 0) > MOST_MEMBERS) faults.push(`group: more than ${MOST_MEMBERS} members`)
  const settings = readSettings(description, faults)
  const attributes = readOrigin(read)
  const about = readDescription(childOf(description, 'description'))
  faults.push(...read.faults)
  if (!id || (addressingMode !== 'lid' && addressingMode !== 'pn') || faults.length > 0) return undefined
  return { id, subject, addressingMode, participants: readGroupParticipants(people), ...(size !== undefined && { size }), ...attributes, ...about, ...settings }
}

const groupOf = (id: string | undefined): Jid | undefined => {
  if (id === undefined) return undefined
  return id.includes('@') ? parseJid(id) : new Jid(id, 'g.us')
}

type Origin = Pick<
  GroupMetadata,
  | 'subjectTime'
  | 'subjectOwner'
  | 'subjectOwnerPn'
  | 'subjectOwnerUsername'
  | 'notify'
  | 'creationTime'
  | 'creator'
  | 'creatorPn'
  | 'creatorUsername'
  | 'creatorCountryCode'
  | 'participantVersionId'
  | 'adminVersionId'
  | 'openThreadId'
>

const readOrigin = (read: AttributeReader): Origin =>
  present<Origin>({
    subjectTime: read.optionalInteger('s_t'),
    subjectOwner: read.optionalJid('s_o'),
    subjectOwnerPn: read.optionalJid('s_o_pn'),
    subjectOwnerUsername: read.optionalText('s_o_username'),
    notify: read.optionalText('notify'),
    creationTime: read.optionalInteger('creation'),
    creator: read.optionalJid('creator'),
    creatorPn: read.optionalJid('creator_pn'),
    creatorUsername: read.optionalText('creator_username'),
    creatorCountryCode: read.optionalText('creator_country_code'),
    participantVersionId: read.optionalText('p_v_id'),
    adminVersionId: read.optionalText('a_v_id'),
    openThreadId: read.optionalText('open_thread_id'),
  })

type About = Pick<GroupMetadata, 'description' | 'descriptionId' | 'descriptionTime' | 'descriptionOwner' | 'descriptionOwnerPn' | 'descriptionOwnerUsername'>

const readDescription = (description: Stanza | undefined): About => {
  if (!description) return {}
  const read = attributesOf(description)
  return present<About>({
    description: contentTextOf(childOf(description, 'body')),
    descriptionId: read.optionalText('id'),
    descriptionTime: read.optionalInteger('t'),
    descriptionOwner: read.optionalJid('participant'),
    descriptionOwnerPn: read.optionalJid('participant_pn'),
    descriptionOwnerUsername: read.optionalText('participant_username'),
  })
}

type Settings = Omit<GroupMetadata, keyof Origin | keyof About | 'id' | 'subject' | 'addressingMode' | 'participants' | 'size'>

/** Everything a child says, most of them by being there. */
const readSettings = (description: Stanza, faults: string[]): Settings => {
  const has = (tag: string): boolean => childOf(description, tag) !== undefined
  const at = (tag: string): AttributeReader | undefined => {
    const child = childOf(description, tag)
    return child && attributesOf(child)
  }
  const bounded = (reader: AttributeReader | undefined, name: string, most: number): number | undefined => {
    const value = reader?.optionalInteger(name)
    if (value !== undefined && (value < 0 || value > most)) faults.push(`group: ${name} is not from 0 to ${most}`)
    faults.push(...(reader?.faults.splice(0) ?? []))
    return value
  }
  const modeOf = <Word extends string>(tag: string, words: readonly Word[]): Word | undefined => oneOf(words, contentTextOf(childOf(description, tag)))
  const approval = childOf(description, 'membership_approval_mode')
  const join = approval && childOf(approval, 'group_join')
  const ephemeral = at('ephemeral')
  const locked = at('growth_locked')
  const appeal = at('appeal_status')
  const appealStatus = oneOf(APPEALS, appeal?.optionalText('type'))
  if (appeal && !appealStatus) faults.push('appeal_status: type is none of those known')
  return present<Settings>({
    hasMissingParticipantIdentification: has('missing_participant_identification'),
    isLocked: has('locked'),
    isAnnouncement: has('announcement'),
    ephemeral:
      ephemeral &&
      present<NonNullable<GroupMetadata['ephemeral']>>({ expiration: bounded(ephemeral, 'expiration', LONGEST_EPHEMERAL), trigger: bounded(ephemeral, 'trigger', MOST_TRIGGER) }),
    membershipApproval: join !== undefined && attributesOf(join).optionalText('state') === 'on',
    memberAddMode: modeOf('member_add_mode', ADD_MODES),
    memberLinkMode: modeOf('member_link_mode', LINK_MODES),
    memberShareHistoryMode: modeOf('member_share_group_history_mode', SHARE_MODES),
    noFrequentlyForwarded: has('no_frequently_forwarded'),
    allowAdminReports: has('allow_admin_reports'),
    isParentGroup: has('parent'),
    parentMembershipApprovalRequired: at('parent')?.optionalText('default_membership_approval_mode') === 'request_required',
    parentGroupJid: at('linked_parent')?.optionalJid('jid'),
    isDefaultSubGroup: has('default_sub_group'),
    isGeneralChat: has('general_chat'),
    isHiddenGroup: has('hidden_group'),
    allowNonAdminSubGroupCreation: has('allow_non_admin_sub_group_creation'),
    isSuspended: has('suspended'),
    suspensionCanAutoFile: at('suspended')?.optionalText('can_auto_file') === 'true',
    appealStatus,
    appealUpdateTime: at('appeal_update_time')?.optionalInteger('value'),
    growthLocked: locked && { lockType: locked.optionalText('type') ?? '', expiration: locked.optionalInteger('expiration') ?? 0 },
    isLimitSharingEnabled: has('limit_sharing_enabled'),
    limitSharingTrigger: bounded(at('limit_sharing_enabled'), 'trigger', MOST_TRIGGER),
    isIncognito: has('incognito'),
    hasGroupHistory: has('group_history'),
    isAutoAddDisabled: has('auto_add_disabled'),
    hasCapi: has('capi'),
    hasGroupSafetyCheck: has('group_safety_check'),
    participantLabelEnabled: has('participant_label_enabled'),
    isSupportGroup: has('support'),
    evolutionVersion: bounded(at('evolution_version'), 'value', MOST_EVOLUTION),
  })
}
