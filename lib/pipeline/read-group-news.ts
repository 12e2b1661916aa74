import { isGroup, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { readGroupMembers, readMembers, type AddressingMode, type GroupMember, type GroupMembers } from '../requests/group-requests.ts'

/** What a `w:gp2` notification says about who is in groups (protocol document 11, section 3). */
export type GroupNews =
  | { readonly kind: 'joined' | 'left'; readonly group: Jid; readonly members: readonly GroupMember[] }
  | { readonly kind: 'described'; readonly description: GroupMembers }
  /** What was known of these groups may be wrong. */
  | { readonly kind: 'outdated'; readonly groups: readonly Jid[] }
  /** Two addresses of one person. */
  | { readonly kind: 'known_as'; readonly members: readonly GroupMember[] }

const NOTHING: readonly GroupNews[] = []

/**
 * Reads the children that change who is in a group, in order; others say nothing here. `addressing_mode` of
 * the envelope stands before them, when it is there.
 */
export const readGroupNews = (notification: Stanza): { readonly group: Jid; readonly mode: AddressingMode | undefined; readonly news: readonly GroupNews[] } | undefined => {
  if (notification.tag !== 'notification' || notification.attrs['type'] !== 'w:gp2') return undefined
  const read = attributesOf(notification)
  const group = read.optionalJid('from')
  const mode = read.optionalText('addressing_mode')
  if (!group || group.server !== 'g.us') return undefined
  const news = childrenOf(notification).flatMap((child) => readOne(child, group))
  return { group, mode: mode === 'lid' || mode === 'pn' ? mode : undefined, news }
}

const readOne = (child: Stanza, group: Jid): readonly GroupNews[] => {
  if (!isGroup(group)) return child.tag === 'groups_dirty' ? [{ kind: 'outdated', groups: groupsIn(child) }] : NOTHING
  const members = readMembers(childrenOf(child, 'participant'))
  switch (child.tag) {
    case 'add':
      return [{ kind: 'joined', group, members }]
    case 'remove':
      return [{ kind: 'left', group, members }]
    case 'promote':
    case 'demote':
      return [{ kind: 'known_as', members }]
    case 'create': {
      const described = childOf(child, 'group')
      const description = described && readGroupMembers(described, [])
      return description ? [{ kind: 'described', description }] : [{ kind: 'outdated', groups: [group] }]
    }
    // New identities stand in for old ones nobody names; a deleted group is gone.
    case 'modify':
    case 'delete':
      return [{ kind: 'outdated', groups: [group] }]
    default:
      return NOTHING
  }
}

const groupsIn = (dirty: Stanza): readonly Jid[] => childrenOf(dirty, 'group').flatMap((group) => attributesOf(group).optionalJid('jid') ?? [])
