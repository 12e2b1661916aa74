import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type protobuf from 'protobufjs'

import * as proto from '../../lib/proto/index.ts'
import { byNumber, enums, fileOf, isPackable, pathOf, schema, types } from './reference.ts'

/** Protobuf map, section 2: declarations, types, enums and fields per file. */
const published: Readonly<Record<string, readonly [number, number, number, number]>> = {
  common: [7, 4, 7, 20],
  adv: [6, 6, 0, 28],
  handshake: [1, 4, 1, 24],
  cert: [2, 5, 0, 16],
  clientPayload: [3, 12, 13, 128],
  companionPairing: [7, 7, 0, 15],
  signal: [4, 4, 0, 19],
  signalStore: [7, 15, 0, 58],
  mediaRetry: [2, 2, 1, 5],
  vname: [5, 6, 5, 26],
  reporting: [2, 2, 0, 6],
  deviceCapabilities: [3, 12, 5, 30],
  syncd: [12, 12, 2, 42],
  message: [103, 330, 121, 1614],
  webMessage: [25, 26, 9, 158],
  callLog: [1, 2, 3, 17],
  syncAction: [5, 98, 21, 348],
  historySync: [18, 17, 7, 157],
  addons: [3, 9, 2, 93],
  groupHistory: [2, 2, 0, 7],
}

/** What the overlay adds: a field of `Message`; a type with one field, and the field that holds it. */
const added: typeof published = { lidMigration: [2, 2, 0, 5], message: [0, 0, 0, 1], syncAction: [0, 1, 0, 2] }

describe('the schema', () => {
  it.each([...new Set([...Object.keys(published), ...Object.keys(added)])])('%s is the closure of its roots, and the overlay', (file) => {
    const own = types.filter((type) => fileOf(type) === file)
    expect([
      schema.nestedArray.filter((object) => fileOf(object) === file).length,
      own.length,
      enums.filter((object) => fileOf(object) === file).length,
      own.reduce((sum, type) => sum + type.fieldsArray.length, 0),
    ]).toEqual([0, 1, 2, 3].map((column) => (published[file]?.[column] ?? 0) + (added[file]?.[column] ?? 0)))
  })

  it('is 575 types, 197 enums and 2,811 fields, and the overlay', () => {
    expect(types.length).toBe(575 + 3)
    expect(enums.length).toBe(197)
    expect(types.reduce((sum, type) => sum + type.fieldsArray.length, 0)).toBe(2811 + 8)
  })

  it('has no required field and no group', () => expect(types.flatMap(({ fieldsArray }) => fieldsArray).filter(({ required, delimited }) => required || delimited)).toEqual([]))

  it('packs four lists, and declares eleven others unpacked as far as they are in the closure', () => {
    const lists = types.flatMap(({ fieldsArray }) => fieldsArray).filter((field) => field.repeated && isPackable(field))
    const named = (packed: boolean) => lists.filter((field) => field.packed === packed).map(pathOf).sort()
    expect(named(true)).toEqual([
      'ADVKeyIndexList.validIndexes',
      'DeviceListMetadata.recipientKeyIndexes',
      'DeviceListMetadata.senderKeyIndexes',
      'Message.AppStateSyncKeyFingerprint.deviceIndexes',
    ])
    expect(named(false)).toEqual([
      'BotCapabilityMetadata.capabilities',
      'BotModeSelectionMetadata.mode',
      'BotModeSelectionMetadata.overrideMode',
      'ClientPayload.shards',
      'MediaEntry.ProgressiveJpegDetails.scanLengths',
      'Message.ImageMessage.scanLengths',
      'SyncActionValue.LabelReorderingAction.sortedLabelIds',
      'SyncActionValue.StatusPrivacyAction.modes',
    ])
  })

  it('has enums without a zero, which only proto2 allows', () =>
    expect(enums.filter((object) => !Object.values((object as protobuf.Enum).values).includes(0)).length).toBe(23))

  it('exports a frozen object per enum', () => {
    for (const object of enums as readonly protobuf.Enum[]) {
      const ours = (proto.enums as Readonly<Record<string, unknown>>)[pathOf(object).replaceAll('.', '_')]
      expect(ours).toEqual({ ...object.values })
      expect(Object.isFrozen(ours)).toBe(true)
    }
  })

  it('has no field whose name every object answers to', () =>
    expect(types.flatMap(byNumber).filter(({ name }) => name in {})).toEqual([]))
})

describe('what is written by the scripts', () => {
  const script = (name: string) => import(new URL(`../../protos/${name}`, import.meta.url).href) as Promise<Readonly<Record<string, ReadonlyMap<string, string>>>>
  const stale = (texts: ReadonlyMap<string, string>, folder: string) =>
    [...texts].filter(([file, text]) => readFileSync(new URL(`../../${folder}/${file}`, import.meta.url), 'utf8') !== text).map(([file]) => file)

  it('protos/*.proto are what the published schema and the overlay give', async () => {
    const { protos } = await script('write-protos.mjs')
    expect(stale(protos!, 'protos')).toEqual([])
  })

  it('lib/proto is what protos/*.proto give', async () => {
    const { modules } = await script('compile.mjs')
    expect(stale(modules!, 'lib/proto')).toEqual([])
  })
})
