import { describe, expect, it } from '@jest/globals'

import { createClient } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock } from '../../lib/testing/index.ts'

/** A device that shows codes nobody scans; seconds after which the server ended the stream. */
const waitingDevice = () => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const ana = simulator.phone({ name: 'Ana' })
  const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, prekeyCount: 5, scheduler: clock.scheduler, random: () => 0.5 })
  const begun = clock.scheduler.now()
  const ends: number[] = []
  simulator.traffic$.subscribe(({ direction, stanza }) => {
    if (direction === 'out' && stanza.tag === 'xmlstreamend') ends.push(Math.round((clock.scheduler.now() - begun) / 1_000))
  })
  const connection = client.connection$.subscribe({ error: () => undefined })
  return { clock, ana, client, ends, stop: () => connection.unsubscribe() }
}

describe('a device that waits to be linked', () => {
  it('is sent away after 160 s', async () => {
    const { clock, ends, stop } = waitingDevice()
    await clock.advance(161_000)
    expect(ends[0]).toBe(160)
    stop()
    await clock.advance(1_000)
    expect(clock.pendingTimers()).toBe(0)
  })

  it('has 180 s from the last code it was given', async () => {
    const { clock, ana, client, ends, stop } = waitingDevice()
    await clock.advance(100_000)
    const code = client.pairWithCode(ana.phoneNumber.user).result()
    await clock.advance(100)
    await code
    await clock.advance(170_000)
    expect(ends).toEqual([])
    await clock.advance(11_000)
    expect(ends[0]).toBe(280)
    stop()
  })
})
