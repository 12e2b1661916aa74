import { isGroup, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { Account, Device } from './account.ts'
import { findAccount, nowSeconds, type World } from './world.ts'

/** Who is there, and who wants to know (protocol document 13, section 13). */
interface Presences {
  /** Devices that said that they are there. */
  readonly available: Set<Device>
  /** When somebody was there last, by user part of the LID; in seconds since 1970. */
  readonly lastSeen: Map<string, number>
  /** Who asked for whom, under which address; by user part of the LID of the one asked for. */
  readonly subscribers: Map<string, Map<Device, Jid>>
}

const books = new WeakMap<World, Presences>()

const bookOf = (world: World): Presences => {
  const known = books.get(world) ?? { available: new Set<Device>(), lastSeen: new Map<string, number>(), subscribers: new Map<string, Map<Device, Jid>>() }
  books.set(world, known)
  return known
}

const isThere = ({ available }: Presences, account: Account): boolean => [...account.devices.values()].some((device) => available.has(device))

/** What a subscriber is told, if it is there itself to be told. */
const tell = (world: World, subscriber: Device, account: Account, from: Jid): void => {
  const book = bookOf(world)
  if (!book.available.has(subscriber)) return
  const last = book.lastSeen.get(account.lid.user)
  subscriber.line?.send(stanza('presence', isThere(book, account) ? { from } : { from, type: 'unavailable', last: last ?? 'none' }))
}

const change = (world: World, device: Device, isAvailable: boolean): void => {
  const book = bookOf(world)
  const { account } = device
  const before = isThere(book, account)
  if (isAvailable) book.available.add(device)
  else book.available.delete(device)
  const after = isThere(book, account)
  if (before === after) return
  if (!after) book.lastSeen.set(account.lid.user, nowSeconds(world))
  for (const [subscriber, from] of book.subscribers.get(account.lid.user) ?? []) tell(world, subscriber, account, from)
}

/** Takes a `<presence>` of a device: that it is there or gone, and whom it asks for. */
export const takePresence = (world: World, device: Device, presence: Stanza): void => {
  const read = attributesOf(presence)
  const name = read.optionalText('name')
  if (name) device.account.pushName = name
  const to = read.optionalJid('to')
  const type = read.optionalText('type')
  switch (type) {
    case 'subscribe':
    case 'unsubscribe': {
      const account = to && !isGroup(to) ? findAccount(world, to) : undefined
      if (!to || !account) return
      const { subscribers } = bookOf(world)
      const asking = subscribers.get(account.lid.user) ?? new Map<Device, Jid>()
      subscribers.set(account.lid.user, asking)
      if (type === 'unsubscribe') asking.delete(device)
      else {
        asking.set(device, to)
        tell(world, device, account, to)
      }
      return
    }
    case 'unavailable':
    case 'available':
    case undefined:
      change(world, device, type !== 'unavailable')
  }
}

/** A device is gone, and with it whom it asked for. */
export const endPresence = (world: World, device: Device): void => {
  const { subscribers } = bookOf(world)
  for (const asking of subscribers.values()) asking.delete(device)
  change(world, device, false)
}
