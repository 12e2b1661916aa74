/** One operation of one library, ready to run again and again. */
export interface Item {
  /** What is done, the same text for every library that does it. */
  readonly item: string
  readonly library: string
  /** One operation; synchronous. */
  readonly run: () => void
}

/** The median speed of one item. */
export interface Row {
  readonly item: string
  readonly library: string
  readonly opsPerSecond: number
  /** What else was measured. */
  readonly note?: string
}

/** How long and how often to measure. */
export interface MeasureOptions {
  /** Rounds per item; the median is reported. Default 9. */
  readonly rounds?: number
  /** Time one library runs in one round. Default 80. */
  readonly roundMs?: number
}

const WARM_UP_MS = 150

/**
 * Measures items in one process: every round runs every library of an item once, and the order rotates
 * from round to round, so that a slow moment of the machine hits all alike. Compare rows of one call only.
 */
export const measure = (items: readonly Item[], { rounds = 9, roundMs = 80 }: MeasureOptions = {}): readonly Row[] =>
  [...new Set(items.map(({ item }) => item))].flatMap((name) =>
    race(
      items.filter(({ item }) => item === name),
      rounds,
      roundMs,
    ),
  )

const race = (contestants: readonly Item[], rounds: number, roundMs: number): readonly Row[] => {
  const lanes = contestants.map((contestant) => ({ ...contestant, batch: warmUp(contestant.run, roundMs), speeds: [] as number[] }))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < lanes.length; turn += 1) {
      const { run, batch, speeds } = lanes[(round + turn) % lanes.length]!
      speeds.push((batch * 1000) / timeOf(run, batch))
    }
  }
  return lanes.map(({ item, library, speeds }) => ({ item, library, opsPerSecond: medianOf(speeds) }))
}

/** Runs until the compiler has settled; gives how many operations fill a round. */
const warmUp = (run: () => void, roundMs: number): number => {
  let batch = 1
  let spentMs = 0
  for (;;) {
    const elapsedMs = timeOf(run, batch)
    spentMs += elapsedMs
    if (spentMs >= WARM_UP_MS && elapsedMs >= 1) return Math.max(1, Math.round((batch * roundMs) / elapsedMs))
    if (elapsedMs < roundMs) batch *= 2
  }
}

const timeOf = (run: () => void, times: number): number => {
  const startedAt = performance.now()
  for (let count = 0; count < times; count += 1) run()
  return performance.now() - startedAt
}

/** The one in the middle. */
export const medianOf = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[sorted.length >> 1] ?? 0
}
