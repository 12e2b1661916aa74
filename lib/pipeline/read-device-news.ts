import type { DeviceEvent, NamedDevice } from '../events/device-events.ts'
import { isOwn } from './read-source.ts'
import type { AccountLink } from '../account/account.ts'
import { isLid, isPhoneNumber, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'

/** What a notification says about devices. */
export type DeviceNews =
  | {
      readonly kind: 'added' | 'removed'
      readonly user: Jid
      readonly lid: Jid | undefined
      readonly devices: readonly NamedDevice[]
      /** Hashes of the list as it should be now, over the addresses in the form of each. */
      readonly hash: string | undefined
      readonly lidHash: string | undefined
      readonly signedList: Uint8Array | undefined
    }
  /** The list of a contact, named by a hash of the address, is no longer right. */
  | { readonly kind: 'outdated'; readonly user: Jid; readonly lid: Jid | undefined; readonly contactHash: string }
  | { readonly kind: 'own'; readonly devices: readonly NamedDevice[]; readonly signedList: Uint8Array | undefined }

/** The reading of a notification. */
export type DeviceReading =
  | { readonly kind: 'news'; readonly news: DeviceNews; readonly event: DeviceEvent }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }
  /** It is about something else, or says nothing that counts. */
  | { readonly kind: 'nothing' }

const NOTHING: DeviceReading = { kind: 'nothing' }

/** Highest number of a device; a list has at most one entry for each. */
const MOST_NUMBER = 255
const MOST_DEVICES = MOST_NUMBER + 1

/**
 * Reads `devices` and the devices of `account_sync` (protocol document 11, sections 6 and 7). Exactly one
 * operation counts: `remove` before `add` before `update`.
 */
export const readDeviceNews = (notification: Stanza, link: () => AccountLink): DeviceReading => {
  const { type } = notification.attrs
  if (type === 'devices') return readOthers(notification)
  const devices = type === 'account_sync' ? childOf(notification, 'devices') : undefined
  return devices ? readOwn(notification, devices, link()) : NOTHING
}

const malformed = (...faults: readonly string[]): DeviceReading => ({ kind: 'malformed', faults })

const readOthers = (notification: Stanza): DeviceReading => {
  const envelope = attributesOf(notification)
  const from = envelope.jid('from')
  const lidAttribute = envelope.optionalJid('lid')
  const faults = [...envelope.faults]
  const user = userOf(from)
  const lid = lidAttribute && isLid(lidAttribute) ? userOf(lidAttribute) : undefined
  if (faults.length === 0 && !isLid(user) && !isPhoneNumber(user)) faults.push('notification: from is not a person')
  if (faults.length > 0) return malformed(...faults)
  const who = { user, lid }
  const remove = childOf(notification, 'remove')
  const add = childOf(notification, 'add')
  const update = childOf(notification, 'update')
  if (remove) return readChange(remove, 'removed', who)
  if (add) return readChange(add, 'added', who)
  if (!update) return malformed('notification: add, remove or update is missing')
  const read = attributesOf(update)
  const contactHash = read.text('hash')
  if (read.faults.length > 0) return malformed(...read.faults)
  return {
    kind: 'news',
    news: { kind: 'outdated', ...who, contactHash },
    event: { type: 'device_list_update', user, ...(lid && { lidUser: lid }), updateType: 'update', devices: [], contactHash },
  }
}

const readChange = (operation: Stanza, kind: 'added' | 'removed', { user, lid }: { readonly user: Jid; readonly lid: Jid | undefined }): DeviceReading => {
  const read = attributesOf(operation)
  const [hash, lidHash] = [read.optionalText('device_hash'), read.optionalText('device_lid_hash')]
  const list = childOf(operation, 'key-index-list')
  const reader = list && attributesOf(list)
  const timestamp = reader?.instant('ts')
  const faults = [...(reader ? reader.faults : [`${operation.tag}: key-index-list is missing`])]
  if (kind === 'removed' && timestamp?.getTime() === 0 && faults.length === 0) faults.push('key-index-list: ts is not a time')
  const devices = readDevices(operation, lid ? [user.user, lid.user] : [user.user], faults)
  if (faults.length === 0 && devices.length === 0) faults.push(`${operation.tag}: device is missing`)
  if (faults.length > 0 || !timestamp) return malformed(...faults)
  const signedList = kind === 'added' ? bytesOf(list) : undefined
  return {
    kind: 'news',
    news: { kind, user, lid, devices, hash, lidHash, signedList },
    event: {
      type: 'device_list_update',
      user,
      ...(lid && { lidUser: lid }),
      updateType: kind === 'added' ? 'add' : 'remove',
      devices,
      keyIndex: { timestamp, ...(signedList && { signedBytes: signedList }) },
    },
  }
}

const readOwn = (notification: Stanza, list: Stanza, link: AccountLink): DeviceReading => {
  const envelope = attributesOf(notification)
  const from = envelope.jid('from')
  const timestamp = envelope.optionalInstant('t') ?? new Date(0)
  const hash = attributesOf(list).optionalText('dhash')
  const faults = [...envelope.faults]
  if (faults.length === 0 && !isOwn(link, from)) faults.push('notification: from is not this account')
  const devices = readDevices(list, undefined, faults)
  if (faults.length > 0) return malformed(...faults)
  // An empty list says nothing: there is always the phone.
  if (devices.length === 0) return NOTHING
  return {
    kind: 'news',
    news: { kind: 'own', devices, signedList: bytesOf(childOf(list, 'key-index-list')) },
    event: { type: 'own_devices_updated', devices, ...(hash !== undefined && { dhash: hash }), timestamp },
  }
}

/** The devices of a list; each once. Those of others than `users` are a fault. */
const readDevices = (list: Stanza, users: readonly string[] | undefined, faults: string[]): readonly NamedDevice[] => {
  const byId = new Map<number, NamedDevice>()
  for (const device of childrenOf(list, 'device').slice(0, MOST_DEVICES)) {
    const read = attributesOf(device)
    const jid = read.jid('jid')
    const lid = read.optionalJid('lid')
    const keyIndex = read.optionalInteger('key-index')
    if (read.faults.length === 0 && users && !users.includes(jid.user)) read.faults.push('device: jid is of somebody else')
    if (read.faults.length === 0 && lid && lid.device !== jid.device) read.faults.push('device: lid is another device than jid')
    if (read.faults.length === 0 && jid.device > MOST_NUMBER) read.faults.push('device: jid has no number of a device')
    if (keyIndex !== undefined && (keyIndex < 0 || keyIndex > 0xffff_ffff)) read.faults.push('device: key-index is not a whole number')
    faults.push(...read.faults)
    if (read.faults.length === 0) byId.set(jid.device, { deviceId: jid.device, ...(keyIndex !== undefined && { keyIndex }) })
  }
  return [...byId.values()]
}
