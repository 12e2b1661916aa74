import { Session, type Profiler } from 'node:inspector'

/** Which blocks of the library ran. */
export interface Coverage {
  /** Blocks that ran since the last look and never before it; they count as known from then on. */
  readonly look: () => number
  /** The same, but they stay unknown: for finding out which of many inputs it was. */
  readonly peek: () => number
  readonly known: () => number
  readonly stop: () => void
}

/** Watches by the precise coverage of V8, block by block. A look costs milliseconds, so take one after many inputs. */
export const startCoverage = (): Coverage => {
  const session = new Session()
  session.connect()
  const seen = new Set<string>()
  session.post('Profiler.enable')
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

  const take = (): Profiler.ScriptCoverage[] => {
    let taken: Profiler.ScriptCoverage[] = []
    // Answers before it returns.
    session.post('Profiler.takePreciseCoverage', (error, answer) => {
      if (error) throw error
      taken = answer.result
    })
    return taken
  }

  const fresh = (): readonly string[] => {
    const blocks: string[] = []
    for (const { url, functions } of take()) {
      if (!url.includes('/lib/')) continue
      for (const { ranges } of functions)
        for (const { startOffset, endOffset, count } of ranges) {
          if (count === 0) continue
          const block = `${url}:${startOffset}:${endOffset}`
          if (!seen.has(block)) blocks.push(block)
        }
    }
    return blocks
  }

  return {
    look: () => {
      const blocks = fresh()
      for (const block of blocks) seen.add(block)
      return blocks.length
    },
    peek: () => fresh().length,
    known: () => seen.size,
    stop: () => session.disconnect(),
  }
}
