import { Jid, toJid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'

/** Who did something in a group, and how it is told. */
export interface GroupPushOptions {
  readonly group?: Jid | string
  /** The actor, in the form of the group. */
  readonly by?: Jid | string
  /** What happened, one child per action; default: a new subject. */
  readonly actions?: readonly Stanza[]
  readonly addressingMode?: 'lid' | 'pn'
}

const GROUP = '120363000000000001@g.us'

/** Something happened in a group; one `group_update` per action. */
export const pushGroupUpdate = ({ group = GROUP, by = '90010002@lid', actions = [stanza('subject', { subject: 'Trip', s_t: 1_767_225_600 })], addressingMode = 'lid' }: GroupPushOptions = {}): Stanza =>
  stanza('notification', { from: toJid(group), type: 'w:gp2', participant: toJid(by), addressing_mode: addressingMode }, actions)

/** What was known of these groups is outdated. */
export const pushGroupsDirty = (groups: readonly (Jid | string)[] = [GROUP]): Stanza =>
  stanza('notification', { from: new Jid('', 'g.us'), type: 'w:gp2' }, [stanza('groups_dirty', {}, groups.map((group) => stanza('group', { jid: toJid(group) })))])
