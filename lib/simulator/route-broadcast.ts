import { isStatus, Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { corrupt, deliver, findAccount, findDevice, lidOf, nowSeconds, type World } from './world.ts'

/** Children of a message that its receivers see. */
const PASSED_ON: readonly string[] = ['meta', 'biz', 'bot', 'reporting']

/**
 * Takes a `<message>` to the feed of status posts or to a broadcast list: a copy for every device of everybody
 * it names, and of the sender's own (protocol document 05, simulator 6 and 7).
 */
export const routeBroadcast = (world: World, sender: Device, message: Stanza): Stanza => {
  const read = attributesOf(message)
  const [to, id] = [read.jid('to'), read.text('id')]
  const target = read.optionalJid('participant')
  const key = `${sender.account.lid.user}:${sender.id}|${id}`
  const known = target ? undefined : world.sentForms.get(key)
  const ack = (error?: number): Stanza => stanza('ack', { class: 'message', id, from: to, t: known?.atSeconds ?? nowSeconds(world), participant: target, error })
  const copiesFor = childrenOf(message, 'participants').flatMap((participants) => childrenOf(participants, 'to'))
  const direct = childrenOf(message, 'enc')
  const copies = new Map(copiesFor.flatMap((copy) => {
    const jid = attributesOf(copy).optionalJid('jid')
    const device = jid && findDevice(world, jid)
    return device ? [[device, childrenOf(copy, 'enc')] as const] : []
  }))
  const all = [...direct, ...[...copies.values()].flat()]
  // A form of address is of no use here, and a list without ciphertext says nothing.
  if (read.optionalText('addressing_mode') !== undefined || all.length === 0) return ack(479)
  if (all.some((enc) => enc.attrs['type'] === 'pkmsg') && sender.id !== 0 && !childOf(message, 'device-identity')) return ack(479)
  for (const enc of all) world.messageKeys.see(enc, `${key.slice(0, key.indexOf('|'))}|${to}`)
  if (known) return ack()
  const isCorrupt = world.faults.isNextMessageCorrupt
  world.faults.isNextMessageCorrupt = false
  const readers = copiesFor.flatMap((copy) => attributesOf(copy).optionalJid('jid') ?? [])
  const give = (device: Device, encs: readonly Stanza[]): void => {
    if (encs.length > 0) deliver(device, copyFor(world, sender, device, message, isCorrupt ? corrupt(encs) : encs, target ? [] : readers))
  }
  if (target) {
    const asked = findDevice(world, target)
    if (asked) give(asked, direct)
    return ack()
  }
  world.sentForms.set(key, { to, atSeconds: nowSeconds(world) })
  if (direct.length === 0) {
    for (const [device, encs] of copies) if (device !== sender) give(device, encs)
    return ack()
  }
  const named = readers.flatMap((jid) => findAccount(world, jid) ?? [])
  const people = new Set<Account>([sender.account, ...(isStatus(to) ? named : membersOf(world, sender.account, to, named))])
  for (const { devices } of people)
    for (const device of devices.values()) if (device !== sender) give(device, [...(copies.get(device) ?? []), ...direct])
  return ack()
}

/** Whoever was ever given a key is on the list: no document says how a list is made known to the server. */
const membersOf = (world: World, owner: Account, list: Jid, named: readonly Account[]): ReadonlySet<Account> => {
  const key = `${owner.lid.user} ${list.toString()}`
  const members = world.lists.get(key) ?? new Set()
  for (const account of named) members.add(account)
  world.lists.set(key, members)
  return members
}

const copyFor = (world: World, sender: Device, device: Device, message: Stanza, encs: readonly Stanza[], readers: readonly Jid[]): Stanza => {
  const { attrs } = message
  const isOwn = device.account === sender.account
  const people = [...new Map(readers.map(({ user, server }) => [user, new Jid(user, server)])).values()]
  return stanza(
    'message',
    {
      from: attrs['to'],
      participant: lidOf(sender),
      participant_pn: sender.account.phoneNumber,
      id: attrs['id'],
      type: attrs['type'],
      t: nowSeconds(world),
      notify: sender.account.pushName,
      edit: attrs['edit'],
    },
    [
      ...encs,
      ...childrenOf(message).filter(({ tag }) => PASSED_ON.includes(tag)),
      encs.some((enc) => enc.attrs['type'] === 'pkmsg') ? childOf(message, 'device-identity') : undefined,
      // Our own other devices learn who may read it.
      isOwn && people.length > 0 ? stanza('participants', {}, people.map((jid) => stanza('to', { jid }))) : undefined,
    ],
  )
}

/** Passes a `<receipt>` for a post or a message of a list on to who wrote it. */
export const passBroadcastReceipt = (world: World, chat: Jid, reader: Device, receipt: Stanza): void => {
  const read = attributesOf(receipt)
  const [id, type, participant] = [read.text('id'), read.optionalText('type'), read.optionalJid('participant')]
  const author = participant && findDevice(world, participant)
  if (!author || author.account === reader.account) return
  const told = stanza('receipt', { from: chat, participant: lidOf(reader), id, t: nowSeconds(world), type: type === 'inactive' ? undefined : type }, childrenOf(receipt))
  const isForPerson = type === 'read' || type === 'played'
  for (const device of isForPerson ? author.account.devices.values() : [author]) deliver(device, told)
}
