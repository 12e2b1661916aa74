import { describe, expect, it } from '@jest/globals'

import { readCorpus } from './corpus.ts'
import { fuzz } from './fuzz.ts'
import { targets } from './targets.ts'

/** New inputs per parser besides those that were kept; `npm run fuzz` makes many more. */
const FRESH = 30

/** Other specs run beside this one, so that only what is far too slow is told. */
const LIMIT_MS = 10_000

describe('hostile input', () => {
  it.each(targets.map((target) => [target.name, target] as const))('%s: is read or refused, as it says', async (name, target) => {
    const corpus = readCorpus(name)
    const known = target.seeds().length + corpus.length
    const { finds } = await fuzz(target, { seed: 1, corpus, limitMs: LIMIT_MS, isOver: (executions) => executions >= known + FRESH })
    expect(finds.map(({ error }) => error)).toEqual([])
  }, 30_000)
})
