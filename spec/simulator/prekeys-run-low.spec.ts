import { describe, expect, it } from '@jest/globals'
import { take } from 'rxjs'

import { createClient, textOf, type Client } from '../../lib/index.ts'
import { memoryStore } from '../../lib/store/memory/index.ts'
import { createSimulator, createVirtualClock, type Phone, type Simulator, type VirtualClock } from '../../lib/testing/index.ts'

const UPLOADED = 10

interface Stage {
  readonly clock: VirtualClock
  readonly simulator: Simulator
  readonly owner: Phone
  readonly client: Client
  readonly device: string
  /** Somebody the client never met writes. */
  readonly strangers: (count: number) => Promise<void>
}

const linked = async (): Promise<Stage> => {
  const clock = createVirtualClock()
  const simulator = createSimulator({ scheduler: clock.scheduler })
  const owner = simulator.phone({ name: 'Owner' })
  const client = createClient({ store: memoryStore(), dial: simulator.dial, trustedRoot: simulator.trustedRoot, scheduler: clock.scheduler, prekeyCount: UPLOADED })
  client.pairingQrCodes$.pipe(take(1)).subscribe(({ code }) => void owner.scan(code))
  const strangers = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) {
      simulator.phone({ name: 'Somebody' }).send(owner, `hello ${number}`)
      await clock.advance(1_000)
    }
  }
  return { clock, simulator, owner, client, device: `${owner.phoneNumber.user}:1@s.whatsapp.net`, strangers }
}

describe('one-time prekeys that phones use up', () => {
  it('are uploaded anew before none is left, however many strangers write', async () => {
    const { clock, simulator, client, device, strangers } = await linked()
    const texts: string[] = []
    client.messages$.subscribe(({ message }) => texts.push(textOf(message)!))
    const connection = client.connection$.subscribe()
    await clock.advance(20_000)
    expect(simulator.prekeysOf(device)).toBe(UPLOADED)
    for (let round = 0; round < 4; round += 1) {
      await strangers(UPLOADED)
      expect(simulator.prekeysOf(device)).toBeGreaterThanOrEqual(5)
    }
    expect(texts).toHaveLength(4 * UPLOADED)
    connection.unsubscribe()
  })

  it('are uploaded when the device comes back, if it was away: it is told once', async () => {
    const { clock, simulator, client, device, strangers } = await linked()
    let connection = client.connection$.subscribe()
    await clock.advance(20_000)
    connection.unsubscribe()
    await strangers(UPLOADED + 3)
    expect(simulator.prekeysOf(device)).toBe(0)

    const reminders: unknown[] = []
    simulator.traffic$.subscribe(({ direction, stanza }) => {
      if (direction === 'out' && stanza.tag === 'notification' && stanza.attrs['type'] === 'encrypt') reminders.push(stanza)
    })
    connection = client.connection$.subscribe()
    await clock.advance(20_000)
    expect(reminders).toHaveLength(1)
    expect(simulator.prekeysOf(device)).toBe(UPLOADED)
    connection.unsubscribe()
  })
})
