import type { WrittenShape } from './shape.ts'
import { iq, many, one, perhaps, type DocumentedRequest, type DocumentedStanza, type ShapeException } from './written.ts'

/** Ways to name who did something; who has no such name does without. */
const ACTOR = ['participant_pn', 'participant_username']

const NOTIFICATIONS = ['AddNotification', 'RemoveNotification', 'PromoteNotification', 'DemoteNotification', 'SubjectChangeNotification', 'MemberAddModeChangeNotification']

const METADATA = ['GetGroupInfo', 'BatchGetGroupInfo', 'GetParticipatingGroups', 'GetInviteGroupInfo']

const onOrOff = { state: '(on|off)' }

/** Where the published shapes of groups are known to be incomplete. */
export const GROUP_EXCEPTIONS: readonly ShapeException[] = [
  ...NOTIFICATIONS.map((name): ShapeException => ({ of: `${name}.Request`, optional: ACTOR, because: '11, section 3' })),
  { of: 'JoinNotification.Request', optional: [...ACTOR, 'participant_country_code'], because: '11, section 3' },
  { of: 'JoinNotification.Request', at: 'create', optional: ['key', 'context_group_jid'], because: '11, section 3.1' },
  { of: 'JoinNotification.Request', at: 'create/group/description', optional: ACTOR, because: '12, section 2' },
  ...METADATA.map((name): ShapeException => ({
    of: `${name}.Success`,
    at: name === 'GetGroupInfo' || name === 'GetInviteGroupInfo' ? 'group/description' : 'groups/group/description',
    optional: ACTOR,
    because: '12, section 2',
  })),
  { of: 'Create', at: 'create/membership_approval_mode/group_join', attrs: onOrOff, because: '12, section 4: the default is written out' },
  { of: 'GetLinkedGroup', optional: ['sub_group_jid'], because: '12, section 3' },
  { of: 'GetLinkedGroup', at: 'query_linked', optional: ['sub_group_jid'], because: '12, section 3' },
  { of: 'SetProperty', at: 'membership_approval_mode/group_join', attrs: onOrOff, because: '12, section 3' },
  { of: 'Create.Success', at: 'group', optional: ['key'], because: '12, section 4: who sent no key gets none' },
  ...[
    ['Create.Success', 'group'],
    ['AddParticipants.Success', 'add'],
    ['RemoveParticipants.Success', 'remove'],
    ['PromoteDemote.SuccessPromote', 'promote'],
    ['PromoteDemote.SuccessDemote', 'demote'],
  ].map(([of, parent]): ShapeException => ({ of: of!, at: `${parent!}/participant`, attrs: { error: 'int?' }, because: '12, section 3.2: the numbers are an open set' })),
]

const toGroup = { to: 'groupJid' }
const toGroups = { to: '=g.us' }
const outcome = { attrs: { id: 'groupJid', error: 'int?' } }

/** Requests about groups that no operation is published for. */
export const GROUP_REQUESTS: readonly DocumentedRequest[] = [
  {
    name: 'LeaveGroups',
    request: iq('set', 'w:g2', [one('leave', { children: [many('group', { attrs: { id: 'groupJid' } }), many('community', { attrs: { id: 'groupJid' } })] })], toGroups),
    result: [one('leave', { children: [many('group', outcome), many('community', outcome)] })],
    because: '12, section 3',
  },
  { name: 'GetInviteLink', request: iq('get', 'w:g2', [one('invite')], toGroup), result: [one('invite', { attrs: { code: 'string' } })], because: '12, section 3' },
  {
    name: 'RevokeInviteLink',
    request: iq('set', 'w:g2', [one('invite')], toGroup),
    result: [one('invite', { attrs: { code: 'string' } }), many('participant', { attrs: { jid: 'userJid' } })],
    because: '12, section 3',
  },
  {
    name: 'JoinByInviteLink',
    request: iq('set', 'w:g2', [one('invite', { attrs: { code: 'string' } })], toGroups),
    result: ['group', 'community', 'membership_approval_request'].map((tag) => perhaps(tag, { attrs: { jid: 'groupJid' } })),
    because: '12, section 3',
  },
  {
    name: 'GetPictures',
    request: iq('get', 'w:g2', [one('pictures', { children: [many('picture', { attrs: { jid: 'groupJid', type: '(preview|image)' } }, 1)] })], toGroups),
    because: '12, section 3',
  },
  {
    name: 'GetCommunityPicture',
    request: iq('get', 'w:g2', [one('pictures', { children: [one('picture', { attrs: { parent_group_jid: 'groupJid', type: '(preview|image)', query: '=url', invite: 'string?' } })] })], toGroup),
    because: '12, section 3',
  },
  { name: 'GetSubgroups', request: iq('get', 'w:g2', [one('sub_groups')], toGroup), because: '12, section 3' },
  { name: 'SetMemberAddMode', request: iq('set', 'w:g2', [one('member_add_mode', { content: '(admin_add|all_member_add)' })], toGroup), result: [], because: '12, section 3' },
]

const flag = (tag: string, attrs: Readonly<Record<string, string>> = {}): WrittenShape => perhaps(tag, { attrs })

/** Notifications about groups that are not published. */
export const GROUP_STANZAS: readonly DocumentedStanza[] = [
  {
    name: 'GroupSettingNotification',
    from: 'server',
    shape: {
      tag: 'notification',
      attrs: {
        from: 'groupJid',
        id: 'stanzaId',
        type: '=w:gp2',
        t: 'time',
        participant: 'userJid?',
        participant_pn: 'userJid?',
        participant_username: 'string?',
        notify: 'string?',
        addressing_mode: '(lid|pn)?',
        offline: 'int?',
      },
      children: [
        perhaps('description', { attrs: { id: 'string' }, children: [perhaps('body', { content: 'bytes' }), perhaps('delete')] }),
        flag('locked', { threshold: 'int?' }),
        flag('announcement', { v_id: 'string?' }),
        flag('not_announcement', { v_id: 'string?' }),
        ...['unlocked', 'no_frequently_forwarded', 'frequently_forwarded_ok', 'not_ephemeral', 'group_history', 'no_group_history'].map((tag) => flag(tag)),
        flag('allow_admin_reports', { triggered: 'bool?' }),
        flag('not_allow_admin_reports', { triggered: 'bool?' }),
        flag('ephemeral', { expiration: 'int', trigger: 'int?' }),
        flag('invite', { code: 'string?' }),
      ],
    },
    because: '11, section 3.1',
  },
]
