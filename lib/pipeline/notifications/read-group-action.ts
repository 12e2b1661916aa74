import type { GroupAction, LinkedGroup, PlainGroupActionType, RequestMethod, SubGroupSuggestion } from '../../events/group-events.ts'
import { readGroupMetadata } from '../../requests/read-group-metadata.ts'
import { readGroupParticipants, readRequestedUsers } from '../../requests/read-group-participant.ts'
import type { Jid } from '../../stanza/jid.ts'
import { attributesOf, type AttributeReader } from '../../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, type Stanza } from '../../stanza/stanza.ts'
import { optional } from '../optional-field.ts'
import { numberAt } from './notification-reading.ts'

type ReadAction = (child: Stanza, read: AttributeReader, group: Jid) => GroupAction

const plain = (type: PlainGroupActionType): ReadAction => {
  const action: GroupAction = Object.freeze({ type })
  return () => action
}

const LARGEST_U32 = 2 ** 32 - 1
const u32 = (read: AttributeReader, name: string): number | undefined => {
  const value = numberAt(read, name)
  return value !== undefined && value <= LARGEST_U32 ? value : undefined
}

const METHODS: readonly RequestMethod[] = ['invite_link', 'linked_group_join', 'non_admin_add']
const methodOf = (read: AttributeReader): RequestMethod => METHODS.find((method) => method === read.optionalText('request_method')) ?? 'invite_link'

const participantsIn = (child: Stanza) => readGroupParticipants(childrenOf(child, 'participant'))

const jidsIn = (child: Stanza, tag: string): readonly Jid[] => childrenOf(child, tag).flatMap((item) => attributesOf(item).optionalJid('jid') ?? [])

const joined =
  (type: 'add' | 'remove'): ReadAction =>
  (child, read) => ({ type, participants: participantsIn(child), ...optional('reason', read.optionalText('reason')) })

const changed =
  (type: 'promote' | 'demote' | 'modify' | 'linked_group_promote' | 'linked_group_demote'): ReadAction =>
  (child, read) => ({ type, participants: participantsIn(child), ...optional('contextGroupJid', type.startsWith('linked') ? read.optionalJid('jid') : undefined) })

const groupsIn = (child: Stanza): readonly LinkedGroup[] =>
  childrenOf(child, 'group').flatMap((group): readonly LinkedGroup[] => {
    const read = attributesOf(group)
    const jid = read.optionalJid('jid')
    if (!jid) return []
    return [{ jid, ...optional('subject', read.optionalText('subject')), ...optional('subjectTime', numberAt(read, 's_t')), isHidden: childOf(group, 'hidden_group') !== undefined }]
  })

const suggestionsIn = (child: Stanza): readonly SubGroupSuggestion[] =>
  childrenOf(child, 'sub_group_suggestion').flatMap((suggestion): readonly SubGroupSuggestion[] => {
    const read = attributesOf(suggestion)
    const jid = read.optionalJid('jid')
    if (!jid) return []
    const text = (tag: string): string | undefined => contentTextOf(childOf(suggestion, tag))
    const description = childOf(suggestion, 'description')
    const count = text('participant_count')
    return [
      {
        jid,
        ...optional('subject', text('subject')),
        ...optional('description', contentTextOf(description && childOf(description, 'body'))),
        ...optional('creator', read.optionalJid('creator')),
        ...optional('creationTime', numberAt(read, 'creation')),
        ...optional('reason', read.optionalText('reason')),
        ...optional('participantCount', count !== undefined && /^\d{1,9}$/.test(count) ? Number(count) : undefined),
        isExistingGroup: childOf(suggestion, 'is_existing_group') !== undefined,
        isHidden: childOf(suggestion, 'hidden_group') !== undefined,
      },
    ]
  })

const suggested =
  (type: 'created_sub_group_suggestion' | 'revoked_sub_group_suggestions'): ReadAction =>
  (child) => ({ type, suggestions: suggestionsIn(child), raw: child })

const created: ReadAction = (child, read, group) => {
  const description = childOf(child, 'group') ?? childOf(child, 'community')
  const metadata = description && readGroupMetadata(description, [], group)
  return {
    type: 'create',
    raw: child,
    ...(metadata && { metadata }),
    ...optional('reason', read.optionalText('reason')),
    ...optional('key', read.optionalText('key')),
    ...optional('createType', read.optionalText('type')),
    ...optional('createContext', read.optionalText('create_ctx')),
    ...optional('contextGroupJid', read.optionalJid('context_group_jid')),
  }
}

/** What a child of a group's notification says, by its tag (protocol document 11, section 3.1). */
const ACTIONS: Readonly<Record<string, ReadAction>> = {
  add: joined('add'),
  remove: joined('remove'),
  promote: changed('promote'),
  demote: changed('demote'),
  modify: changed('modify'),
  linked_group_promote: changed('linked_group_promote'),
  linked_group_demote: changed('linked_group_demote'),
  subject: (_, read) => ({
    type: 'subject',
    subject: read.optionalText('subject') ?? '',
    ...optional('subjectOwner', read.optionalJid('s_o')),
    ...optional('subjectOwnerPn', read.optionalJid('s_o_pn')),
    ...optional('subjectOwnerUsername', read.optionalText('s_o_username')),
    ...optional('subjectTime', numberAt(read, 's_t')),
    ...optional('parentGroupJid', read.optionalJid('parent_group_jid')),
  }),
  description: (child, read) => ({
    type: 'description',
    id: read.optionalText('id') ?? '',
    // An element without content stands for an empty text.
    ...optional('description', childOf(child, 'delete') ? undefined : childOf(child, 'body') && (contentTextOf(childOf(child, 'body')) ?? '')),
  }),
  locked: (_, read) => ({ type: 'locked', ...optional('threshold', read.optionalText('threshold')) }),
  unlocked: plain('unlocked'),
  announcement: plain('announcement'),
  not_announcement: plain('not_announcement'),
  ephemeral: (_, read) => ({ type: 'ephemeral', expiration: u32(read, 'expiration') ?? 0, ...optional('trigger', u32(read, 'trigger')) }),
  not_ephemeral: () => ({ type: 'ephemeral', expiration: 0 }),
  membership_approval_mode: (child) => {
    const join = childOf(child, 'group_join')
    return { type: 'membership_approval_mode', enabled: join !== undefined && attributesOf(join).optionalText('state') === 'on' }
  },
  membership_approval_request: (_, read) => ({
    type: 'membership_approval_request',
    requestMethod: methodOf(read),
    ...optional('parentGroupJid', read.optionalJid('parent_group_jid')),
  }),
  created_membership_requests: (child, read) => ({
    type: 'created_membership_requests',
    requestMethod: methodOf(read),
    ...optional('parentGroupJid', read.optionalJid('parent_group_jid')),
    requests: readRequestedUsers(childrenOf(child, 'requested_user')),
  }),
  revoked_membership_requests: (child) => ({ type: 'revoked_membership_requests', participants: jidsIn(child, 'participant') }),
  member_add_mode: (child) => ({ type: 'member_add_mode', mode: contentTextOf(child) ?? '' }),
  no_frequently_forwarded: plain('no_frequently_forwarded'),
  frequently_forwarded_ok: plain('frequently_forwarded_ok'),
  invite: (_, read) => ({ type: 'invite', ...optional('code', read.optionalText('code')) }),
  revoke: (child) => ({ type: 'revoke', participants: participantsIn(child) }),
  growth_locked: (_, read) => ({ type: 'growth_locked', ...optional('expiration', numberAt(read, 'expiration')), ...optional('lockType', read.optionalText('type')) }),
  growth_unlocked: plain('growth_unlocked'),
  create: created,
  delete: (_, read) => ({ type: 'delete', ...optional('reason', read.optionalText('reason')) }),
  link: (child, read) => ({ type: 'link', linkType: read.optionalText('link_type') ?? '', groups: groupsIn(child), raw: child }),
  unlink: (child, read) => ({
    type: 'unlink',
    unlinkType: read.optionalText('unlink_type') ?? '',
    ...optional('unlinkReason', read.optionalText('unlink_reason')),
    groups: groupsIn(child),
    raw: child,
  }),
  suspended: plain('suspended'),
  unsuspended: plain('unsuspended'),
  auto_add_disabled: plain('auto_add_disabled'),
  is_capi_hosted_group: plain('is_capi_hosted_group'),
  group_safety_check: plain('group_safety_check'),
  reports: plain('reports'),
  limit_sharing_enabled: (_, read) => ({ type: 'limit_sharing_enabled', ...optional('trigger', u32(read, 'trigger')) }),
  allow_admin_reports: plain('allow_admin_reports'),
  not_allow_admin_reports: plain('not_allow_admin_reports'),
  allow_non_admin_sub_group_creation: plain('allow_non_admin_sub_group_creation'),
  not_allow_non_admin_sub_group_creation: plain('not_allow_non_admin_sub_group_creation'),
  created_sub_group_suggestion: suggested('created_sub_group_suggestion'),
  revoked_sub_group_suggestions: suggested('revoked_sub_group_suggestions'),
  change_number: (child, read) => ({ type: 'change_number', ...optional('newOwner', read.optionalJid('jid')), subGroupSuggestions: jidsIn(child, 'sub_group_suggestion') }),
}

/** Tags of all actions there are. */
export const groupActionTags: readonly string[] = Object.keys(ACTIONS)

/** What one child says; unreadable details are as good as absent. */
export const readGroupAction = (child: Stanza, group: Jid): GroupAction => {
  const read = Object.hasOwn(ACTIONS, child.tag) ? ACTIONS[child.tag] : undefined
  return read ? read(child, attributesOf(child), group) : { type: 'unknown', tag: child.tag }
}
