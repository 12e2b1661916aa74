import { describe, expect, it } from '@jest/globals'

import { createVirtualClock } from '../../lib/testing/virtual-clock.ts'

describe('a virtual clock', () => {
  it('lets promises settle between one instant and the next', async () => {
    const { scheduler, advance } = createVirtualClock()
    const log: string[] = []
    scheduler.schedule(() => void Promise.resolve().then(() => log.push('follows from the first')), 1_000)
    scheduler.schedule(() => log.push('second'), 2_000)
    await advance(60_000)
    expect(log).toEqual(['follows from the first', 'second'])
  })

  it('goes as far as it is told, through timers that are set on the way', async () => {
    const { scheduler, advance, pendingTimers } = createVirtualClock()
    const begun = scheduler.now()
    const rung: number[] = []
    scheduler.schedule(() => void Promise.resolve().then(() => scheduler.schedule(() => rung.push(scheduler.now() - begun), 500)), 1_000)
    await advance(1_400)
    expect(rung).toEqual([])
    await advance(100)
    expect(rung).toEqual([1_500])
    expect(scheduler.now() - begun).toBe(1_500)
    expect(pendingTimers()).toBe(0)
  })
})
