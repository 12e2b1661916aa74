import { bufferCount, concatMap, from, reduce, type Observable } from 'rxjs'

import { readKeyIndexList } from '../pairing/device-identity.ts'
import { isOwn } from '../pipeline/read-source.ts'
import { addressOf } from '../pipeline/session-pool.ts'
import { fetchDevices, type UserDevices } from '../requests/device-requests.ts'
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
export const listDevices = (live: Live, users: readonly Jid[]): Observable<ReadonlyArray<readonly Jid[]>> => {
  const { devices, directory, commit } = live.session
  return followedBy(devices.known(users), (known) => {
    const unknown = users.filter((_, index) => known[index] === undefined)
    if (unknown.length === 0) return atOnce(known.map((list) => list ?? []))
    return from(unknown).pipe(
      bufferCount(USERS_PER_REQUEST),
      concatMap((some) => askForDevices(live, some)),
      reduce((all, answers) => [...all, ...answers], [] as readonly UserDevices[]),
      concatMap((answers) => {
        const writes = [...devices.learn(answers.filter(({ isForged }) => !isForged)), ...answers.flatMap(({ user, lid, phoneNumber }) => directory.learn(user, lid ?? phoneNumber))]
        const told = new Map(answers.map((answer) => [answer.user.toString(), answer.devices]))
        // A user the server does not name still has a phone.
        return mapped(commit(writes), () => users.map((user, index) => known[index] ?? told.get(user.toString()) ?? [withDevice(user, 0)]))
      }),
    )
  })
}

/** Most users asked for in one request, so that reading the answer does not hold everything up. */
const USERS_PER_REQUEST = 256

/** What the server says, checked against the identities of the phones as far as we know them. */
const askForDevices = (live: Live, users: readonly Jid[]): Observable<readonly UserDevices[]> => {
  const { directory, pool } = live.session
  const phoneOf = (user: Jid): string => addressOf(withDevice(directory.canonical(user), 0))
  return followedBy(pool.identities(users.map(phoneOf)), (identities) => {
    const known = new Map(users.map((user, index) => [phoneOf(user), identities[index]]))
    return live.request(
      fetchDevices(users, live.nextQueryId(), (user, signedList) => readKeyIndexList(signedList, known.get(phoneOf(user)))),
    )
  })
}
