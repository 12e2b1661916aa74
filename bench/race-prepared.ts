import type { Row } from './harness.ts'

/** Runs one operation as often as it is told; what it needs is made before the clock starts. */
export type Prepare = (times: number) => Promise<() => Promise<void>>

/** One operation of one library. */
export interface PreparedItem {
  readonly item: string
  readonly library: string
  readonly prepare: Prepare
}

const ROUNDS = 7

/**
 * Measures operations whose peers answer with promises, or that use up what they are given, so that the
 * shared harness cannot run them; the rotation of libraries and the median are the same.
 *
 * @param times operations per round by item, so that a round of each takes a like time
 */
export const racePrepared = async (items: readonly PreparedItem[], times: Readonly<Record<string, number>>): Promise<readonly Row[]> => {
  const rows: Row[] = []
  for (const name of new Set(items.map(({ item }) => item))) {
    const lanes = items.filter(({ item }) => item === name).map((lane) => ({ ...lane, speeds: [] as number[] }))
    const count = times[name]!
    for (let round = -2; round < ROUNDS; round += 1) {
      for (let turn = 0; turn < lanes.length; turn += 1) {
        const { prepare, speeds } = lanes[(round + 2 + turn) % lanes.length]!
        const run = await prepare(count)
        const startedAt = performance.now()
        await run()
        const speed = (count * 1000) / (performance.now() - startedAt)
        // The first two rounds warm up.
        if (round >= 0) speeds.push(speed)
      }
    }
    for (const { item, library, speeds } of lanes)
      rows.push({ item, library, opsPerSecond: speeds.toSorted((left, right) => left - right)[speeds.length >> 1] ?? 0 })
  }
  return rows
}

/** A synchronous operation, several times. */
export const repeat =
  (count: number, operation: (index: number) => void): (() => Promise<void>) =>
  () => {
    for (let index = 0; index < count; index += 1) operation(index)
    return Promise.resolve()
  }

/** An operation that answers with a promise, several times. */
export const inOrder = (count: number, operation: (index: number) => Promise<unknown>) => async (): Promise<void> => {
  for (let index = 0; index < count; index += 1) await operation(index)
}
