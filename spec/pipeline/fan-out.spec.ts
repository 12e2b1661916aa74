import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { fanOutOf, isUsable } from '../../lib/pipeline/fan-out.ts'
import { createOwnSenderKeys, type OwnGroupKey } from '../../lib/pipeline/own-sender-keys.ts'
import { createSenderKey } from '../../lib/signal/own-sender-key.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { participantHash } from '../../lib/stanza/participant-hash.ts'
import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { OpenStore } from '../../lib/store/store.ts'

const self = toJid('1:2@lid')
const devices = ['1@lid', '1:2@lid', '2@lid', '2:7@lid', '2:99@lid', '3@lid'].map(toJid)
const fanOut = fanOutOf({ addressingMode: 'lid', members: ['1@lid', '2@lid', '3@lid'].map(toJid) }, devices, self)
const GROUP = toJid('120363000000000001@g.us')

describe('the readers of a group', () => {
  it('are all devices but ours and hosted ones; the hash covers ours', () => {
    expect(fanOut.readers.map(({ name }) => name)).toEqual(['1@lid', '2@lid', '2:7@lid', '3@lid'])
    expect(fanOut.hash).toBe(participantHash(devices.filter(({ device }) => device !== 99)))
  })

  it.each([
    ['nobody was given it', [], ['1@lid', '2@lid', '2:7@lid', '3@lid'], false],
    ['everybody was', ['1@lid', '2@lid', '2:7@lid', '3@lid'], [], false],
    ['a device is new', ['1@lid', '2@lid', '3@lid'], ['2:7@lid'], false],
    ['a phone lacks it, and so all of its devices do', ['1@lid', '2:7@lid', '3@lid'], ['2@lid', '2:7@lid'], false],
    ['a device is gone', ['1@lid', '2@lid', '2:7@lid', '3@lid', '3:1@lid'], [], true],
  ] as const)('when %s', (_, marked, lacking, isLeaked) => {
    const marks = new Set<string>(marked)
    const judgement = fanOut.judge(marks)
    expect(judgement.lacking.map(({ name }) => name)).toEqual(lacking)
    expect(judgement.isLeaked).toBe(isLeaked)
    expect(fanOut.judge(marks)).toBe(judgement)
  })

  it('end the use of a key by leaving, and so does its age', () => {
    const key = createSenderKey()
    const known = new Set(['1@lid'])
    expect(isUsable(fanOut, { key: { ...key, iteration: 999 }, marks: known })).toBe(true)
    expect(isUsable(fanOut, { key: { ...key, iteration: 1_000 }, marks: known })).toBe(false)
    expect(isUsable(fanOut, { key, marks: new Set(['9@lid']) })).toBe(false)
  })
})

const setUp = () => {
  const store = memoryStore().open() as OpenStore
  const quarantined: string[] = []
  const quarantine = { put: (table: string, key: string) => void quarantined.push(`${table}/${key}`), count: () => 0 }
  const open = () => createOwnSenderKeys({ store, quarantine, self: () => self })
  const keep = async (keys: ReturnType<typeof open>, next: OwnGroupKey): Promise<readonly string[]> => {
    const loan = await firstValueFrom(keys.borrow(GROUP))
    loan.put(next)
    const writes = loan.writes()
    void store.commit(writes)
    loan.keep()
    return writes.map(({ table }) => table)
  }
  return { store, quarantined, open, keep, marksOf: async (keys: ReturnType<typeof open>) => [...((await firstValueFrom(keys.look(GROUP)))?.marks ?? [])] }
}

describe('our own sender keys', () => {
  it('come back from the store with their marks; a warm message writes only the key', async () => {
    const { open, keep } = setUp()
    const keys = open()
    const first: OwnGroupKey = { key: createSenderKey(), marks: new Set(['2@lid', '2:7@lid']) }
    expect(await keep(keys, first)).toEqual(['sender_keys', 'sender_key_marks'])
    expect(await keep(keys, { ...first, key: { ...first.key, iteration: 1 } })).toEqual(['sender_keys'])
    expect(await firstValueFrom(open().look(GROUP))).toEqual({ key: { ...first.key, iteration: 1 }, marks: first.marks })
  })

  it('forget marks of another key', async () => {
    const { store, open, keep, marksOf } = setUp()
    const key = createSenderKey()
    await keep(open(), { key, marks: new Set(['2@lid']) })
    const row = store.read('sender_key_marks', GROUP.toString()) as Uint8Array
    await keep(open(), { key: { ...createSenderKey(), keyId: key.keyId ^ 1 }, marks: new Set() })
    void store.commit([{ table: 'sender_key_marks', key: GROUP.toString(), value: row }])
    expect(await marksOf(open())).toEqual([])
  })

  it('lose single marks, once, also while they are on loan', async () => {
    const { open, keep, marksOf } = setUp()
    const keys = open()
    const current: OwnGroupKey = { key: createSenderKey(), marks: new Set(['2@lid', '2:7@lid', '3@lid']) }
    await keep(keys, current)
    keys.unmark(GROUP, [toJid('2:7@lid')])
    expect(await marksOf(keys)).toEqual(['2@lid', '3@lid'])
    const loan = await firstValueFrom(keys.borrow(GROUP))
    expect([...loan.current!.marks]).toEqual(['2@lid', '3@lid'])
    keys.unmark(GROUP, [toJid('3@lid')])
    loan.put({ ...current, marks: new Set(['2@lid', '2:7@lid', '3@lid']) })
    loan.keep()
    expect(await marksOf(keys)).toEqual(['2@lid', '2:7@lid'])
  })

  it('are lent to one at a time, and as they were when given back', async () => {
    const { open, keep } = setUp()
    const keys = open()
    const current: OwnGroupKey = { key: createSenderKey(), marks: new Set() }
    await keep(keys, current)
    const loan = await firstValueFrom(keys.borrow(GROUP))
    let lent = 0
    const waiting = keys.borrow(GROUP).subscribe(({ current: seen, release }) => {
      lent += 1
      expect(seen).toEqual(current)
      release()
    })
    loan.put({ ...current, key: createSenderKey() })
    expect(lent).toBe(0)
    loan.release()
    expect(lent).toBe(1)
    waiting.unsubscribe()
  })

  it('that cannot be read are put aside', async () => {
    const { store, open, quarantined } = setUp()
    void store.commit([{ table: 'sender_keys', key: `${GROUP}|1:2@lid`, value: Uint8Array.of(7) }])
    expect(await firstValueFrom(open().look(GROUP))).toBeUndefined()
    expect(quarantined).toEqual([`sender_keys/${GROUP}|1:2@lid`])
  })
})
