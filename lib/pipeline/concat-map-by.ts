import { concatMap, defer, finalize, from, groupBy, mergeMap, Subject, tap, type ObservableInput, type OperatorFunction } from 'rxjs'

/**
 * Runs `project` one value at a time per key and all keys side by side.
 *
 * A lane lives exactly as long as it has work: it closes when its last value has completed, so memory
 * follows the busy keys, not every key ever seen. A lane must never close on a timer: a new lane for
 * the same key would then overtake the tail of the old one.
 *
 * Order: kept within a key, free between keys.
 * Errors: an error of `project` ends the whole stream; return a failure value instead when one bad
 * value must not stop the others.
 */
export const concatMapBy =
  <T, K, R>(keyOf: (value: T) => K, project: (value: T) => ObservableInput<R>): OperatorFunction<T, R> =>
  (source$) =>
    defer(() => {
      const lanes = new Map<K, { waiting: number; readonly drained$: Subject<void> }>()

      const enter = (key: K): void => {
        const lane = lanes.get(key) ?? { waiting: 0, drained$: new Subject<void>() }
        lane.waiting += 1
        lanes.set(key, lane)
      }

      const leave = (key: K): void => {
        const lane = lanes.get(key)
        if (!lane) return
        lane.waiting -= 1
        if (lane.waiting > 0) return
        lanes.delete(key)
        lane.drained$.next()
      }

      return source$.pipe(
        tap((value) => enter(keyOf(value))),
        groupBy(keyOf, { duration: ({ key }) => lanes.get(key)!.drained$ }),
        mergeMap((lane$) =>
          lane$.pipe(concatMap((value) => defer(() => from(project(value))).pipe(finalize(() => leave(lane$.key))))),
        ),
      )
    })
