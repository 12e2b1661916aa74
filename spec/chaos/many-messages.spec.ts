import { expect, it } from '@jest/globals'

import { hearManyMessages } from './many-messages.ts'

it('1,000 messages of ten people with three devices each, half of whom move to LIDs: each is told once', async () => {
  const { problems } = await hearManyMessages({ messages: 1_000, people: 10, devicesEach: 3, seed: 1 })
  expect(problems).toEqual([])
}, 120_000)

it('the same with a client in a process of its own', async () => {
  const heaps: number[] = []
  const { problems } = await hearManyMessages({ messages: 200, people: 4, devicesEach: 3, seed: 2, isApart: true, measured: (bytes) => heaps.push(bytes) })
  expect(problems).toEqual([])
  expect(heaps).toHaveLength(10)
}, 120_000)
