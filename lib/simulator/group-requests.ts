import { isGroup } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Group, GroupFlag } from './group.ts'
import type { Account, Device } from './account.ts'
import { done, malformed, refused, result, unknown, type Answer } from './answer.ts'
import { metadata, participant, preview, tellGroup } from './group-stanzas.ts'
import { changeMembers } from './group-members.ts'
import { findGroup, foundGroup, isAdmin, MEMBER_LIMIT, memberOf, newInviteCode, personIn, SUBJECT_LIMIT } from './groups.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import { findAccount, nowSeconds, type World } from './world.ts'

const notFound = refused(404, 'item-not-found')
const forbidden = refused(403, 'forbidden')

/** Answers a request of the namespace `w:g2` (protocol document 12, sections 3, 4 and 10). */
export const answerGroups = (world: World, { account }: Device, iq: Stanza, isSet: boolean): Answer => {
  const to = attributesOf(iq).optionalJid('to')
  const [request] = childrenOf(iq)
  if (!to || !request) return malformed
  if (!isGroup(to)) return isSet ? change(world, account, request) : read(world, account, request)
  const group = findGroup(world, to)
  if (!group) return notFound
  if (!memberOf(group, account)) return forbidden
  return isSet ? changeGroup(world, group, account, request) : readGroup(group, account, request)
}

const read = (world: World, account: Account, request: Stanza): Answer => {
  switch (request.tag) {
    case 'participating': {
      const isWithMembers = childOf(request, 'participants') !== undefined
      const mine = [...world.groups.values()].filter((group) => memberOf(group, account))
      return result(stanza('groups', {}, mine.map((group) => metadata(group, isWithMembers))))
    }
    case 'query': {
      const asked = childrenOf(request, 'group').flatMap((item) => attributesOf(item).optionalJid('jid') ?? [])
      return result(stanza('groups', {}, asked.map((jid) => {
        const group = findGroup(world, jid)
        return group && memberOf(group, account) ? metadata(group) : stanza('group', { id: jid.user, error: group ? 403 : 404 })
      })))
    }
    case 'invite': {
      const group = groupWithCode(world, request)
      return group ? result(preview(group)) : refused(410, 'gone')
    }
    default:
      return unknown
  }
}

const change = (world: World, account: Account, request: Stanza): Answer => {
  switch (request.tag) {
    case 'create':
      return create(world, account, request)
    case 'leave':
      return result(stanza('leave', {}, childrenOf(request, 'group').map((item) => {
        const id = attributesOf(item).optionalJid('id')
        const group = id && findGroup(world, id)
        const place = group && memberOf(group, account)
        if (!group || !place) return stanza('group', { id: item.attrs['id'], error: group ? 403 : 404 })
        group.members.delete(account.lid.user)
        group.version += 1
        tellGroup(world, group, { actor: account, change: stanza('remove', { v_id: group.version }, [participant(group, account)]), alsoTo: [account] })
        return stanza('group', { id: group.jid })
      })))
    case 'invite': {
      const group = groupWithCode(world, request)
      if (!group) return refused(410, 'gone')
      if (memberOf(group, account)) return refused(304, 'not-modified')
      if (group.members.size >= MEMBER_LIMIT) return refused(419, 'resource-limit')
      group.members.set(account.lid.user, { account, role: 'member', joinedAtSeconds: nowSeconds(world) })
      group.version += 1
      tellGroup(world, group, { actor: account, change: stanza('add', { v_id: group.version, reason: 'invite' }, [participant(group, account)]) })
      return result(stanza('group', { jid: group.jid }))
    }
    default:
      return unknown
  }
}

const create = (world: World, creator: Account, request: Stanza): Answer => {
  const attributes = attributesOf(request)
  const [subject, key] = [attributes.text('subject'), attributes.optionalText('key')]
  if (attributes.faults.length > 0) return malformed
  if ([...subject].length > SUBJECT_LIMIT) return refused(406, 'not-acceptable')
  const repeated = key === undefined ? undefined : [...world.groups.values()].find((group) => group.creator === creator && group.key === key)
  if (repeated) return result(stanza('group', { jid: repeated.jid }))
  const asked = childrenOf(request, 'participant').flatMap((item) => attributesOf(item).optionalJid('jid') ?? [])
  if (asked.length >= MEMBER_LIMIT) return refused(419, 'resource-limit')
  const members = asked.flatMap((jid) => findAccount(world, jid) ?? [])
  const mode = childOf(request, 'addressing_mode_override')?.attrs['mode']
  const group = foundGroup(world, { creator, subject, members, addressing: mode === 'pn' ? 'pn' : 'lid', key })
  for (const flag of FLAGS) if (childOf(request, flag)) group.flags.add(flag)
  setEphemeral(group, childOf(request, 'ephemeral'))
  setAddMode(group, childOf(request, 'member_add_mode'))
  const description = childOf(request, 'description')
  if (description) setDescription(world, group, creator, description)
  tellGroup(world, group, { actor: creator, change: stanza('create', { type: 'new', key }, [metadata(group)]) })
  const strangers = asked.filter((jid) => !findAccount(world, jid)).map((jid) => stanza('participant', { jid, error: 404 }))
  const made = metadata(group)
  // A group that is new has no versions yet, and the request's own id.
  const { p_v_id: _members, a_v_id: _settings, size: _size, ...attrs } = made.attrs
  return result({ ...made, attrs: { ...attrs, ...(key !== undefined && { key }) }, content: [...childrenOf(made), ...strangers] })
}

const readGroup = (group: Group, account: Account, request: Stanza): Answer => {
  switch (request.tag) {
    case 'query': {
      const phash = attributesOf(request).optionalText('phash')
      const isKnown = phash !== undefined && phash === participantHash([...group.members.values()].map((member) => personIn(group, member.account)))
      return isKnown ? done : result(metadata(group))
    }
    case 'invite':
      return isAdmin(group, account) ? result(stanza('invite', { code: group.inviteCode })) : refused(401, 'not-authorized')
    default:
      return unknown
  }
}

/** Changes whose children are participants. */
const MEMBER_CHANGES = ['add', 'remove', 'promote', 'demote'] as const

const FLAGS: readonly GroupFlag[] = ['locked', 'announcement', 'no_frequently_forwarded', 'allow_admin_reports', 'group_history']

/** What takes a setting back. */
const UNDO: Readonly<Record<string, GroupFlag>> = {
  unlocked: 'locked',
  not_announcement: 'announcement',
  frequently_forwarded_ok: 'no_frequently_forwarded',
  not_allow_admin_reports: 'allow_admin_reports',
  no_group_history: 'group_history',
}

const changeGroup = (world: World, group: Group, account: Account, request: Stanza): Answer => {
  const { tag } = request
  const memberChange = MEMBER_CHANGES.find((kind) => kind === tag)
  if (memberChange) return changeMembers(world, group, account, memberChange, request)
  if (tag === 'ack') return done
  const isInformation = tag === 'subject' || tag === 'description' || tag === 'ephemeral' || tag === 'not_ephemeral'
  if (!isAdmin(group, account) && (!isInformation || group.flags.has('locked'))) return tag === 'invite' ? refused(401, 'not-authorized') : forbidden
  const tell = (said: Stanza): Answer => {
    tellGroup(world, group, { actor: account, change: said })
    return done
  }
  const flag = FLAGS.find((name) => name === tag)
  const undone = UNDO[tag]
  if (flag ?? undone) {
    if (flag) group.flags.add(flag)
    else if (undone) group.flags.delete(undone)
    return tell(stanza(tag))
  }
  switch (tag) {
    case 'subject': {
      const text = contentTextOf(request) ?? ''
      if ([...text].length > SUBJECT_LIMIT) return refused(406, 'not-acceptable')
      group.subject = { text, by: account, atSeconds: nowSeconds(world) }
      return tell(stanza('subject', { subject: text, s_t: group.subject.atSeconds, s_o: personIn(group, account), s_o_pn: group.addressing === 'lid' ? account.phoneNumber : undefined }))
    }
    case 'description': {
      if (!setDescription(world, group, account, request)) return refused(409, 'conflict')
      const { description } = group
      return tell(stanza('description', { id: request.attrs['id'] }, [description ? stanza('body', {}, description.text) : stanza('delete')]))
    }
    case 'ephemeral':
    case 'not_ephemeral':
      setEphemeral(group, tag === 'ephemeral' ? request : undefined)
      return tell(stanza(group.ephemeralSeconds === undefined ? 'not_ephemeral' : 'ephemeral', { expiration: group.ephemeralSeconds }))
    case 'member_add_mode':
      return setAddMode(group, request) ? tell(stanza('member_add_mode', {}, group.memberAddMode)) : malformed
    case 'invite':
      group.inviteCode = newInviteCode()
      tellGroup(world, group, { actor: account, change: stanza('invite', { code: group.inviteCode }) })
      return result(stanza('invite', { code: group.inviteCode }))
    default:
      return unknown
  }
}

const setEphemeral = (group: Group, ephemeral: Stanza | undefined): void => {
  const seconds = ephemeral && attributesOf(ephemeral).optionalInteger('expiration')
  group.ephemeralSeconds = seconds === undefined || seconds <= 0 ? undefined : seconds
}

const setAddMode = (group: Group, mode: Stanza | undefined): boolean => {
  const text = mode && contentTextOf(mode)
  if (text !== 'admin_add' && text !== 'all_member_add') return false
  group.memberAddMode = text
  return true
}

/** False when somebody else was faster: the change names another description than there is. */
const setDescription = (world: World, group: Group, by: Account, request: Stanza): boolean => {
  const attributes = attributesOf(request)
  if (attributes.optionalText('prev') !== group.description?.id) return false
  const body = childOf(request, 'body')
  const text = body && contentTextOf(body)
  group.description = text === undefined ? undefined : { id: attributes.text('id'), text, by, atSeconds: nowSeconds(world) }
  return true
}

const groupWithCode = (world: World, invite: Stanza): Group | undefined => {
  const code = attributesOf(invite).optionalText('code')
  return [...world.groups.values()].find(({ inviteCode }) => inviteCode === code)
}

