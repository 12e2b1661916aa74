import { describe, expect, it } from '@jest/globals'
import { lastValueFrom } from 'rxjs'

import { createOwnSenderKeys, type OwnGroupKey } from '../../lib/pipeline/own-sender-keys.ts'
import { createSenderKey } from '../../lib/signal/own-sender-key.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore } from '../../lib/store/store.ts'
import { STATUS, toJid, type Jid } from '../../lib/stanza/jid.ts'

const GROUP = toJid('120363000000000001@g.us')
const OTHER = toJid('120363000000000002@g.us')

const setUp = () => {
  const store = memoryStore().open() as OpenStore
  const make = () => createOwnSenderKeys({ store, quarantine: { put: () => undefined, count: () => 0 }, self: () => toJid('90010001:1@lid') })
  const keys = make()
  const save = async (group: Jid, next: OwnGroupKey, among = keys) => {
    const loan = await lastValueFrom(among.borrow(group))
    loan.put(next)
    void store.commit(loan.writes())
    loan.keep()
  }
  const marksOf = async (group: Jid, among = keys) => [...((await lastValueFrom(among.look(group)))?.marks ?? ['no key'])]
  return { store, keys, make, save, marksOf }
}

const BENS = ['90010002@lid', '90010002:3@lid']

describe('who has our keys', () => {
  it('people in doubt lose their marks in every group, whatever device; others keep theirs', async () => {
    const { keys, save, marksOf } = setUp()
    await save(GROUP, { key: createSenderKey(), marks: new Set([...BENS, '90010003@lid', '900100022@lid']) })
    await save(OTHER, { key: createSenderKey(), marks: new Set(['15550100002@s.whatsapp.net', '90010003@lid']) })
    keys.unmarkPeople([toJid('90010002@lid'), toJid('15550100002@s.whatsapp.net')])
    expect(await marksOf(GROUP)).toEqual(['90010003@lid', '900100022@lid'])
    expect(await marksOf(OTHER)).toEqual(['90010003@lid'])
  })

  it('a mark given after the doubt holds, also in the store', async () => {
    const { keys, make, save, marksOf } = setUp()
    const key = createSenderKey()
    await save(GROUP, { key, marks: new Set([...BENS, '90010003@lid']) })
    keys.unmarkPeople([toJid('90010002@lid')])
    await save(GROUP, { key, marks: new Set(['90010003@lid', '90010002@lid']) })
    expect(await marksOf(GROUP)).toEqual(['90010003@lid', '90010002@lid'])
    expect(await marksOf(GROUP, make())).toEqual(['90010003@lid', '90010002@lid'])
    keys.unmarkPeople([toJid('90010003@lid')])
    expect(await marksOf(GROUP)).toEqual(['90010002@lid'])
  })

  it('a doubt that comes while the key is on loan counts for the next', async () => {
    const { keys, marksOf } = setUp()
    const loan = await lastValueFrom(keys.borrow(GROUP))
    keys.unmarkPeople([toJid('90010002@lid')])
    loan.put({ key: createSenderKey(), marks: new Set(BENS) })
    loan.keep()
    expect(await marksOf(GROUP)).toEqual([])
  })

  it('a key that was retired is gone, here and in the store; the next one stays', async () => {
    const { store, keys, make, save, marksOf } = setUp()
    await save(STATUS, { key: createSenderKey(), marks: new Set(BENS) })
    void store.commit(keys.retire(STATUS))
    expect(await marksOf(STATUS)).toEqual(['no key'])
    expect(await marksOf(STATUS, make())).toEqual(['no key'])
    await save(STATUS, { key: createSenderKey(), marks: new Set(['90010003@lid']) })
    expect(await marksOf(STATUS)).toEqual(['90010003@lid'])
    expect(await marksOf(STATUS, make())).toEqual(['90010003@lid'])
  })
})
