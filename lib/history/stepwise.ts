import { Observable, type SchedulerLike } from 'rxjs'

/** Runs long work in steps, others in between; emits what it returns. Unsubscribing ends it between two steps. */
export const stepwise = <T>(start: () => Generator<void, T, undefined>, scheduler: SchedulerLike): Observable<T> =>
  new Observable((subscriber) => {
    const steps = start()
    const run = (): void => {
      try {
        const { done, value } = steps.next()
        if (!done) {
          subscriber.add(scheduler.schedule(run))
          return
        }
        subscriber.next(value)
        subscriber.complete()
      } catch (error) {
        subscriber.error(error)
      }
    }
    run()
    return () => void steps.return(undefined as never)
  })

/** Emits parts in steps of so many bytes, others in between. Unsubscribing ends it at once. */
export const stepwiseParts = <T, R>(start: () => Iterator<T>, sizeOf: (part: T) => number, stepBytes: number, toResult: (part: T) => R | undefined, scheduler: SchedulerLike): Observable<R> =>
  new Observable((subscriber) => {
    const parts = start()
    const run = (): void => {
      try {
        for (let spent = 0; !subscriber.closed && spent < stepBytes; ) {
          const { done, value } = parts.next()
          if (done) {
            subscriber.complete()
            return
          }
          spent += sizeOf(value)
          const result = toResult(value)
          if (result !== undefined) subscriber.next(result)
        }
        if (!subscriber.closed) subscriber.add(scheduler.schedule(run))
      } catch (error) {
        subscriber.error(error)
      }
    }
    run()
    return () => void parts.return?.()
  })
