import { describe, expect, it } from '@jest/globals'

import { play } from './play.ts'
import { drawSteps } from './steps.ts'

/** Steps of one run, so that all runs take no longer than other heavy specs; `npm run chaos` takes 200, or any number. */
const STEPS = 120

/** Describes the runs of so many seeds; a failing one says how to see it again, and shorter. */
export const playSeeds = (from: number, count: number): void =>
  describe(`a client in chaos, ${STEPS} steps each`, () => {
    it.each(Array.from({ length: count }, (_, index) => from + index))('seed %i', async (seed) => {
      const { problems } = await play(seed, drawSteps(seed, STEPS))
      expect([`npm run chaos -- --from ${seed} --seeds 1 --steps ${STEPS}`, problems]).toEqual([expect.any(String), []])
    }, 60_000)
  })
