import { from, Observable, type ObservableInput, type OperatorFunction } from 'rxjs'

import { PassingMap } from '../collections/passing-map.ts'
import { valueOf } from './at-once.ts'

/**
 * Runs `project` one value at a time per key and all keys side by side. Written out instead of composed of
 * groups, because every stanza passes here and nearly always finds its lane idle.
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
    new Observable((subscriber) => {
      /** The busy lanes, each with what waits in it. */
      const lanes = new PassingMap<K, T[]>()
      let isSourceDone = false

      /** Works until the lane is empty or something takes time. */
      const work = (key: K, first: T): void => {
        let value = first
        for (;;) {
          let isAtOnce = true
          let isDone = false
          const result$ = attempt(value)
          if (!result$) return
          const there = valueOf(result$)
          if (there) {
            subscriber.next(there.value)
            if (subscriber.closed) return
            const queue = lanes.get(key)!
            if (queue.length === 0) break
            value = queue.shift()!
            continue
          }
          const working = result$.subscribe({
            next: (result) => subscriber.next(result),
            error: (error: unknown) => subscriber.error(error),
            complete: () => {
              isDone = true
              if (!isAtOnce) goOn(key)
            },
          })
          isAtOnce = false
          if (!isDone) subscriber.add(working)
          if (!isDone || subscriber.closed) return
          const waiting = lanes.get(key)
          if (!waiting || waiting.length === 0) break
          value = waiting.shift()!
        }
        leave(key)
      }

      const attempt = (value: T): Observable<R> | undefined => {
        try {
          return from(project(value))
        } catch (error) {
          subscriber.error(error)
          return undefined
        }
      }

      const goOn = (key: K): void => {
        const waiting = lanes.get(key)
        if (waiting && waiting.length > 0) work(key, waiting.shift()!)
        else leave(key)
      }

      const leave = (key: K): void => {
        lanes.delete(key)
        if (isSourceDone && lanes.size === 0) subscriber.complete()
      }

      subscriber.add(
        source$.subscribe({
          next: (value) => {
            const key = keyOf(value)
            const waiting = lanes.get(key)
            if (waiting) waiting.push(value)
            else if (!subscriber.closed) {
              lanes.set(key, [])
              work(key, value)
            }
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            isSourceDone = true
            if (lanes.size === 0) subscriber.complete()
          },
        }),
      )
    })
