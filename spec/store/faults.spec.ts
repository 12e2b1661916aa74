import { describe, expect, it } from '@jest/globals'

import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { Awaitable, OpenStore, Write } from '../../lib/store/store.ts'
import { asyncStore, faultyStore, type StoreFault } from '../../lib/testing/store-faults.ts'
import { createVirtualClock } from '../../lib/testing/virtual-clock.ts'

const put = (key: string): Write => ({ table: 'inbox', key, value: Uint8Array.of(1) })
const keysOf = async (store: OpenStore): Promise<readonly string[]> => (await store.scan('inbox', undefined, 10)).map(({ key }) => key)

/** How a call stands after the event loop has turned a few times. */
const stateOf = async (call: () => Awaitable<unknown>): Promise<string> => {
  let state = 'pending'
  Promise.resolve()
    .then(call)
    .then(
      () => (state = 'done'),
      (error: { readonly code: string; readonly during: string }) => (state = `${error.code} ${error.during}`),
    )
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0))
  return state
}

describe('faultyStore', () => {
  it.each<[StoreFault, string, readonly string[]]>([
    ['pass', 'done', ['1', '2', '3']],
    ['fail_before', 'store_failed commit', ['1', '3']],
    ['fail_after', 'store_failed commit', ['1', '2', '3']],
    ['hang_before', 'pending', ['1', '3']],
    ['hang_after', 'pending', ['1', '2', '3']],
    ['kill_before', 'pending', ['1']],
    ['kill_after', 'pending', ['1', '2']],
  ])('does %p to the second commit', async (fault, state, keys) => {
    for (const disk of [memoryStore(), asyncStore(memoryStore())]) {
      const kills: string[] = []
      const store = faultyStore(disk, { commits: (index) => (index === 2 ? fault : 'pass'), onKill: () => kills.push('killed') })
      const open = await store.open()
      expect(await stateOf(() => open.commit([put('1')]))).toBe('done')
      expect(await stateOf(() => open.commit([put('2')]))).toBe(state)
      const isKill = fault === 'kill_before' || fault === 'kill_after'
      expect(kills).toEqual(isKill ? ['killed'] : [])
      expect(await stateOf(() => open.commit([put('3')]))).toBe(isKill ? 'pending' : 'done')
      expect(await stateOf(() => open.read('inbox', '1'))).toBe(isKill ? 'pending' : 'done')
      expect(store.commitCount()).toBe(isKill ? 2 : 3)
      await open.close()
      expect(await keysOf(await disk.open())).toEqual(keys)
    }
  })

  it('decides by what is written, and keeps counting when it is opened again', async () => {
    const seen: number[] = []
    const store = faultyStore(memoryStore(), {
      commits: (index, writes) => (seen.push(index), writes.some(({ key }) => key === 'bad') ? 'fail_before' : 'pass'),
    })
    for (let time = 0; time < 2; time += 1) {
      const open = await store.open()
      expect(open.commit([put('good')])).toBeUndefined()
      expect(await stateOf(() => open.commit([put('good'), put('bad')]))).toBe('store_failed commit')
      await open.close()
    }
    expect(seen).toEqual([1, 2, 3, 4])
  })

  it('fails reads by what is read', async () => {
    const reads: unknown[] = []
    const store = faultyStore(memoryStore(), { reads: (index, table, keys) => (reads.push([index, table, keys]), table === 'prekeys' ? 'fail_after' : 'pass') })
    const open = await store.open()
    expect(await stateOf(() => open.read('prekeys', 'a'))).toBe('store_failed read')
    expect(await stateOf(() => open.readMany('prekeys', ['a', 'b']))).toBe('store_failed read')
    expect(open.scan('inbox', undefined, 1)).toEqual([])
    expect(reads).toEqual([[1, 'prekeys', ['a']], [2, 'prekeys', ['a', 'b']], [3, 'inbox', []]])
    expect(store.readCount()).toBe(3)
  })

  it('is late by its scheduler', async () => {
    const clock = createVirtualClock()
    const open = await faultyStore(memoryStore(), { commits: () => ({ delayMs: 1_000 }), scheduler: clock.scheduler }).open()
    let isDone = false
    const commit = Promise.resolve(open.commit([put('1')])).then(() => (isDone = true))
    await clock.advance(999)
    expect([isDone, await keysOf(open)]).toEqual([false, []])
    await clock.advance(1)
    await commit
    expect(await keysOf(open)).toEqual(['1'])
  })
})

describe('asyncStore', () => {
  it('answers by promises, on its scheduler when it has one', async () => {
    const clock = createVirtualClock()
    const opening = asyncStore(memoryStore(), clock.scheduler).open()
    expect(clock.pendingTimers()).toBe(1)
    await clock.advance(0)
    const open = await opening
    const reading = open.read('inbox', '1')
    expect(reading).toBeInstanceOf(Promise)
    expect(clock.pendingTimers()).toBe(1)
    await clock.advance(0)
    expect(await reading).toBeUndefined()
  })
})
