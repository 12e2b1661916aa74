import { describe, expect, it } from '@jest/globals'
import { take } from 'rxjs'

import { createClient } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock } from '../../lib/testing/index.ts'
import { countingDial } from './world.ts'

const FLAPS = 1_000

/** A small generator with a seed, so that a failing run can be repeated. */
const randomOf = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

describe('a line that breaks again and again', () => {
  it(`${FLAPS} times at random moments: never more than one socket, nothing left, nothing lost`, async () => {
    const random = randomOf(11)
    const clock = createVirtualClock()
    const simulator = createSimulator({ scheduler: clock.scheduler })
    const [ana, ben] = [simulator.phone({ name: 'Ana' }), simulator.phone({ name: 'Ben' })]
    const { dial, open } = countingDial(simulator.dial)
    let most = 0
    const client = createClient({
      store: memoryStore(),
      dial: (url) => {
        most = Math.max(most, open() + 1)
        return dial(url)
      },
      trustedRoot: simulator.trustedRoot,
      prekeyCount: 10,
      scheduler: clock.scheduler,
      random,
    })
    client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void ana.scan(code).catch(() => undefined))
    const got = new Set<string>()
    client.messages$.subscribe(({ info }) => got.add(info.id))
    const connection = client.connection$.subscribe()
    await clock.advance(2_000)
    const device = `${ana.phoneNumber.user}:1@s.whatsapp.net`

    const written: string[] = []
    let flaps = 0
    // Breaks at some stanza or other, also in the middle of logging in.
    let countdown = 5
    const watching = simulator.traffic$.subscribe(() => {
      countdown -= 1
      if (countdown > 0 || flaps >= FLAPS) return
      countdown = 1 + Math.floor(random() * 25)
      flaps += 1
      try {
        simulator.disconnect(device)
      } catch {
        // It was gone already.
      }
    })
    while (flaps < FLAPS) {
      if (random() < 0.3) client.reconnect()
      if (written.length < 300) written.push(ben.send(ana.lid, `text ${written.length}`))
      await clock.advance(Math.floor(random() * 60_000))
      expect(open()).toBeLessThanOrEqual(1)
    }
    watching.unsubscribe()
    await clock.advance(1_000_000)
    expect(written.filter((id) => !got.has(id))).toEqual([])
    expect(most).toBe(1)

    // Stopping during a back-off takes no time and leaves nothing.
    simulator.disconnect(device)
    const before = clock.scheduler.now()
    connection.unsubscribe()
    expect([clock.scheduler.now() - before, open(), clock.pendingTimers(), simulator.connections()]).toEqual([0, 0, 0, 0])
  }, 120_000)
})
