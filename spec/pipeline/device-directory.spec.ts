import { describe, expect, it } from '@jest/globals'
import { lastValueFrom } from 'rxjs'

import { createDeviceDirectory } from '../../lib/pipeline/device-directory.ts'
import { decodeDeviceList, encodeDeviceList, type DeviceList } from '../../lib/pipeline/device-list.ts'
import { listOfDevices, withDevices, withoutDevices } from '../../lib/pipeline/patch-device-list.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Write } from '../../lib/store/store.ts'
import { toJid, withDevice, type Jid } from '../../lib/stanza/jid.ts'

const BEN = toJid('90010002@lid')
const list = (ids: readonly number[], more: Partial<DeviceList> = {}): DeviceList => ({
  ids,
  keyIndexes: new Map(ids.filter((id) => id !== 0).map((id) => [id, id])),
  rawId: 7,
  learntAtMs: 0,
  isOutdated: false,
  ...more,
})

describe('a list of devices', () => {
  it.each<[string, DeviceList]>([
    ['whole', list([0, 1, 255], { learntAtMs: 1_767_225_600_000 })],
    ['outdated, of a phone that signs none', list([0], { rawId: undefined, isOutdated: true })],
    ['without places', list([0, 3], { keyIndexes: new Map() })],
  ])('survives the store: %s', (_, kept) => expect(decodeDeviceList(encodeDeviceList(kept))).toEqual(kept))

  it.each([
    ['nothing', new Uint8Array(0)],
    ['the format before', Uint8Array.of(0x42, 0x79, 0, 0, 0, 0, 0, 0, 0, 1)],
    ['half a device', encodeDeviceList(list([0, 1])).subarray(0, -1)],
    ['no time', encodeDeviceList(list([0], { learntAtMs: NaN }))],
  ])('damaged counts as unknown: %s', (_, row) => expect(decodeDeviceList(row)).toBeUndefined())

  const named = (...ids: readonly number[]) => ids.map((id) => ({ deviceId: id, keyIndex: id }))

  it('grows by what the phone vouches for', () => {
    expect(withDevices(list([0, 1]), named(2), { currentIndex: 2, validIndexes: [0, 1, 2], rawId: 7 }).ids).toEqual([0, 1, 2])
    expect(withDevices(list([0, 1]), named(2), { currentIndex: 2, validIndexes: [0, 2], rawId: 7 }).ids).toEqual([0, 2])
    expect(withDevices(list([0, 1]), named(2), { currentIndex: 9, validIndexes: [0, 1], rawId: 7 }).ids).toEqual([0, 1])
    expect(withDevices(list([0, 1]), named(2), undefined).ids).toEqual([0, 1, 2])
  })

  it('begins anew with a phone that did', () => {
    const next = withDevices(list([0, 1, 2]), named(3), { currentIndex: 3, validIndexes: [0, 1, 2, 3], rawId: 8 })
    expect(next).toMatchObject({ ids: [0, 3], rawId: 8, keyIndexes: new Map([[3, 3]]) })
  })

  it('shrinks, but never loses the phone', () => {
    expect(withoutDevices(list([0, 1, 2]), named(1))).toMatchObject({ ids: [0, 2], keyIndexes: new Map([[2, 2]]) })
    expect(withoutDevices(list([0, 1]), named(0, 5)).ids).toEqual([0, 1])
    expect(listOfDevices(named(3), undefined, 5)).toMatchObject({ ids: [0, 3], learntAtMs: 5 })
  })
})

describe('the directory', () => {
  const setUp = () => {
    const store = memoryStore().open() as OpenStore
    const clock = { ms: 0 }
    const directory = createDeviceDirectory(store, () => clock.ms)
    const known = (user: Jid) => lastValueFrom(directory.known([user])).then(([devices]) => devices?.map(({ device }) => device))
    const save = (writes: readonly Write[]) => void store.commit(writes)
    return { store, clock, directory, known, save }
  }
  const answer = { user: BEN, devices: [BEN, withDevice(BEN, 3)], keyIndexes: new Map([[3, 9]]), rawId: 4, isForged: false }

  it('knows what it learnt for a day, also after a restart', async () => {
    const { store, clock, directory, known, save } = setUp()
    expect(await known(BEN)).toBeUndefined()
    save(directory.learn([answer]))
    expect(await known(BEN)).toEqual([0, 3])
    const later = createDeviceDirectory(store, () => clock.ms)
    expect(await lastValueFrom(later.lists([BEN]))).toMatchObject([{ ids: [0, 3], rawId: 4, keyIndexes: new Map([[3, 9]]) }])
    clock.ms = 25 * 3_600_000
    expect(await known(BEN)).toBeUndefined()
  })

  it('forgets what is outdated, but not what it was', async () => {
    const { store, directory, known, save } = setUp()
    save(directory.learn([answer]))
    const version = directory.version()
    save(directory.forget([BEN]))
    expect(directory.version()).toBeGreaterThan(version)
    expect(await known(BEN)).toBeUndefined()
    const later = createDeviceDirectory(store, () => 0)
    expect(await lastValueFrom(later.known([BEN]))).toEqual([undefined])
    expect(await lastValueFrom(later.lists([BEN]))).toMatchObject([{ ids: [0, 3], isOutdated: true }])
    save(later.learn([answer]))
    expect(await lastValueFrom(later.known([BEN]))).toMatchObject([[BEN, withDevice(BEN, 3)]])
  })
})

it('a phone that began a new list is told', () => {
  const others: Jid[] = []
  const directory = createDeviceDirectory(memoryStore().open() as OpenStore, () => 0, (user) => others.push(user))
  const answer = (rawId?: number) => ({ user: BEN, devices: [BEN], isForged: false, ...(rawId !== undefined && { rawId }) })
  directory.learn([answer()])
  directory.learn([answer(1)])
  directory.learn([answer(1)])
  expect(others).toEqual([])
  directory.forget([BEN])
  directory.learn([answer(2)])
  expect(others).toEqual([BEN])
})
