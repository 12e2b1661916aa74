import { describe, expect, it } from '@jest/globals'
import { firstValueFrom } from 'rxjs'

import { createTestWorld } from './world.ts'

/** A small generator with a seed, so that a failing moment can be visited again. */
const randomOf = (seed: number) => () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
  return seed / 2_147_483_648
}

const MOMENTS = 200

describe('unsubscribing', () => {
  it(`at ${MOMENTS} random moments leaves no timer, socket or listener, and the next subscription works`, async () => {
    const random = randomOf(7)
    for (let moment = 0; moment < MOMENTS; moment += 1) {
      const world = createTestWorld()
      const { client, clock, simulator, ben } = world
      // A moment is a stanza on the wire, in either direction, or a state change.
      let countdown = Math.floor(random() * 60)
      const subscription = client.connection$.subscribe({ error: () => undefined })
      const sends = new Set<{ unsubscribe: () => void }>()
      const tick = (): void => {
        countdown -= 1
        if (countdown === 0) subscription.unsubscribe()
      }
      const watching = simulator.traffic$.subscribe(tick)
      watching.add(client.connectionState$.subscribe(tick))
      watching.add(
        client.messages$.subscribe((event) => {
          sends.add(client.reply(event, { text: 'back' }).subscribe())
        }),
      )
      await clock.advance(1)
      for (let turn = 0; turn < 5; turn += 1) ben.send(world.ana.lid, `text ${turn}`)
      await clock.advance(Math.floor(random() * 20_000))
      subscription.unsubscribe()
      watching.unsubscribe()
      for (const send of sends) send.unsubscribe()

      expect([moment, world.openSockets(), clock.pendingTimers()]).toEqual([moment, 0, 0])
      expect(simulator.connections()).toBe(0)

      const again = firstValueFrom(client.connected$)
      // A device whose pairing was cut short has to be scanned again.
      client.pairingQrCodes$.subscribe(({ code }) => void world.ana.scan(code).catch(() => undefined))
      const second = client.connection$.subscribe({ error: () => undefined })
      await clock.advance(5_000)
      expect((await again).type).toBe('connected')
      second.unsubscribe()
      expect([moment, world.openSockets(), clock.pendingTimers()]).toEqual([moment, 0, 0])
    }
  }, 120_000)
})
