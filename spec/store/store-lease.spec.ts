import { describe, expect, it } from '@jest/globals'
import { concat, NEVER, of, throwError } from 'rxjs'

import { fromAwaitable } from '../../lib/store/from-awaitable.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createStoreLease } from '../../lib/store/store-lease.ts'
import type { Store } from '../../lib/store/store.ts'
import { createVirtualClock } from '../../lib/testing/index.ts'

/** A store that takes its time to open and to close. */
const slowStore = () => {
  const inner = memoryStore()
  const clock = createVirtualClock()
  const log: string[] = []
  const after = (ms: number): Promise<void> => new Promise((resolve) => void clock.scheduler.schedule(() => resolve(), ms))
  const store: Store = {
    open: async () => {
      const open = await inner.open()
      log.push('open')
      await after(10)
      return {
        ...open,
        close: async () => {
          await after(10)
          log.push('close')
          await open.close()
        },
      }
    },
  }
  return { clock, log, lease: createStoreLease(store, clock.scheduler) }
}

describe('a store lease', () => {
  it('closes what opens when nobody wants it any more, and the next one waits for that', async () => {
    const { clock, log, lease } = slowStore()
    const held$ = lease((open) => concat(of(open), NEVER))
    held$.subscribe().unsubscribe()
    await clock.advance(11)
    let isOpen = false
    const held = held$.subscribe(() => (isOpen = true))
    await clock.advance(100)
    expect([log, isOpen]).toEqual([['open', 'close', 'open'], true])
    held.unsubscribe()
    held$.subscribe()
    await clock.advance(100)
    expect(log).toEqual(['open', 'close', 'open', 'close', 'open'])
  })

  it('commits what was handed in before it closes', async () => {
    const { clock, lease } = slowStore()
    const write = { table: 'ledger' as const, key: 'a', value: Uint8Array.of(1) }
    lease((_, commits) => {
      commits.ride(() => [write])
      return of('done')
    }).subscribe()
    await clock.advance(100)
    let found: unknown
    lease((open) => fromAwaitable(() => open.read('ledger', 'a'))).subscribe((value) => (found = value))
    await clock.advance(100)
    expect(found).toEqual(Uint8Array.of(1))
  })

  it('says which call failed', async () => {
    const clock = createVirtualClock()
    const failures: unknown[] = []
    const throws: Store = { open: () => { throw new Error('no disk') } }
    const rejects: Store = { open: async () => Promise.reject(new Error('no disk')) }
    for (const store of [throws, rejects])
      createStoreLease(store, clock.scheduler)(() => throwError(() => new Error('unused'))).subscribe({ error: (error: unknown) => failures.push(error) })
    await clock.advance(1)
    expect(failures).toEqual([expect.objectContaining({ code: 'store_failed', during: 'open' }), expect.objectContaining({ code: 'store_failed', during: 'open' })])
  })
})
