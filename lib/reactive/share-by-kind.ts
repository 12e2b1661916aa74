import { Observable, type Subscriber, type Subscription } from 'rxjs'

/** One source for many, given out by kind: whoever wants some kinds only is not even asked about the others. */
export interface ByKind<T> {
  readonly all$: Observable<T>
  /** Values of these kinds. */
  readonly of: (...kinds: readonly string[]) => Observable<T>
}

interface Listener<T> {
  readonly subscriber: Subscriber<T>
  /** Absent for all. */
  readonly kinds: readonly string[] | undefined
}

/**
 * What `share` with a `filter` before each subscriber does, without a call for each of them: every stanza
 * passes some thirty that want one kind of it.
 *
 * Order: subscribers of all kinds get a value in the order they subscribed. The source runs from the first of
 * them to the last; its end is everybody's.
 */
export const shareByKind = <T>(source$: Observable<T>, kindOf: (value: T) => string): ByKind<T> => {
  let listeners: readonly Listener<T>[] = []
  /** Who gets what, worked out when a kind comes for the first time; kinds nobody named share a place, since they are words of the wire. */
  let routes = new Map<string, readonly Subscriber<T>[]>()
  let unnamed: readonly Subscriber<T>[] | undefined
  let running: Subscription | undefined

  const change = (changed: readonly Listener<T>[]): void => {
    listeners = changed
    routes = new Map()
    unnamed = undefined
  }
  const routeOf = (kind: string): readonly Subscriber<T>[] => {
    const known = routes.get(kind)
    if (known) return known
    if (!listeners.some(({ kinds }) => kinds?.includes(kind)))
      return (unnamed ??= listeners.flatMap(({ subscriber, kinds }) => (kinds ? [] : [subscriber])))
    const found = listeners.flatMap(({ subscriber, kinds }) => (!kinds || kinds.includes(kind) ? [subscriber] : []))
    routes.set(kind, found)
    return found
  }
  const everyone = (tell: (subscriber: Subscriber<T>) => void): void => {
    const all = listeners
    running = undefined
    change([])
    for (const { subscriber } of all) tell(subscriber)
  }
  const start = (): Subscription =>
    source$.subscribe({
      next: (value) => {
        for (const subscriber of routeOf(kindOf(value))) subscriber.next(value)
      },
      error: (error: unknown) => everyone((subscriber) => subscriber.error(error)),
      complete: () => everyone((subscriber) => subscriber.complete()),
    })

  const listen = (kinds: readonly string[] | undefined): Observable<T> =>
    new Observable((subscriber) => {
      const listener = { subscriber, kinds }
      const isFirst = listeners.length === 0
      change([...listeners, listener])
      if (isFirst) {
        const started = start()
        if (listeners.length === 0) started.unsubscribe()
        else if (!started.closed) running = started
      }
      return () => {
        change(listeners.filter((other) => other !== listener))
        if (listeners.length > 0) return
        running?.unsubscribe()
        running = undefined
      }
    })

  return { all$: listen(undefined), of: (...kinds) => listen(kinds) }
}
