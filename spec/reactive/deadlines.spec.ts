import { describe, expect, it } from '@jest/globals'

import { createDeadlines } from '../../lib/reactive/deadlines.ts'
import { createVirtualClock } from '../../lib/testing/virtual-clock.ts'

describe('deadlines', () => {
  it('end one after the other on one timer, but for those called off', async () => {
    const clock = createVirtualClock()
    const { add } = createDeadlines(100, clock.scheduler)
    const ended: string[] = []
    add(() => ended.push('first'))
    await clock.advance(40)
    const callOff = add(() => ended.push('second'))
    add(() => ended.push('third'))
    expect(clock.pendingTimers()).toBe(1)
    callOff()
    await clock.advance(59)
    expect(ended).toEqual([])
    await clock.advance(1)
    expect(ended).toEqual(['first'])
    await clock.advance(39)
    expect(ended).toEqual(['first'])
    await clock.advance(1)
    expect(ended).toEqual(['first', 'third'])
    expect(clock.pendingTimers()).toBe(0)
  })

  it('take new ones while they end, and can be ended altogether', async () => {
    const clock = createVirtualClock()
    const deadlines = createDeadlines(100, clock.scheduler)
    const ended: number[] = []
    deadlines.add(() => {
      ended.push(1)
      deadlines.add(() => ended.push(2))
    })
    await clock.advance(100)
    expect([ended, clock.pendingTimers()]).toEqual([[1], 1])
    deadlines.end()
    await clock.advance(1_000)
    expect([ended, clock.pendingTimers()]).toEqual([[1], 0])
  })

  it('do not wait for a clock that was set back', () => {
    let nowMs = 1_000_000
    const rung: (() => void)[] = []
    const scheduler = { now: () => nowMs, schedule: (ring: () => void) => (rung.push(ring), { unsubscribe: () => undefined }) }
    const ended: number[] = []
    createDeadlines(100, scheduler as never).add(() => ended.push(1))
    nowMs = 0
    rung[0]!()
    expect(ended).toEqual([1])
  })
})
