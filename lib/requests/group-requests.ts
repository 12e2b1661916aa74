import { isLid, isPhoneNumber, Jid, parseJid, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { GroupMetadata } from '../events/group-metadata.ts'
import { readGroupMetadata } from './read-group-metadata.ts'
import type { RequestDescription } from './request.ts'

/** In which form the people of a group are addressed. */
export type AddressingMode = 'lid' | 'pn'

/** One person in a group. */
export interface GroupMember {
  /** In the form of the group, without a device. */
  readonly jid: Jid
  /** The other address, when the server told it. */
  readonly alternate?: Jid
}

/** Who is in a group: what sending to it needs (protocol document 12, section 2). */
export interface GroupMembers {
  readonly group: Jid
  readonly addressingMode: AddressingMode
  readonly members: readonly GroupMember[]
}

/** Most members an answer may have (protocol document 12, section 1). */
const MOST_MEMBERS = 19_999

/** The answer about a group. */
export type GroupAnswer = ({ readonly kind: 'members' } & GroupMembers) | { readonly kind: 'unchanged' }

/**
 * Who is in a group. 403: we are not; 404: there is no such group. The server answers without a list when it
 * is the one of a hash it was given; we give none, so that says that it does not want to tell.
 */
export const queryGroup = (group: Jid): RequestDescription<GroupAnswer> => ({
  name: 'groups.query',
  type: 'get',
  xmlns: 'w:g2',
  to: group,
  content: [stanza('query', { request: 'interactive' })],
  refusals: { 401: 'not-authorized', 403: 'forbidden', 404: 'item-not-found', 429: 'rate-overlimit' },
  parse: (reply, faults) => {
    const description = childOf(reply, 'group') ?? childOf(reply, 'community')
    if (!description) return { kind: 'unchanged' }
    const members = readGroupMembers(description, faults, group)
    return members && { kind: 'members', ...members }
  },
})

/** Everything about a group, members with their roles included; refusals and a server that does not want to tell as for {@link queryGroup}. */
export const queryGroupMetadata = (group: Jid): RequestDescription<GroupMetadata | 'unchanged'> => ({
  ...queryGroup(group),
  name: 'groups.metadata',
  parse: (reply, faults) => {
    const description = childOf(reply, 'group') ?? childOf(reply, 'community')
    return description ? readGroupMetadata(description, faults, group) : 'unchanged'
  },
})

/**
 * Reads a `<group>`; pushes what is wrong into `faults` and returns undefined when it cannot.
 *
 * @param asked the group it is about, when it need not say so
 */
export const readGroupMembers = (description: Stanza, faults: string[], asked?: Jid): GroupMembers | undefined => {
  const read = attributesOf(description)
  const id = read.optionalText('id')
  const mode = read.optionalText('addressing_mode') ?? 'pn'
  const group = asked ?? (id === undefined ? undefined : id.includes('@') ? parseJid(id) : new Jid(id, 'g.us'))
  const people = childrenOf(description, 'participant')
  if (group?.server !== 'g.us' || group.user === '') faults.push('group: id is not a group')
  if (mode !== 'lid' && mode !== 'pn') faults.push('group: addressing_mode is neither lid nor pn')
  if (people.length > MOST_MEMBERS) faults.push(`group: more than ${MOST_MEMBERS} members`)
  if (!group || (mode !== 'lid' && mode !== 'pn') || faults.length > 0) return undefined
  return { group, addressingMode: mode, members: readMembers(people) }
}

/** Reads `<participant>`s; one without a readable address is left out (protocol document 11, section 3). */
export const readMembers = (participants: readonly Stanza[]): readonly GroupMember[] =>
  participants.flatMap((participant): readonly GroupMember[] => {
    const read = attributesOf(participant)
    const jid = read.jid('jid')
    const alternate = isLid(jid) ? read.optionalJid('phone_number') : read.optionalJid('lid')
    if (read.faults.length > 0 || !(isLid(jid) || isPhoneNumber(jid))) return []
    return [{ jid: userOf(jid), ...(alternate && { alternate: userOf(alternate) }) }]
  })
