import type { Observable } from 'rxjs'

import { isOwn } from '../pipeline/read-source.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { isLid, sameJid, userOf, withDevice, type Jid } from '../stanza/jid.ts'
import type { Live } from './live.ts'

/** Where a message for a person goes. */
export interface Recipients {
  /** The chat in the address form of the wire. */
  readonly to: Jid
  readonly peerPn: Jid | undefined
  readonly devices: readonly Jid[]
  readonly ownDevices: readonly Jid[]
}

/** The devices of a person and our own others, all in the address form of the chat (protocol document 05, sections 3.1 and 8). */
export const findDevices = (live: Live, chat: Jid): Observable<Recipients> => {
  const { session } = live
  const link = session.link()
  const isSelf = isOwn(link, chat)
  const user = userOf(chat)
  const me = isLid(chat) ? userOf(link.lid) : userOf(link.id)
  return mapped(listDevices(live, isSelf ? [me] : [user, me]), (lists): Recipients => {
    const usesLid = isLid(user) || (link.isLidMigrated && session.directory.lidOf(user) !== undefined)
    const to = usesLid ? session.directory.canonical(user) : user
    const inForm = (devices: readonly Jid[], owner: Jid): readonly Jid[] => devices.map(({ device }) => withDevice(owner, device))
    const self = usesLid ? link.lid : link.id
    const ownDevices = inForm(lists.at(-1) ?? [], userOf(self)).filter((device) => !sameJid(device, self))
    return {
      to,
      peerPn: usesLid ? session.directory.phoneNumberOf(to) : undefined,
      devices: isSelf ? [] : inForm(lists[0] ?? [withDevice(user, 0)], to),
      ownDevices,
    }
  })
}

/** Known device lists in the order of the users, and the server's answer for those we know none of. */
export const listDevices = (live: Live, users: readonly Jid[]): Observable<ReadonlyArray<readonly Jid[]>> =>
  followedBy(live.session.devices.known(users), (known) => {
    const unknown = users.filter((_, index) => known[index] === undefined)
    if (unknown.length === 0) return atOnce(known.map((list) => list ?? []))
    // A user the server does not name still has a phone.
    return mapped(live.askDevices(unknown), (told) => users.map((user, index) => known[index] ?? told.get(user.toString()) ?? [withDevice(user, 0)]))
  })
