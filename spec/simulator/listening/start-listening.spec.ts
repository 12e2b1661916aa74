import { createServer, type AddressInfo } from 'node:net'
import { describe, expect, it } from '@jest/globals'

import { listen as portableListen } from '../../../lib/simulator/listening/portable.ts'
import { createSimulator } from '../../../lib/testing/index.ts'

describe('listening', () => {
  it('on a port that is taken, or is none, fails by name', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const simulator = createSimulator()
    for (const wrong of [port, 70_000, -1]) {
      await expect(simulator.listen(wrong)).rejects.toMatchObject({ code: 'simulator_failed', message: `simulator: port ${wrong} cannot be used; choose another one`, cause: { code: expect.any(String) } })
    }
    simulator.close()
    taken.close()
  })

  it('is nothing that can be done where there is no server', () => expect(portableListen).toBeUndefined())
})
