import { describe, expect, it } from '@jest/globals'

import { readGroupMetadata } from '../../lib/requests/read-group-metadata.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'

const GROUP = toJid('120363000000000001@g.us')
const ana = toJid('90010001@lid')

const read = (attributes: Parameters<typeof stanza>[1] = {}, children: readonly Stanza[] = []) => {
  const faults: string[] = []
  return { metadata: readGroupMetadata(stanza('group', { id: '120363000000000001', subject: 'Trip', ...attributes }, children), faults), faults }
}

/** What a group without any child is. */
const PLAIN = {
  id: GROUP,
  subject: 'Trip',
  addressingMode: 'pn',
  participants: [],
  hasMissingParticipantIdentification: false,
  isLocked: false,
  isAnnouncement: false,
  membershipApproval: false,
  noFrequentlyForwarded: false,
  allowAdminReports: false,
  isParentGroup: false,
  parentMembershipApprovalRequired: false,
  isDefaultSubGroup: false,
  isGeneralChat: false,
  isHiddenGroup: false,
  allowNonAdminSubGroupCreation: false,
  isSuspended: false,
  suspensionCanAutoFile: false,
  isLimitSharingEnabled: false,
  isIncognito: false,
  hasGroupHistory: false,
  isAutoAddDisabled: false,
  hasCapi: false,
  hasGroupSafetyCheck: false,
  participantLabelEnabled: false,
  isSupportGroup: false,
}

describe('the description of a group', () => {
  it('has every switch, and nothing the server did not send', () => expect(read()).toEqual({ metadata: PLAIN, faults: [] }))

  it('takes everything from its attributes', () => {
    const { metadata } = read({
      id: GROUP.toString(),
      s_t: '1', s_o: ana, s_o_pn: '15550100001@s.whatsapp.net', s_o_username: 'ana', notify: 'n', size: '2', addressing_mode: 'lid', creation: '3', creator: ana,
      creator_pn: '15550100001@s.whatsapp.net', creator_username: 'ana', creator_country_code: 'BR', p_v_id: 'p', a_v_id: 'a', open_thread_id: 'o',
    })
    const pn = toJid('15550100001@s.whatsapp.net')
    expect(metadata).toEqual({
      ...PLAIN,
      subjectTime: 1, subjectOwner: ana, subjectOwnerPn: pn, subjectOwnerUsername: 'ana', notify: 'n', size: 2, addressingMode: 'lid', creationTime: 3, creator: ana,
      creatorPn: pn, creatorUsername: 'ana', creatorCountryCode: 'BR', participantVersionId: 'p', adminVersionId: 'a', openThreadId: 'o',
    })
  })

  it.each<readonly [Stanza, object]>([
    [stanza('participant', { jid: ana, type: 'admin' }), { participants: [{ jid: ana, role: 'admin' }] }],
    [
      stanza('description', { id: 'D', participant: ana, participant_pn: '1@s.whatsapp.net', participant_username: 'a', t: '5' }, [stanza('body', {}, 'About')]),
      { description: 'About', descriptionId: 'D', descriptionTime: 5, descriptionOwner: ana, descriptionOwnerPn: toJid('1@s.whatsapp.net'), descriptionOwnerUsername: 'a' },
    ],
    [stanza('locked'), { isLocked: true }],
    [stanza('announcement'), { isAnnouncement: true }],
    [stanza('ephemeral', { expiration: '60', trigger: '1' }), { ephemeral: { expiration: 60, trigger: 1 } }],
    [stanza('ephemeral'), { ephemeral: {} }],
    [stanza('membership_approval_mode', {}, [stanza('group_join', { state: 'on' })]), { membershipApproval: true }],
    [stanza('membership_approval_mode'), {}],
    [stanza('member_add_mode', {}, 'admin_add'), { memberAddMode: 'admin_add' }],
    [stanza('member_link_mode', {}, 'all_member_link'), { memberLinkMode: 'all_member_link' }],
    [stanza('member_share_group_history_mode', {}, 'novelty'), {}],
    [stanza('member_share_group_history_mode', {}, 'admin_share'), { memberShareHistoryMode: 'admin_share' }],
    [stanza('parent', { default_membership_approval_mode: 'request_required' }), { isParentGroup: true, parentMembershipApprovalRequired: true }],
    [stanza('linked_parent', { jid: GROUP }), { parentGroupJid: GROUP }],
    [stanza('default_sub_group'), { isDefaultSubGroup: true }],
    [stanza('general_chat'), { isGeneralChat: true }],
    [stanza('hidden_group'), { isHiddenGroup: true }],
    [stanza('allow_non_admin_sub_group_creation'), { allowNonAdminSubGroupCreation: true }],
    [stanza('suspended', { can_auto_file: 'true' }), { isSuspended: true, suspensionCanAutoFile: true }],
    [stanza('appeal_status', { type: 'in_review' }), { appealStatus: 'in_review' }],
    [stanza('appeal_update_time', { value: '8' }), { appealUpdateTime: 8 }],
    [stanza('growth_locked', { type: 'invite', expiration: '9' }), { growthLocked: { lockType: 'invite', expiration: 9 } }],
    [stanza('limit_sharing_enabled', { trigger: '2' }), { isLimitSharingEnabled: true, limitSharingTrigger: 2 }],
    [stanza('incognito'), { isIncognito: true }],
    [stanza('group_history'), { hasGroupHistory: true }],
    [stanza('auto_add_disabled'), { isAutoAddDisabled: true }],
    [stanza('capi'), { hasCapi: true }],
    [stanza('group_safety_check'), { hasGroupSafetyCheck: true }],
    [stanza('participant_label_enabled'), { participantLabelEnabled: true }],
    [stanza('support'), { isSupportGroup: true }],
    [stanza('evolution_version', { value: '1' }), { evolutionVersion: 1 }],
    [stanza('missing_participant_identification'), { hasMissingParticipantIdentification: true }],
    [stanza('no_frequently_forwarded'), { noFrequentlyForwarded: true }],
    [stanza('allow_admin_reports'), { allowAdminReports: true }],
    [stanza('novelty'), {}],
  ])('%j', (child, expected) => expect(read({}, [child])).toEqual({ metadata: { ...PLAIN, ...expected }, faults: [] }))

  it.each<readonly [string, Parameters<typeof stanza>[1], readonly Stanza[]]>([
    ['group: id is not a group', { id: undefined }, []],
    ['group: id is not a group', { id: '1@lid' }, []],
    ['group: addressing_mode is neither lid nor pn', { addressing_mode: 'novelty' }, []],
    ['group: more than 19999 members', { size: '20000' }, []],
    ['group: expiration is not from 0 to 2147483647', {}, [stanza('ephemeral', { expiration: '2147483648' })]],
    ['group: trigger is not from 0 to 20', {}, [stanza('limit_sharing_enabled', { trigger: '21' })]],
    ['group: value is not from 0 to 100', {}, [stanza('evolution_version', { value: '101' })]],
    ['appeal_status: type is none of those known', {}, [stanza('appeal_status', { type: 'novelty' })]],
    ['group: s_t is not a whole number', { s_t: 'noon' }, []],
  ])('%s', (fault, attributes, children) => expect(read(attributes, children)).toEqual({ metadata: undefined, faults: [fault] }))

  it('of a group that was asked for need not name it', () => {
    const faults: string[] = []
    expect(readGroupMetadata(stanza('community', { subject: 'All' }), faults, GROUP)).toMatchObject({ id: GROUP, subject: 'All' })
    expect(faults).toEqual([])
  })
})
