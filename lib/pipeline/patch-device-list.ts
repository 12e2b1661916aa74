import type { NamedDevice } from '../events/device-events.ts'
import { isVouchedFor, type KeyIndexes } from '../pairing/device-identity.ts'
import type { DeviceList } from './device-list.ts'

/**
 * A list after devices were linked (protocol document 11, section 6). A phone that began a new list has no
 * other devices than these; otherwise those go that it no longer vouches for.
 *
 * @param indexes what the phone says; absent when the notification had no list
 */
export const withDevices = (list: DeviceList, devices: readonly NamedDevice[], indexes: KeyIndexes | undefined): DeviceList => {
  const isOther = list.rawId !== undefined && indexes?.rawId !== undefined && list.rawId !== indexes.rawId
  const holds = (id: number): boolean => {
    const keyIndex = list.keyIndexes.get(id)
    return !isOther && (!indexes || keyIndex === undefined || isVouchedFor(indexes, keyIndex))
  }
  const kept = list.ids.filter((id) => id === 0 || holds(id))
  const added = devices.filter(({ deviceId, keyIndex }) => deviceId === 0 || !indexes || (keyIndex !== undefined && isVouchedFor(indexes, keyIndex)))
  const keyIndexes = new Map([...list.keyIndexes].filter(([id]) => kept.includes(id)))
  for (const { deviceId, keyIndex } of added) if (keyIndex !== undefined) keyIndexes.set(deviceId, keyIndex)
  return { ...list, ids: withPhone([...kept, ...added.map(({ deviceId }) => deviceId)]), keyIndexes, rawId: indexes?.rawId ?? list.rawId }
}

/** A list after devices were unlinked; a phone is never unlinked. */
export const withoutDevices = (list: DeviceList, devices: readonly NamedDevice[]): DeviceList => {
  const gone = new Set(devices.map(({ deviceId }) => deviceId))
  const ids = withPhone(list.ids.filter((id) => !gone.has(id)))
  return { ...list, ids, keyIndexes: new Map([...list.keyIndexes].filter(([id]) => ids.includes(id))) }
}

/** A list the server gave whole: linked devices the phone does not vouch for do not count. */
export const listOfDevices = (devices: readonly NamedDevice[], indexes: KeyIndexes | undefined, nowMs: number): DeviceList =>
  withDevices({ ids: [0], keyIndexes: new Map(), rawId: undefined, learntAtMs: nowMs, isOutdated: false }, devices, indexes)

/** Each number once, ascending, the phone first. */
const withPhone = (ids: readonly number[]): readonly number[] => [...new Set([0, ...ids])].sort((one, other) => one - other)
