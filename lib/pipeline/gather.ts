import { asyncScheduler, Observable, type OperatorFunction, type SchedulerLike, type Subscription } from 'rxjs'

/**
 * Gathers values into lists: a list is given out when it is full, or so long after its first value. Order is
 * kept; what is gathered when the source completes is given out at once, an error of the source drops it.
 *
 * @param limit most values of one list, at least 1
 */
export const gather =
  <T>(limit: number, pauseMs: number, scheduler: SchedulerLike = asyncScheduler): OperatorFunction<T, readonly T[]> =>
  (source$) =>
    new Observable((subscriber) => {
      let gathered: T[] = []
      let timer: Subscription | undefined
      const give = (): void => {
        timer?.unsubscribe()
        timer = undefined
        const list = gathered
        gathered = []
        if (list.length > 0) subscriber.next(list)
      }
      subscriber.add(() => timer?.unsubscribe())
      subscriber.add(
        source$.subscribe({
          next: (value) => {
            gathered.push(value)
            if (gathered.length >= limit) give()
            else timer ??= scheduler.schedule(give, pauseMs)
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            give()
            subscriber.complete()
          },
        }),
      )
    })
