import { describe, expect, it } from '@jest/globals'

import { verifyDeviceIdentity } from '../../lib/pairing/device-identity.ts'
import { fetchDevices } from '../../lib/requests/device-requests.ts'
import { BUNDLES_PER_REQUEST, fetchBundles } from '../../lib/requests/prekey-requests.ts'
import { isBundleGenuine } from '../../lib/signal/prekey-bundle.ts'
import type { Jid } from '../../lib/index.ts'
import { createTestWorld } from '../client/world.ts'

describe('members nobody plays', () => {
  it('have devices and keys like anybody else: a thousand are found and keyed within seconds', async () => {
    const world = createTestWorld()
    await world.connect()
    const { client, simulator, ana } = world
    const group = simulator.group({ phones: [ana], bystanders: 500, devicesEach: 2 })
    const people = group.members().slice(1).map(({ lid }) => lid)
    const startedAtMs = performance.now()
    const found = await client.request(fetchDevices(people, 'crowd', () => undefined))
    const devices: readonly Jid[] = found.flatMap((user) => user.devices)
    expect([found.length, devices.length, found.some(({ isForged }) => isForged)]).toEqual([500, 1_000, false])
    const fetched = []
    for (let start = 0; start < devices.length; start += BUNDLES_PER_REQUEST)
      fetched.push(...(await client.request(fetchBundles(devices.slice(start, start + BUNDLES_PER_REQUEST)))))
    expect(performance.now() - startedAtMs).toBeLessThan(5_000)
    expect(fetched.map(({ kind, device }) => `${kind} ${String(device)}`)).toEqual(devices.map((device) => `bundle ${String(device)}`))

    const phones = new Map(fetched.flatMap((answer) => (answer.kind === 'bundle' && answer.device.device === 0 ? [[answer.device.user, answer.bundle.identity]] : [])))
    for (const answer of fetched.slice(0, 20)) {
      if (answer.kind !== 'bundle') throw new Error('every device has keys')
      expect(isBundleGenuine(answer.bundle)).toBe(true)
      if (answer.device.device === 0) continue
      expect(verifyDeviceIdentity(answer.deviceIdentity!, answer.bundle.identity, phones.get(answer.device.user))).toBe('valid')
    }
    world.hangUp()
  })
})
