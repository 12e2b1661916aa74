import { expect, it } from '@jest/globals'

import { hearManyMessages } from './many-messages.ts'

it('1,000 messages of ten people with three devices each, half of whom move to LIDs: each is told once', async () => {
  const { problems } = await hearManyMessages({ messages: 1_000, people: 10, devicesEach: 3, seed: 1 })
  expect(problems).toEqual([])
}, 120_000)
