import { toHex } from '../bytes/bytes.ts'
import { SIGNATURE_BYTES } from '../signal/sender-key-messages.ts'
import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { Group } from './group.ts'
import type { Device } from './account.ts'
import { addressIn, devicesOf, findGroup, isAdmin, memberOf, otherForm } from './groups.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import { corrupt, deliver, findDevice, nowSeconds, type World } from './world.ts'

/** Children of a message that its receivers see. */
const PASSED_ON: readonly string[] = ['meta', 'biz', 'bot', 'reporting']

/** Device number that is not meant when a group's devices are counted. */
const HOSTED_DEVICE = 99

/** Takes a `<message>` to a group: a copy for every device of every member but the sending one (protocol document 05, simulator 5, 7 and 8). */
export const routeGroupMessage = (world: World, sender: Device, message: Stanza): Stanza => {
  const read = attributesOf(message)
  const [to, id] = [read.jid('to'), read.text('id')]
  const phash = read.optionalText('phash')
  const mode = read.optionalText('addressing_mode')
  const target = read.optionalJid('participant')
  const group = findGroup(world, to)
  const key = formKey(sender, id)
  const known = target ? undefined : world.sentForms.get(key)
  const ack = (more: Readonly<Record<string, string | number | undefined>>): Stanza =>
    stanza('ack', { class: 'message', id, from: to, t: known?.atSeconds ?? nowSeconds(world), participant: target, ...more })

  if (!group) return ack({ error: 404 })
  if (!memberOf(group, sender.account) || (group.flags.has('announcement') && !isAdmin(group, sender.account))) return ack({ error: 403 })
  if (mode !== undefined && mode !== group.addressing) return ack({ error: 421, addressing_mode: group.addressing })
  const direct = childrenOf(message, 'enc')
  const copies = readCopies(world, message)
  const all = [...direct, ...[...copies.values()].flat()]
  if (all.length === 0 || (all.some((enc) => enc.attrs['type'] === 'pkmsg') && sender.id !== 0 && !childOf(message, 'device-identity'))) return ack({ error: 479 })
  for (const enc of all) world.messageKeys.see(enc, `${sender.account.lid.user}:${sender.id}|${group.jid}`)
  const fingerprint = fingerprintOf(direct)
  // The same stanza again is acknowledged again and delivered once.
  if (known && known.fingerprint === fingerprint) return ack({})

  const isCorrupt = world.faults.isNextMessageCorrupt
  world.faults.isNextMessageCorrupt = false
  const give = (device: Device, encs: readonly Stanza[]): void => {
    if (encs.length > 0) deliver(device, copyFor(world, group, sender, message, isCorrupt ? corrupt(encs) : encs))
  }
  if (target) {
    const asked = findDevice(world, target)
    // Some clients send a resend both ways; one of the two is enough.
    if (asked && memberOf(group, asked.account)) give(asked, direct.length > 0 ? direct : (copies.get(asked) ?? []))
    return ack({})
  }
  world.sentForms.set(key, { to, atSeconds: known?.atSeconds ?? nowSeconds(world), fingerprint, askers: new Set() })
  const devices = devicesOf(group)
  // Again under its id it is for those who asked, as some clients answer them, and for those who get the key with it: the others have it.
  for (const device of known ? new Set([...(known.askers ?? []), ...copies.keys()]) : devices) if (device !== sender && !device.isSilent) give(device, [...(copies.get(device) ?? []), ...direct])
  const right = phash === undefined ? undefined : participantHash(devices.filter((device) => device.id !== HOSTED_DEVICE).map((device) => addressIn(group, device)))
  return ack({ phash: right === phash ? undefined : right })
}

const formKey = ({ account, id: device }: Device, id: string): string => `${account.lid.user}:${device}|${id}`

/** The end of a ciphertext is its signature, which no other has. */
export const fingerprintOf = ([enc]: readonly Stanza[]): string => toHex((enc && bytesOf(enc))?.subarray(-SIGNATURE_BYTES) ?? new Uint8Array(0))

/** The copies for single devices, with the sender key mostly. */
const readCopies = (world: World, message: Stanza): ReadonlyMap<Device, readonly Stanza[]> => {
  const copies = new Map<Device, readonly Stanza[]>()
  for (const participants of childrenOf(message, 'participants'))
    for (const copy of childrenOf(participants, 'to')) {
      const jid = attributesOf(copy).optionalJid('jid')
      const device = jid && findDevice(world, jid)
      if (device) copies.set(device, childrenOf(copy, 'enc'))
    }
  return copies
}

const copyFor = (world: World, group: Group, sender: Device, message: Stanza, encs: readonly Stanza[]): Stanza => {
  const { attrs } = message
  return stanza(
    'message',
    {
      from: group.jid,
      participant: addressIn(group, sender),
      ...otherForm(group, sender.account),
      id: attrs['id'],
      type: attrs['type'],
      t: nowSeconds(world),
      notify: sender.account.pushName,
      addressing_mode: group.addressing,
      edit: attrs['edit'],
    },
    [
      ...encs,
      ...childrenOf(message).filter(({ tag }) => PASSED_ON.includes(tag)),
      encs.some((enc) => enc.attrs['type'] === 'pkmsg') ? childOf(message, 'device-identity') : undefined,
    ],
  )
}

/** Passes a `<receipt>` for a message of a group on (protocol document 06, simulator side). */
export const passGroupReceipt = (world: World, group: Group, reader: Device, receipt: Stanza): void => {
  const read = attributesOf(receipt)
  const [id, type, author] = [read.text('id'), read.optionalText('type'), read.optionalJid('participant')]
  const device = author && findDevice(world, author)
  if (!device || !memberOf(group, reader.account)) return
  const send = (to: Device, more: Readonly<Record<string, string | Jid | undefined>> = {}): void =>
    deliver(to, stanza('receipt', { from: group.jid, participant: addressIn(group, reader), id, t: nowSeconds(world), type, ...more }, childrenOf(receipt)))
  if (type === 'retry') {
    world.sentForms.get(formKey(device, id))?.askers?.add(reader)
    send(device)
    return
  }
  // Who got a message tells the device that sent it; who read it tells the person.
  if (type === undefined || type === 'inactive') {
    send(device, { type: undefined })
    return
  }
  const isPrivate = type === 'read-self' || type === 'played-self'
  if (!isPrivate) for (const own of device.account.devices.values()) send(own)
  for (const other of reader.account.devices.values()) if (other !== reader && reader.account !== device.account) send(other, { recipient: group.addressing === 'lid' ? device.account.lid : device.account.phoneNumber })
}
