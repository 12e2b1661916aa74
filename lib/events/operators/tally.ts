import { defer, map, type OperatorFunction } from 'rxjs'

/** How votes are counted. */
export interface TallyOptions<T> {
  /** Who votes; the last vote of each counts. Default: every value counts for itself. */
  readonly voterOf?: (value: T) => unknown
  /** Most voters, and most choices, that are counted; those beyond it are left out. Default 20,000. */
  readonly limit?: number
}

/**
 * Counts: after each value, how often each choice was made, as a map of its own. A choice that everybody took
 * back is gone from it. With `voterOf` the last vote of a voter stands for all before it, and a vote for nothing
 * takes it back.
 *
 * Errors of the functions end the stream.
 *
 * @param choicesOf what a value votes for: nothing, one thing or several; the same twice counts once
 * @example
 * client.messages$.pipe(tally(({ info }) => [info.pushName ?? 'somebody'])).subscribe((counts) => console.log(counts))
 */
export const tally =
  <T, K>(choicesOf: (value: T) => Iterable<K>, { voterOf, limit = 20_000 }: TallyOptions<T> = {}): OperatorFunction<T, ReadonlyMap<K, number>> =>
  (source$) =>
    defer(() => {
      const counts = new Map<K, number>()
      const votes = new Map<unknown, ReadonlySet<K>>()
      const count = (choices: ReadonlySet<K>, by: 1 | -1): void => {
        for (const choice of choices) {
          const next = (counts.get(choice) ?? 0) + by
          if (next === 0) counts.delete(choice)
          else counts.set(choice, next)
        }
      }
      /** As many choices as there is room for. */
      const ballotOf = (value: T): ReadonlySet<K> => {
        const ballot = new Set<K>()
        let fresh = counts.size
        for (const choice of choicesOf(value)) {
          const isNew = !counts.has(choice) && !ballot.has(choice)
          if (isNew && fresh === limit) continue
          if (isNew) fresh += 1
          ballot.add(choice)
        }
        return ballot
      }
      return source$.pipe(
        map((value) => {
          if (!voterOf) {
            count(ballotOf(value), 1)
            return new Map(counts)
          }
          const voter = voterOf(value)
          const before = votes.get(voter)
          if (!before && votes.size === limit) return new Map(counts)
          if (before) count(before, -1)
          const ballot = ballotOf(value)
          count(ballot, 1)
          votes.set(voter, ballot)
          return new Map(counts)
        }),
      )
    })
