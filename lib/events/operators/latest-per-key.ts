import { defer, map, type OperatorFunction } from 'rxjs'

/**
 * The last value of each key, as a map of its own for each value that comes; keys in the order of their last
 * value.
 *
 * Holds the last `limit` keys that had a value; the others are forgotten. Errors of `keyOf` end the stream.
 *
 * @param limit default 1,000
 * @example
 * client.messages$.pipe(latestPerKey(({ info }) => info.source.chat.toString())).subscribe((chats) => console.log(chats.size))
 */
export const latestPerKey =
  <T, K>(keyOf: (value: T) => K, limit = 1_000): OperatorFunction<T, ReadonlyMap<K, T>> =>
  (source$) =>
    defer(() => {
      const latest = new Map<K, T>()
      return source$.pipe(
        map((value) => {
          const key = keyOf(value)
          latest.delete(key)
          latest.set(key, value)
          if (latest.size > limit) latest.delete(latest.keys().next().value as K)
          return new Map(latest)
        }),
      )
    })
