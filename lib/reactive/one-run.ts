import { Observable, type Subscriber, type Subscription } from 'rxjs'

/**
 * One run of a source, however many subscribe: it begins with the first of them, whoever comes later sees the
 * last `most` values first, also when the run is over, and the last one to leave ends it. What `share` with a
 * `ReplaySubject` does, at a fraction of its cost: every message that is sent is such a run, twice.
 *
 * @param cancelled the error of whoever subscribes after a run that everybody left
 */
export const oneRun = <T>(source$: Observable<T>, most: number, cancelled: () => Error): Observable<T> => {
  const kept: T[] = []
  const subscribers: Subscriber<T>[] = []
  let running: Subscription | undefined
  let end: 'completed' | 'failed' | 'cancelled' | undefined
  let failure: unknown

  /** Whoever leaves while a value is given out must not make another one miss it. */
  const everyone = (tell: (subscriber: Subscriber<T>) => void): void => {
    if (subscribers.length === 1) tell(subscribers[0]!)
    else for (const subscriber of [...subscribers]) tell(subscriber)
  }

  const start = (): void => {
    running = source$.subscribe({
      next: (value) => {
        kept.push(value)
        if (kept.length > most) kept.shift()
        everyone((subscriber) => subscriber.next(value))
      },
      error: (error: unknown) => {
        end = 'failed'
        failure = error
        everyone((subscriber) => subscriber.error(error))
      },
      complete: () => {
        end = 'completed'
        everyone((subscriber) => subscriber.complete())
      },
    })
    // Everybody left while it began.
    if (end === 'cancelled') running.unsubscribe()
  }

  return new Observable((subscriber) => {
    if (end === 'cancelled') {
      subscriber.error(cancelled())
      return undefined
    }
    const isFirst = !running && end === undefined && subscribers.length === 0
    for (const value of isFirst ? NOTHING : [...kept]) subscriber.next(value as T)
    if (end === 'failed') subscriber.error(failure)
    else if (end === 'completed') subscriber.complete()
    if (subscriber.closed) return undefined
    subscribers.push(subscriber)
    if (isFirst) start()
    return () => {
      subscribers.splice(subscribers.indexOf(subscriber), 1)
      if (subscribers.length > 0 || end !== undefined) return
      end = 'cancelled'
      running?.unsubscribe()
    }
  })
}

const NOTHING: readonly never[] = []
