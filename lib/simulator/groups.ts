import { toBase64 } from '../bytes/bytes.ts'
import { randomBytes } from '#crypto'
import { Jid } from '../stanza/jid.ts'
import type { Account, Device } from './account.ts'
import type { AddressingMode, Group, GroupMember } from './group.ts'
import { lidOf, nowSeconds, phoneNumberOf, type World } from './world.ts'

/** What a group begins with. */
export interface GroupBeginning {
  readonly creator: Account
  readonly subject: string
  /** Without the creator. */
  readonly members: readonly Account[]
  readonly addressing: AddressingMode
  readonly key?: string | undefined
}

const FIRST_GROUP = 120_363_000_000_000_001n

/** Most members of a group. */
export const MEMBER_LIMIT = 1_024 + 1

/** Longest subject, in characters. */
export const SUBJECT_LIMIT = 100

/** Adds a group to the world; nobody is told. */
export const foundGroup = (world: World, { creator, subject, members, addressing, key }: GroupBeginning): Group => {
  const atSeconds = nowSeconds(world)
  const group: Group = {
    jid: new Jid(String(FIRST_GROUP + BigInt(world.groups.size)), 'g.us'),
    creator,
    createdAtSeconds: atSeconds,
    key,
    members: new Map(),
    addressing,
    subject: { text: subject, by: creator, atSeconds },
    description: undefined,
    flags: new Set(),
    ephemeralSeconds: undefined,
    memberAddMode: 'all_member_add',
    inviteCode: newInviteCode(),
    version: 1,
  }
  for (const account of new Set([creator, ...members]))
    group.members.set(account.lid.user, { account, role: account === creator ? 'superadmin' : 'member', joinedAtSeconds: atSeconds })
  world.groups.set(group.jid.user, group)
  return group
}

/** A code for a new link into a group. */
export const newInviteCode = (): string => toBase64(randomBytes(16)).replace(/[^A-Za-z0-9]/g, 'x').slice(0, 22)

/** The group behind an address. */
export const findGroup = (world: World, jid: Jid): Group | undefined => (jid.server === 'g.us' ? world.groups.get(jid.user) : undefined)

/** Somebody's place in a group. */
export const memberOf = (group: Group, account: Account): GroupMember | undefined => group.members.get(account.lid.user)

/** Whether somebody may change a group. */
export const isAdmin = (group: Group, account: Account): boolean => (memberOf(group, account)?.role ?? 'member') !== 'member'

/** All devices of all members. */
export const devicesOf = (group: Group): readonly Device[] => [...group.members.values()].flatMap(({ account }) => [...account.devices.values()])

/** A device's address in the form of a group. */
export const addressIn = ({ addressing }: Pick<Group, 'addressing'>, device: Device): Jid => (addressing === 'lid' ? lidOf(device) : phoneNumberOf(device))

/** A person's address in the form of a group. */
export const personIn = ({ addressing }: Pick<Group, 'addressing'>, account: Account): Jid => (addressing === 'lid' ? account.lid : account.phoneNumber)

/** Attributes that name the same person in the form a group does not use; on messages and receipts. */
export const otherForm = ({ addressing }: Pick<Group, 'addressing'>, account: Account): Readonly<Record<string, Jid>> =>
  addressing === 'lid' ? { participant_pn: account.phoneNumber } : { participant_lid: account.lid }

