import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Group, GroupMember } from './group.ts'
import type { Account } from './account.ts'
import { personIn } from './groups.ts'
import { nextNotificationId } from './notification-ids.ts'
import { deliver, nowSeconds, type World } from './world.ts'

type Attributes = Parameters<typeof stanza>[1]

/** Names somebody in the form of a group, the other form beside it (protocol document 12, section 2). */
export const participant = (group: Group, account: Account, more: Attributes = {}): Stanza =>
  stanza('participant', {
    jid: personIn(group, account),
    ...(group.addressing === 'lid' ? { phone_number: account.phoneNumber } : { lid: account.lid }),
    ...more,
  })

const roleOf = ({ role }: GroupMember): Attributes => ({ type: role === 'member' ? undefined : role })

/** Who did something, as attributes with this prefix. */
const by = (group: Group, name: string, account: Account): Record<string, Account['lid'] | undefined> => ({
  [name]: personIn(group, account),
  [`${name}_pn`]: group.addressing === 'lid' ? account.phoneNumber : undefined,
})

/** Everything about a group (protocol document 12, section 2). */
export const metadata = (group: Group, isWithMembers = true): Stanza =>
  stanza(
    'group',
    {
      id: group.jid.user,
      subject: group.subject.text,
      s_t: group.subject.atSeconds,
      ...by(group, 's_o', group.subject.by),
      creation: group.createdAtSeconds,
      ...by(group, 'creator', group.creator),
      addressing_mode: group.addressing,
      p_v_id: group.version,
      a_v_id: group.version,
      size: group.members.size,
    },
    [
      ...(isWithMembers ? [...group.members.values()].map((member) => participant(group, member.account, roleOf(member))) : []),
      group.description && description(group),
      ...[...group.flags].map((flag) => stanza(flag)),
      group.ephemeralSeconds === undefined ? undefined : stanza('ephemeral', { expiration: group.ephemeralSeconds }),
      stanza('member_add_mode', {}, group.memberAddMode),
      stanza('member_link_mode', {}, 'admin_link'),
    ],
  )

/** What somebody with a link sees of a group. */
export const preview = (group: Group): Stanza => {
  const whole = metadata(group, false)
  return { ...whole, content: childrenOf(whole).filter(({ tag }) => !tag.endsWith('_mode')) }
}

const description = (group: Group): Stanza => {
  const { id, by: author, atSeconds, text } = group.description!
  return stanza('description', { id, participant: personIn(group, author), participant_pn: group.addressing === 'lid' ? author.phoneNumber : undefined, t: atSeconds }, [
    stanza('body', {}, text),
  ])
}

/** What happened in a group, and by whom. */
export interface GroupNews {
  readonly actor: Account
  /** One child says one thing (protocol document 11, section 3). */
  readonly change: Stanza
  /** People who have to know although they are no members any more. */
  readonly alsoTo?: readonly Account[]
  /** Only these. */
  readonly onlyTo?: readonly Account[]
}

/** Tells every device of the members what happened, the acting one included. */
export const tellGroup = (world: World, group: Group, { actor, change, alsoTo = [], onlyTo }: GroupNews): void => {
  const people = onlyTo ?? new Set([...[...group.members.values()].map(({ account }) => account), ...alsoTo])
  const id = nextNotificationId(world)
  const notification = stanza(
    'notification',
    {
      from: group.jid,
      type: 'w:gp2',
      id,
      t: nowSeconds(world),
      participant: personIn(group, actor),
      participant_pn: group.addressing === 'lid' ? actor.phoneNumber : undefined,
      notify: actor.pushName,
      addressing_mode: group.addressing,
    },
    [change],
  )
  for (const { devices } of people) for (const device of devices.values()) deliver(device, notification)
}
