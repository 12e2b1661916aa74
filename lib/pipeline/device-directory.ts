import type { Observable } from 'rxjs'

import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { withDevice, type Jid } from '../stanza/jid.ts'
import type { UserDevices } from '../requests/device-requests.ts'
import { decodeDeviceList, encodeDeviceList, type DeviceList } from './device-list.ts'

/** Which devices people have, as far as the server told us lately. */
export interface DeviceDirectory {
  /** The devices of each user in the order asked; undefined for users who have to be asked for. */
  readonly known: (users: readonly Jid[]) => Observable<ReadonlyArray<readonly Jid[] | undefined>>
  /** The list of each user, however old; undefined where there never was one. */
  readonly lists: (users: readonly Jid[]) => Observable<ReadonlyArray<DeviceList | undefined>>
  /** Takes note of an answer of the server; returns what to store. */
  readonly learn: (answers: readonly UserDevices[]) => readonly Write[]
  /** Another list for a user; returns what to store. */
  readonly put: (user: Jid, list: DeviceList) => readonly Write[]
  /** The lists of these users are no longer right: they are asked for again. Returns what to store. */
  readonly forget: (users: readonly Jid[]) => readonly Write[]
  /** Another number whenever a list changed. */
  readonly version: () => number
}

/** A list is used this long unless something says it changed. */
const TRUSTED_MS = 24 * 3_600_000

/**
 * A directory over an open store.
 *
 * @param onOtherPhone told who has a phone that began a new list: all linked devices are others, whatever
 *   their numbers are (protocol document 05, section 6)
 */
export const createDeviceDirectory = (store: OpenStore, now: () => number, onOtherPhone: (user: Jid) => void = () => undefined): DeviceDirectory => {
  const entries = new Map<string, DeviceList>()
  let version = 0
  const keyOf = ({ user, server }: Jid): string => `${user}@${server}`

  const devicesOf = (user: Jid): readonly Jid[] | undefined => {
    const entry = entries.get(keyOf(user))
    // A time far ahead is a clock that was wrong, or a damaged row.
    if (!entry || entry.isOutdated || Math.abs(now() - entry.learntAtMs) > TRUSTED_MS) return undefined
    return entry.ids.map((id) => withDevice(user, id))
  }

  /** Emits `read()` once everything that the store holds of these users is in memory. */
  const loaded = <T>(users: readonly Jid[], read: () => T): Observable<T> => {
    const missing = users.filter((user) => !entries.has(keyOf(user))).map(keyOf)
    if (missing.length === 0) return atOnce(read())
    return mapped(answerOf(store.readMany('device_lists', missing)), (rows) => {
      rows.forEach((row, index) => {
        // Somebody may have been faster while the store was read; a damaged row counts as unknown.
        const entry = row && !entries.has(missing[index]!) ? decodeDeviceList(row) : undefined
        if (entry) entries.set(missing[index]!, entry)
      })
      return read()
    })
  }

  const put = (user: Jid, list: DeviceList): Write => {
    entries.set(keyOf(user), list)
    version += 1
    return { table: 'device_lists', key: keyOf(user), value: encodeDeviceList(list) }
  }

  return {
    known: (users) => loaded(users, () => users.map(devicesOf)),
    lists: (users) => loaded(users, () => users.map((user) => entries.get(keyOf(user)))),
    version: () => version,
    learn: (answers) =>
      answers.map(({ user, devices, keyIndexes, rawId }) => {
        const before = entries.get(keyOf(user))?.rawId
        const write = put(user, { ids: devices.map(({ device }) => device), keyIndexes: keyIndexes ?? NO_INDEXES, rawId, learntAtMs: now(), isOutdated: false })
        if (before !== undefined && rawId !== undefined && before !== rawId) onOtherPhone(user)
        return write
      }),
    put: (user, list) => [put(user, list)],
    forget: (users) =>
      users.flatMap((user): readonly Write[] => {
        const entry = entries.get(keyOf(user))
        // What it was is still of use: it tells which sessions there may be.
        if (entry) return [put(user, { ...entry, isOutdated: true })]
        version += 1
        return [{ table: 'device_lists', key: keyOf(user), value: undefined }]
      }),
  }
}

const NO_INDEXES: ReadonlyMap<number, number> = new Map()
