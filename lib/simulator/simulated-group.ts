import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { isGroup, toJid, type Jid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import { createCrowd } from './crowd.ts'
import type { AddressingMode, Group, GroupRole } from './group.ts'
import { metadata, tellGroup } from './group-stanzas.ts'
import { findGroup, foundGroup, MEMBER_LIMIT } from './groups.ts'
import type { Phone } from './phone.ts'
import { findAccount, type World } from './world.ts'

/** A group that a test wants to have. */
export interface GroupOptions {
  /** Who is in it; the first made it. */
  readonly phones: readonly Phone[]
  /** Up to 100 characters. */
  readonly subject?: string
  /** How many more members, whom nobody plays; default 0. Members are 1025 at most. */
  readonly bystanders?: number
  /** Devices of each of these, 1 to 99; default 2. */
  readonly devicesEach?: number
  /** Default `lid`. */
  readonly addressingMode?: AddressingMode
}

/** A group as its server sees it. */
export interface SimulatedGroup {
  readonly jid: Jid
  readonly subject: () => string
  readonly addressingMode: () => AddressingMode
  readonly members: () => readonly { readonly phoneNumber: Jid; readonly lid: Jid; readonly role: GroupRole }[]
  /** From now on members see each other in the other form; nobody is told. */
  readonly setAddressingMode: (mode: AddressingMode) => void
}

/** Makes a group; every member hears of it. @throws SimulatorFailed when it cannot be */
export const createGroup = (world: World, { phones, subject = 'A group', bystanders = 0, devicesEach = 2, addressingMode = 'lid' }: GroupOptions): SimulatedGroup => {
  const [creator, ...others] = phones.map(({ lid }) => findAccount(world, lid)!)
  if (!creator) throw new SimulatorFailed('a group needs a phone that makes it')
  if (!Number.isInteger(devicesEach) || devicesEach < 1 || devicesEach > 99) throw new SimulatorFailed('devicesEach must be a whole number from 1 to 99')
  if (!Number.isInteger(bystanders) || bystanders < 0 || bystanders + phones.length > MEMBER_LIMIT)
    throw new SimulatorFailed(`a group has at most ${MEMBER_LIMIT} members`)
  const members = [...others, ...createCrowd(world, bystanders, devicesEach)]
  const group = foundGroup(world, { creator, subject, members, addressing: addressingMode })
  tellGroup(world, group, { actor: creator, change: stanza('create', { type: 'new' }, [metadata(group)]) })
  return viewOf(group)
}

/** The group behind an address. @throws SimulatorFailed when there is none */
export const groupAt = (world: World, address: Jid | string): SimulatedGroup => {
  const jid = toJid(address)
  const group = isGroup(jid) ? findGroup(world, jid) : undefined
  if (!group) throw new SimulatorFailed('no group has this address')
  return viewOf(group)
}

const viewOf = (group: Group): SimulatedGroup => ({
  jid: group.jid,
  subject: () => group.subject.text,
  addressingMode: () => group.addressing,
  members: () => [...group.members.values()].map(({ account: { phoneNumber, lid }, role }) => ({ phoneNumber, lid, role })),
  setAddressingMode: (mode) => (group.addressing = mode),
})
