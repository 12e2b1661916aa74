import { describe, expect, it } from '@jest/globals'

import type { GroupUpdateEvent } from '../../../lib/events/group-events.ts'
import { groupActionTags } from '../../../lib/pipeline/notifications/read-group-action.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../../lib/stanza/stanza.ts'
import { NOW, parsedOf } from '../parts.ts'

const GROUP = toJid('120363000000000001@g.us')
const OTHER = toJid('120363000000000002@g.us')
const [ana, ben] = [toJid('90010001@lid'), toJid('90010002@lid')]
const benPn = toJid('15550100002@s.whatsapp.net')

const notification = (children: readonly Stanza[], more: Parameters<typeof stanza>[1] = {}): Stanza =>
  stanza('notification', { type: 'w:gp2', id: 'N', from: GROUP, t: '1767225600', participant: ana, ...more }, children)
const updatesOf = (stanza: Stanza): readonly GroupUpdateEvent[] => parsedOf(stanza).events.filter((event) => event.type === 'group_update')
const actionOf = (child: Stanza): unknown => updatesOf(notification([child]))[0]!.action

const member = (more: Parameters<typeof stanza>[1] = {}): Stanza => stanza('participant', { jid: ben, phone_number: benPn, ...more })
const aMember = { jid: ben, phoneNumber: benPn, role: 'participant' }
const people = { participants: [aMember] }
const suggestion = stanza('sub_group_suggestion', { jid: OTHER, creator: ana, creation: '9', reason: 'why' }, [
  stanza('subject', {}, 'New'),
  stanza('description', {}, [stanza('body', {}, 'About')]),
  stanza('participant_count', {}, '3'),
  stanza('is_existing_group'),
])
const suggested = { jid: OTHER, creator: ana, creationTime: 9, reason: 'why', subject: 'New', description: 'About', participantCount: 3, isExistingGroup: true, isHidden: false }
const linked = stanza('group', { jid: OTHER, subject: 'Sub', s_t: '5' }, [stanza('hidden_group')])

/** Every action, by its tag on the wire (protocol document 11, section 3.1). */
const ACTIONS: Readonly<Record<string, readonly [Stanza, unknown]>> = {
  add: [stanza('add', { reason: 'invite', v_id: '1' }, [member()]), { type: 'add', ...people, reason: 'invite' }],
  remove: [stanza('remove', {}, [member()]), { type: 'remove', ...people }],
  promote: [stanza('promote', {}, [member({ type: 'admin' })]), { type: 'promote', participants: [{ ...aMember, role: 'admin' }] }],
  demote: [stanza('demote', {}, [member()]), { type: 'demote', ...people }],
  modify: [stanza('modify', {}, [member()]), { type: 'modify', ...people }],
  linked_group_promote: [stanza('linked_group_promote', { jid: OTHER }, [member()]), { type: 'linked_group_promote', ...people, contextGroupJid: OTHER }],
  linked_group_demote: [stanza('linked_group_demote', {}, [member()]), { type: 'linked_group_demote', ...people }],
  subject: [
    stanza('subject', { subject: 'Trip', s_t: '7', s_o: ben, s_o_pn: benPn, s_o_username: 'ben', parent_group_jid: OTHER }),
    { type: 'subject', subject: 'Trip', subjectTime: 7, subjectOwner: ben, subjectOwnerPn: benPn, subjectOwnerUsername: 'ben', parentGroupJid: OTHER },
  ],
  description: [stanza('description', { id: 'D' }, [stanza('body', {}, 'About')]), { type: 'description', id: 'D', description: 'About' }],
  locked: [stanza('locked', { threshold: '100' }), { type: 'locked', threshold: '100' }],
  unlocked: [stanza('unlocked'), { type: 'unlocked' }],
  announcement: [stanza('announcement', { v_id: '1' }), { type: 'announcement' }],
  not_announcement: [stanza('not_announcement'), { type: 'not_announcement' }],
  ephemeral: [stanza('ephemeral', { expiration: '86400', trigger: '1' }), { type: 'ephemeral', expiration: 86_400, trigger: 1 }],
  not_ephemeral: [stanza('not_ephemeral'), { type: 'ephemeral', expiration: 0 }],
  membership_approval_mode: [stanza('membership_approval_mode', {}, [stanza('group_join', { state: 'on' })]), { type: 'membership_approval_mode', enabled: true }],
  membership_approval_request: [stanza('membership_approval_request', { request_method: 'novelty' }), { type: 'membership_approval_request', requestMethod: 'invite_link' }],
  created_membership_requests: [
    stanza('created_membership_requests', { request_method: 'non_admin_add', parent_group_jid: OTHER }, [stanza('requested_user', { jid: ben, phone_number: benPn, username: 'ben', type: 'admin' })]),
    { type: 'created_membership_requests', requestMethod: 'non_admin_add', parentGroupJid: OTHER, requests: [{ jid: ben, phoneNumber: benPn, username: 'ben' }] },
  ],
  revoked_membership_requests: [stanza('revoked_membership_requests', {}, [member(), stanza('participant')]), { type: 'revoked_membership_requests', participants: [ben] }],
  member_add_mode: [stanza('member_add_mode', {}, 'all_member_add'), { type: 'member_add_mode', mode: 'all_member_add' }],
  no_frequently_forwarded: [stanza('no_frequently_forwarded'), { type: 'no_frequently_forwarded' }],
  frequently_forwarded_ok: [stanza('frequently_forwarded_ok'), { type: 'frequently_forwarded_ok' }],
  invite: [stanza('invite', { code: 'CODE' }), { type: 'invite', code: 'CODE' }],
  revoke: [stanza('revoke', {}, [member()]), { type: 'revoke', ...people }],
  growth_locked: [stanza('growth_locked', { expiration: '60', type: 'invite' }), { type: 'growth_locked', expiration: 60, lockType: 'invite' }],
  growth_unlocked: [stanza('growth_unlocked'), { type: 'growth_unlocked' }],
  create: [
    stanza('create', { type: 'new', key: 'K', reason: 'invite', create_ctx: 'regular', context_group_jid: OTHER }, [stanza('group', { id: '120363000000000001', subject: 'Trip' })]),
    expect.objectContaining({ type: 'create', createType: 'new', key: 'K', reason: 'invite', createContext: 'regular', contextGroupJid: OTHER, metadata: expect.objectContaining({ subject: 'Trip', id: GROUP }) }),
  ],
  delete: [stanza('delete', { reason: 'delete_parent' }), { type: 'delete', reason: 'delete_parent' }],
  link: [stanza('link', { link_type: 'sub_group' }, [linked]), expect.objectContaining({ type: 'link', linkType: 'sub_group', groups: [{ jid: OTHER, subject: 'Sub', subjectTime: 5, isHidden: true }] })],
  unlink: [
    stanza('unlink', { unlink_type: 'parent_group', unlink_reason: 'delete_parent' }, [stanza('group', { jid: OTHER })]),
    expect.objectContaining({ type: 'unlink', unlinkType: 'parent_group', unlinkReason: 'delete_parent', groups: [{ jid: OTHER, isHidden: false }] }),
  ],
  suspended: [stanza('suspended'), { type: 'suspended' }],
  unsuspended: [stanza('unsuspended'), { type: 'unsuspended' }],
  auto_add_disabled: [stanza('auto_add_disabled'), { type: 'auto_add_disabled' }],
  is_capi_hosted_group: [stanza('is_capi_hosted_group'), { type: 'is_capi_hosted_group' }],
  group_safety_check: [stanza('group_safety_check'), { type: 'group_safety_check' }],
  reports: [stanza('reports'), { type: 'reports' }],
  limit_sharing_enabled: [stanza('limit_sharing_enabled', { trigger: '2' }), { type: 'limit_sharing_enabled', trigger: 2 }],
  allow_admin_reports: [stanza('allow_admin_reports', { triggered: '1' }), { type: 'allow_admin_reports' }],
  not_allow_admin_reports: [stanza('not_allow_admin_reports'), { type: 'not_allow_admin_reports' }],
  allow_non_admin_sub_group_creation: [stanza('allow_non_admin_sub_group_creation'), { type: 'allow_non_admin_sub_group_creation' }],
  not_allow_non_admin_sub_group_creation: [stanza('not_allow_non_admin_sub_group_creation'), { type: 'not_allow_non_admin_sub_group_creation' }],
  created_sub_group_suggestion: [stanza('created_sub_group_suggestion', {}, [suggestion]), expect.objectContaining({ type: 'created_sub_group_suggestion', suggestions: [suggested] })],
  revoked_sub_group_suggestions: [
    stanza('revoked_sub_group_suggestions', {}, [stanza('sub_group_suggestion', { jid: OTHER })]),
    expect.objectContaining({ type: 'revoked_sub_group_suggestions', suggestions: [{ jid: OTHER, isExistingGroup: false, isHidden: false }] }),
  ],
  change_number: [stanza('change_number', { jid: ben }, [stanza('sub_group_suggestion', { jid: OTHER })]), { type: 'change_number', newOwner: ben, subGroupSuggestions: [OTHER] }],
}

describe('actions of a group', () => {
  it('are all here', () => expect(Object.keys(ACTIONS).sort()).toEqual([...groupActionTags].sort()))

  it.each(Object.entries(ACTIONS))('%s', (_, [child, action]) => expect(actionOf(child)).toEqual(action))

  it.each([
    ['a tag nobody knows', stanza('constructor'), { type: 'unknown', tag: 'constructor' }],
    ['a description that was deleted', stanza('description', { id: 'D' }, [stanza('delete')]), { type: 'description', id: 'D' }],
    ['an empty description', stanza('description', { id: 'D' }, [stanza('body')]), { type: 'description', id: 'D', description: '' }],
    ['a group without a name', stanza('subject', { subject: '' }), { type: 'subject', subject: '' }],
    ['a life too long to be one', stanza('ephemeral', { expiration: '4294967296', trigger: 'x' }), { type: 'ephemeral', expiration: 0 }],
    ['a growth lock without details', stanza('growth_locked'), { type: 'growth_locked' }],
    ['a group nobody can describe', stanza('create', {}, [stanza('group', { addressing_mode: 'novelty' })]), expect.not.objectContaining({ metadata: expect.anything() })],
  ])('%s', (_, child, action) => expect(actionOf(child)).toEqual(action))
})

describe('members', () => {
  it.each([
    [{ type: 'superadmin' }, { role: 'superadmin' }],
    [{ type: 'toString' }, { role: 'participant' }],
    [{ participant_username: 'ben' }, { username: 'ben' }],
    [{ username: 'one', participant_username: 'other' }, { username: 'one' }],
    [{ display_name: '+1∙∙∙02', join_time: '3' }, { displayName: '+1∙∙∙02', joinTime: 3 }],
    [{ group_history_sent_state: 'NOTICE_SENT' }, { groupHistorySentState: 'NOTICE_SENT' }],
    [{ group_history_sent: 'true' }, { groupHistorySentState: 'HISTORY_SENT' }],
    [{ group_history_sent: 'false' }, { groupHistorySentState: 'HISTORY_NOT_SENT' }],
    [{ group_history_sent_state: 'novelty', group_history_sent: 'true' }, {}],
    [{ participant_label: 'Guide', participant_label_mtime: '4' }, { label: 'Guide', labelTime: 4 }],
    [{ addressable: 'false' }, { isAddressable: false }],
    [{ addressable: 'true' }, {}],
    [{ expiration: '60' }, { expirationSeconds: 60 }],
    [{ lid: ana }, { lid: ana }],
    [{ join_time: 'soon', lid: '@' }, {}],
  ])('%j', (attributes, expected) => expect(actionOf(stanza('add', {}, [member(attributes)]))).toEqual({ type: 'add', participants: [{ ...aMember, ...expected }] }))

  it('without an address are left out', () => expect(actionOf(stanza('add', {}, [stanza('participant'), stanza('participant', { jid: 'nobody' })]))).toEqual({ type: 'add', participants: [] }))
})

describe('the notification of a group', () => {
  it('tells one event per child, all with the same envelope, then itself', () => {
    const received = notification([stanza('locked'), stanza('missing_participant_identification'), stanza('novelty')], {
      notify: 'Ana',
      offline: '3',
      participant_pn: '15550100001@s.whatsapp.net',
      participant_username: 'ana',
      participant_country_code: 'BR',
      addressing_mode: 'lid',
    })
    const envelope = {
      type: 'group_update',
      groupJid: GROUP,
      notificationId: 'N',
      notify: 'Ana',
      offline: '3',
      participant: ana,
      participantPn: toJid('15550100001@s.whatsapp.net'),
      participantUsername: 'ana',
      participantCountryCode: 'BR',
      timestamp: new Date(1_767_225_600_000),
      isLidAddressingMode: true,
      hasIncompleteParticipantInformation: true,
    }
    expect(parsedOf(received).events).toEqual([
      { ...envelope, actionIndex: 0, action: { type: 'locked' } },
      { ...envelope, actionIndex: 1, action: { type: 'unknown', tag: 'novelty' } },
      { type: 'notification', node: received },
    ])
  })

  it.each(['', 'noon', '-1', '99999999999999'])('dated %j was sent now', (t) => expect(updatesOf(notification([stanza('locked')], { t }))[0]!.timestamp).toEqual(NOW))

  it('is built for whoever wants it, and not at all for nobody', () => {
    const kinds = (...observed: readonly string[]) => parsedOf(notification([stanza('locked')]), { isObserved: (type) => observed.includes(type) }).events.map(({ type }) => type)
    expect(kinds()).toEqual([])
    expect(kinds('group_update')).toEqual(['group_update'])
    expect(kinds('notification', 'presence')).toEqual(['notification'])
  })

  it('is acknowledged, whoever listens', () =>
    expect(parsedOf(notification([]), { isObserved: () => false }).answers).toMatchObject([{ tag: 'ack', attrs: { class: 'notification', type: 'w:gp2', to: GROUP, participant: ana } }]))

  it('of no group is told as unreadable', () => expect(parsedOf(notification([], { from: undefined })).events).toMatchObject([{ type: 'malformed_stanza', faults: ['notification: from is missing'] }]))

  it('from the server of groups names those that are outdated', () => {
    const dirty = notification([stanza('groups_dirty', {}, [stanza('group', { jid: GROUP }), stanza('group')])], { from: 'g.us' })
    expect(parsedOf(dirty).events).toMatchObject([{ type: 'groups_dirty', groupJids: [GROUP] }, { type: 'notification' }])
    expect(parsedOf(notification([stanza('novelty')], { from: 'g.us' })).events).toMatchObject([{ type: 'notification' }])
  })
})
