import { describe, expect, it } from '@jest/globals'
import { lastValueFrom } from 'rxjs'

import { toHex } from '../../lib/bytes/bytes.ts'
import { createLidDirectory } from '../../lib/pipeline/lid-directory.ts'
import { readPrivacyTokens } from '../../lib/pipeline/read-privacy-tokens.ts'
import { loadTokenShelf } from '../../lib/pipeline/token-shelf.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import type { OpenStore, Write } from '../../lib/store/store.ts'
import { toJid } from '../../lib/stanza/jid.ts'
import { stanzaOfNode, type VectorNode } from '../stanza/vector-node.ts'
import { vectorCases } from '../vectors.ts'

const [BEN, NUMBER] = [toJid('90010002@lid'), toJid('15550100002@s.whatsapp.net')]
const WEEK = 604_800
const token = (byte: number) => new Uint8Array(8).fill(byte)

const setUp = async (properties: Readonly<Record<number, string>> = {}) => {
  const store = memoryStore().open() as OpenStore
  const directory = createLidDirectory()
  const clock = { seconds: 100 * WEEK + 5 }
  const load = () => lastValueFrom(loadTokenShelf(store, { directory, nowMs: () => clock.seconds * 1_000, valueOf: (code) => properties[code] }))
  const save = (writes: readonly Write[]): number => {
    void store.commit(writes)
    return writes.length
  }
  return { store, directory, clock, load, save, shelf: await load() }
}

describe('tokens others gave us', () => {
  it('are good for four periods, also after a restart', async () => {
    const { clock, load, save, shelf } = await setUp()
    save(shelf.take(BEN, token(1), clock.seconds))
    expect(shelf.tokenOf(BEN)).toEqual(token(1))
    clock.seconds = 104 * WEEK - 1
    expect(shelf.tokenOf(BEN)).toEqual(token(1))
    clock.seconds = 104 * WEEK
    expect(shelf.tokenOf(BEN)).toBeUndefined()
    clock.seconds = 101 * WEEK
    expect((await load()).tokenOf(BEN)).toEqual(token(1))
  })

  it.each([
    ['as the server sets it', { 865: '3600', 909: '2' }, 3_600, 7_200],
    ['never longer than half a year a period', { 865: '99999999', 909: '1' }, 15_552_000 - 1, 2 * 15_552_000],
    ['as usual when it sets nonsense', { 865: 'x', 909: '0' }, 3 * WEEK, 5 * WEEK],
  ])('%s', async (_, properties, good, bad) => {
    const { clock, save, shelf } = await setUp(properties as Record<number, string>)
    clock.seconds = 0
    save(shelf.take(BEN, token(1), 0))
    clock.seconds = good
    expect(shelf.tokenOf(BEN)).toBeDefined()
    clock.seconds = bad
    expect(shelf.tokenOf(BEN)).toBeUndefined()
  })

  it('give way to newer ones, not to older; the same one only gets older', async () => {
    const { clock, save, shelf } = await setUp()
    save(shelf.gave(BEN, 7))
    const t = clock.seconds
    expect(save(shelf.take(BEN, token(1), t))).toBe(1)
    expect(save(shelf.take(BEN, token(2), t - 1))).toBe(0)
    expect(save(shelf.take(BEN, token(1), t))).toBe(0)
    expect(save(shelf.take(BEN, token(1), t + 1))).toBe(1)
    expect(save(shelf.take(BEN, token(3), t + 2))).toBe(1)
    expect(shelf.tokenOf(BEN)).toEqual(token(3))
    expect(save(shelf.take(BEN, new Uint8Array(0), t + 3))).toBe(0)
    expect(save(shelf.take(BEN, new Uint8Array(5_000), t + 3))).toBe(0)
  })

  it('belong to the person, under either address', async () => {
    const { clock, directory, save, shelf } = await setUp()
    save(shelf.take(NUMBER, token(1), clock.seconds))
    expect(shelf.tokenOf(BEN)).toBeUndefined()
    directory.learn(BEN, NUMBER)
    expect(shelf.tokenOf(BEN)).toEqual(token(1))
    save(shelf.take(BEN, token(2), clock.seconds + 1))
    expect(shelf.tokenOf(NUMBER)).toEqual(token(2))
  })
})

describe('tokens we give', () => {
  it('are due once a period', async () => {
    const { clock, load, save, shelf } = await setUp()
    expect([shelf.isDue(BEN), shelf.givenAtSeconds(BEN)]).toEqual([true, undefined])
    save(shelf.gave(BEN, clock.seconds))
    expect(shelf.isDue(BEN)).toBe(false)
    clock.seconds = 101 * WEEK - 1
    expect((await load()).isDue(BEN)).toBe(false)
    clock.seconds = 101 * WEEK
    expect(shelf.isDue(BEN)).toBe(true)
    expect(shelf.givenAtSeconds(BEN)).toBe(100 * WEEK + 5)
    clock.seconds = 104 * WEEK
    expect(shelf.givenAtSeconds(BEN)).toBeUndefined()
    expect(shelf.tokenOf(BEN)).toBeUndefined()
  })
})

describe('what stands in for a token', () => {
  it('is the known answer, and needs a salt and a LID', async () => {
    const { directory, load, save, shelf } = await setUp()
    const person = toJid('222222222222222@lid')
    expect(shelf.substituteFor(person)).toBeUndefined()
    save(shelf.keepSalt(new Uint8Array(32).fill(0x5a)))
    const known = '4e01e950f6f6f15a0d71118c26b02998362e023dfbfcd2db81aa5d8502d55d12'
    expect(toHex(shelf.substituteFor(person)!)).toBe(known)
    expect(toHex((await load()).substituteFor(person)!)).toBe(known)
    expect(shelf.substituteFor(NUMBER)).toBeUndefined()
    directory.learn(NUMBER, person)
    expect(toHex(shelf.substituteFor(NUMBER)!)).toBe(known)
    save(shelf.keepSalt(undefined))
    expect(shelf.substituteFor(person)).toBeUndefined()
    expect((await load()).substituteFor(person)).toBeUndefined()
  })
})

it('a damaged row counts as absent', async () => {
  const { store, load } = await setUp()
  void store.commit([
    { table: 'tokens', key: BEN.toString(), value: new Uint8Array(3) },
    { table: 'tokens', key: NUMBER.toString(), value: new Uint8Array(24).fill(0xff) },
  ])
  const shelf = await load()
  expect([shelf.tokenOf(BEN), shelf.tokenOf(NUMBER), shelf.isDue(BEN)]).toEqual([undefined, undefined, true])
})

describe('privacy tokens on vectors', () => {
  it.each(vectorCases<{ readonly group: string; readonly stanza: VectorNode; readonly expected: { readonly from: string; readonly lid?: string; readonly tokens: ReadonlyArray<{ readonly timestamp?: number; readonly token?: string }> } }>('events').filter(({ group }) => group === 'privacy token'))(
    '$id',
    ({ stanza: node, expected }) => {
      const reading = readPrivacyTokens(stanzaOfNode(node))
      if (reading.kind !== 'news') throw new Error(reading.kind)
      expect(reading.tokens).toHaveLength(expected.tokens.length)
      expected.tokens.forEach((wanted, index) => {
        if (wanted.timestamp !== undefined) expect(reading.tokens[index]!.atSeconds).toBe(wanted.timestamp)
        if (wanted.token !== undefined) expect(toHex(reading.tokens[index]!.token)).toBe(wanted.token)
      })
    },
  )
})
