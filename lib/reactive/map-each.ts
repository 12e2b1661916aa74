import { Observable, type OperatorFunction } from 'rxjs'

/**
 * What a list made of each value holds, one after the other. `mergeMap` over lists does the same with a
 * subscription for every list; most lists here are empty, and every stanza passes a dozen of these.
 *
 * Order: kept. Errors: what `project` throws ends the stream.
 */
export const mapEach =
  <T, R>(project: (value: T) => readonly R[]): OperatorFunction<T, R> =>
  (source$) =>
    new Observable((subscriber) =>
      source$.subscribe({
        next: (value) => {
          let list: readonly R[]
          try {
            list = project(value)
          } catch (error) {
            subscriber.error(error)
            return
          }
          for (const item of list) {
            if (subscriber.closed) return
            subscriber.next(item)
          }
        },
        error: (error: unknown) => subscriber.error(error),
        complete: () => subscriber.complete(),
      }),
    )
