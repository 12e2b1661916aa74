import { describe, expect, it } from '@jest/globals'

import { utf8 } from '../../../lib/bytes/bytes.ts'
import { sqliteStore } from '../../../lib/store/sqlite/sqlite-store.ts'
import { freshPaths } from './folder.ts'
import { driver } from './sqlite-driver.ts'

const freshPath = freshPaths()
const describeWithSqlite = driver ? describe : describe.skip

describeWithSqlite('texts in sqliteStore', () => {
  it('are found in the order of their keys, however many there are, each account its own', async () => {
    const path = freshPath()
    const other = await sqliteStore(path, { driver: driver!, account: 'other' }).open()
    await other.commit([{ table: 'chat_texts', key: '0', value: utf8('common rare') }])
    await other.close()
    const open = await sqliteStore(path, { driver: driver! }).open()
    const keyOf = (number: number): string => String(number).padStart(6, '0')
    // Written backwards; more than are put in order.
    await open.commit(Array.from({ length: 10_050 }, (_, index) => ({ table: 'chat_texts' as const, key: keyOf(10_050 - index), value: utf8(index % 5_000 === 7 ? 'common rare' : 'common') })))
    const found = async (word: string, after?: string): Promise<readonly string[]> => (await open.search!('chat_texts', [word], after, 3)).map(({ key }) => key)
    expect(await found('common')).toEqual([keyOf(1), keyOf(2), keyOf(3)])
    expect(await found('common', keyOf(9_000))).toEqual([keyOf(9_001), keyOf(9_002), keyOf(9_003)])
    expect(await found('rare')).toEqual([10_007, 5_007, 7].map((index) => keyOf(10_050 - index)))
    expect(await found('rare', keyOf(43))).toEqual([5_007, 7].map((index) => keyOf(10_050 - index)))
    await open.close()
  }, 60_000)

  it('are made anew after a transaction that was undone', async () => {
    const open = await sqliteStore(':memory:', { driver: driver! }).open()
    expect(() => open.commit([{ table: 'chat_texts', key: 'a', value: utf8('tea') }, { table: 'ledger', key: 'b', value: 'no bytes' as never }, { table: 'ledger', key: 'c', value: {} as never }])).toThrow()
    await open.commit([{ table: 'chat_texts', key: 'a', value: utf8('coffee') }])
    expect((await open.search!('chat_texts', ['coffee'], undefined, 5)).map(({ key }) => key)).toEqual(['a'])
    expect(await open.search!('chat_texts', ['tea'], undefined, 5)).toEqual([])
    await open.close()
  })
})
