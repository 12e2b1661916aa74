import { isStatus, Jid, withDevice } from '../stanza/jid.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { fingerprintOf } from './route-group-messages.ts'
import { corrupt, deliver, findAccount, findDevice, lidOf, nowSeconds, type BroadcastList, type World } from './world.ts'

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
  const ack = (error?: number, phash?: string): Stanza => stanza('ack', { class: 'message', id, from: to, t: known?.atSeconds ?? nowSeconds(world), participant: target, phash, error })
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
  const fingerprint = fingerprintOf(direct)
  // The same stanza again is acknowledged again and delivered once.
  if (known && known.fingerprint === fingerprint) return ack()
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
  world.sentForms.set(key, { to, atSeconds: known?.atSeconds ?? nowSeconds(world), fingerprint })
  if (direct.length === 0) {
    for (const [device, encs] of copies) if (device !== sender) give(device, encs)
    return ack()
  }
  const named = readers.flatMap((jid) => findAccount(world, jid) ?? [])
  const list = isStatus(to) ? undefined : listOf(world, sender, to, named, copies.keys())
  const people = new Set<Account>([sender.account, ...(list?.people ?? named)])
  const devices = [...people].flatMap((account) => [...account.devices.values()])
  // Again under its id it is for those who get the key with it: the others have it.
  for (const device of known ? copies.keys() : devices) if (device !== sender) give(device, [...(copies.get(device) ?? []), ...direct])
  // A list that lost somebody has another hash as well: only somebody who has no key was missed.
  const isMissed = (device: Device): boolean => device !== sender && device.id !== HOSTED_DEVICE && list?.given.has(device) === false
  return ack(undefined, read.optionalText('phash') !== undefined && devices.some(isMissed) ? hashOf(devices) : undefined)
}

/** Device number that is not meant when devices are counted. */
const HOSTED_DEVICE = 99

const hashOf = (devices: readonly Device[]): string =>
  participantHash(devices.filter(({ id }) => id !== HOSTED_DEVICE).map(({ account, id }) => withDevice(account.phoneNumber, id)))

/** Whoever was ever given a key is on the list: no document says how a list is made known to the server. */
const listOf = (world: World, { account: owner, id }: Device, jid: Jid, named: readonly Account[], receivers: Iterable<Device>): BroadcastList => {
  const key = `${owner.lid.user}:${id} ${jid.toString()}`
  const list = world.lists.get(key) ?? { people: new Set(), given: new Set() }
  for (const account of named) list.people.add(account)
  for (const device of receivers) list.given.add(device)
  world.lists.set(key, list)
  return list
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
