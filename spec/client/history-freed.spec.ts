import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from '@jest/globals'

import { createTestWorld } from './world.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('a piece of history', () => {
  it('is held by nobody but those who hold it', async () => {
    const world = createTestWorld()
    const held: object[] = []
    const freed: WeakRef<object>[] = []
    world.client.historySync$.subscribe(({ history }) => {
      freed.push(new WeakRef(history), new WeakRef(history.compressedBytes.buffer))
      if (history.chunkOrder === 2) held.push(history)
    })
    await world.connect()
    await world.clock.advance(5_000)
    world.ana.history.send({ conversations: 4, messagesPerChat: 50, chunks: 2 })
    await world.clock.advance(20_000)
    // Events are kept by the world of a spec; nothing else is to keep them.
    world.events.length = 0
    for (let turn = 0; turn < 4; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      collect()
    }
    expect(freed.map((one) => one.deref() !== undefined)).toEqual([false, false, true, true])
    expect(held).toHaveLength(1)
  }, 60_000)
})
