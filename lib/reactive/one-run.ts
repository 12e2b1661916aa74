import { Observable, type Observer, type Subscriber, type Subscription, type TeardownLogic } from 'rxjs'

import { Receiver } from './receiver.ts'

/** What tells a run its values, and holds what ends with it. */
export type Running<T> = Observer<T> & Subscription

/** Begins a run; what is returned ends with it. */
export type Begin<T> = (run: Running<T>) => TeardownLogic

/**
 * One run, however many subscribe: it begins with the first of them, whoever comes later sees the last `most`
 * values first, also when the run is over, and the last one to leave ends it. What `share` with a
 * `ReplaySubject` does, at a fraction of its cost: every message that is sent is such a run, twice.
 *
 * @param begin `(run) => source$.subscribe(run)` for the run of an Observable
 * @param cancelled the error of whoever subscribes after a run that everybody left
 */
export const oneRun = <T>(begin: Begin<T>, most: number, cancelled: () => Error): Observable<T> => {
  const kept: T[] = []
  const subscribers: Subscriber<T>[] = []
  let end: 'completed' | 'failed' | 'cancelled' | undefined
  let failure: unknown
  let running: Receiver<T> | undefined

  /** Whoever leaves while a value is given out must not make another one miss it. */
  const everyone = (tell: (subscriber: Subscriber<T>) => void): void => {
    if (subscribers.length === 1) tell(subscribers[0]!)
    else for (const subscriber of [...subscribers]) tell(subscriber)
  }

  const start = (): void => {
    const run = new Receiver<T>(
      (value) => {
        kept.push(value)
        if (kept.length > most) kept.shift()
        everyone((subscriber) => subscriber.next(value))
      },
      (error) => {
        end = 'failed'
        failure = error
        everyone((subscriber) => subscriber.error(error))
      },
      () => {
        end = 'completed'
        everyone((subscriber) => subscriber.complete())
      },
    )
    running = run
    try {
      run.add(begin(run))
    } catch (error) {
      run.error(error)
    }
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
