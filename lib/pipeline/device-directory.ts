import type { Observable } from 'rxjs'

import { atOnce, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { withDevice, type Jid } from '../stanza/jid.ts'
import type { UserDevices } from '../requests/device-requests.ts'

/** Which devices people have, as far as the server told us lately. */
export interface DeviceDirectory {
  /** The devices of each user in the order asked; undefined for users who have to be asked for. */
  readonly known: (users: readonly Jid[]) => Observable<ReadonlyArray<readonly Jid[] | undefined>>
  /** Takes note of an answer of the server; returns what to store. */
  readonly learn: (answers: readonly UserDevices[]) => readonly Write[]
  /** The lists of these users are no longer right; returns what to delete. */
  readonly forget: (users: readonly Jid[]) => readonly Write[]
  /** Another number whenever a list changed. */
  readonly version: () => number
}

/** A list is used this long unless something says it changed. */
const TRUSTED_MS = 24 * 3_600_000

interface Entry {
  readonly ids: Uint8Array
  readonly learntAtMs: number
}

/** A directory over an open store. */
export const createDeviceDirectory = (store: OpenStore, now: () => number): DeviceDirectory => {
  const entries = new Map<string, Entry>()
  let version = 0
  const keyOf = ({ user, server }: Jid): string => `${user}@${server}`

  const devicesOf = (user: Jid): readonly Jid[] | undefined => {
    const entry = entries.get(keyOf(user))
    // A time far ahead is a clock that was wrong, or a damaged row.
    if (!entry || Math.abs(now() - entry.learntAtMs) > TRUSTED_MS) return undefined
    return Array.from(entry.ids, (id) => withDevice(user, id))
  }

  return {
    known: (users) => {
      const missing = users.filter((user) => !entries.has(keyOf(user))).map(keyOf)
      if (missing.length === 0) return atOnce(users.map(devicesOf))
      return mapped(answerOf(store.readMany('device_lists', missing)), (rows) => {
        rows.forEach((row, index) => {
          const entry = row && decodeEntry(row)
          if (entry) entries.set(missing[index]!, entry)
        })
        return users.map(devicesOf)
      })
    },
    version: () => version,
    learn: (answers) =>
      answers.map(({ user, devices }): Write => {
        const entry = { ids: Uint8Array.from(devices, ({ device }) => device), learntAtMs: now() }
        entries.set(keyOf(user), entry)
        version += 1
        return { table: 'device_lists', key: keyOf(user), value: encodeEntry(entry) }
      }),
    forget: (users) =>
      users.map((user): Write => {
        entries.delete(keyOf(user))
        version += 1
        return { table: 'device_lists', key: keyOf(user), value: undefined }
      }),
  }
}

/** Eight bytes of time, then one byte per device. */
const encodeEntry = ({ ids, learntAtMs }: Entry): Uint8Array => {
  const row = new Uint8Array(8 + ids.length)
  new DataView(row.buffer).setFloat64(0, learntAtMs)
  row.set(ids, 8)
  return row
}

/** A damaged row counts as unknown: the server is asked again. */
const decodeEntry = (row: Uint8Array): Entry | undefined => {
  const learntAtMs = row.length < 9 ? NaN : new DataView(row.buffer, row.byteOffset).getFloat64(0)
  return Number.isFinite(learntAtMs) ? { learntAtMs, ids: row.slice(8) } : undefined
}
