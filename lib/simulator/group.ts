import type { Jid } from '../stanza/jid.ts'
import type { Account } from './account.ts'

/** In which form the members of a group see each other. */
export type AddressingMode = 'lid' | 'pn'

/** What a member may do. */
export type GroupRole = 'member' | 'admin' | 'superadmin'

/** A person in a group. */
export interface GroupMember {
  readonly account: Account
  role: GroupRole
  readonly joinedAtSeconds: number
}

/** A text with who wrote it and when. */
export interface Signed {
  readonly text: string
  readonly by: Account
  readonly atSeconds: number
}

/** Settings that are on or off, by their names on the wire. */
export type GroupFlag = 'locked' | 'announcement' | 'no_frequently_forwarded' | 'allow_admin_reports' | 'group_history'

/** A group as the server knows it (protocol document 12, section 10). */
export interface Group {
  readonly jid: Jid
  readonly creator: Account
  readonly createdAtSeconds: number
  /** The id its creator gave the request. */
  readonly key: string | undefined
  /** By user part of the LID, in the order of joining. */
  readonly members: Map<string, GroupMember>
  addressing: AddressingMode
  subject: Signed
  description: (Signed & { readonly id: string }) | undefined
  readonly flags: Set<GroupFlag>
  ephemeralSeconds: number | undefined
  memberAddMode: 'admin_add' | 'all_member_add'
  inviteCode: string
  /** Grows with every change of the members. */
  version: number
}
