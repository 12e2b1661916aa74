import { concatMap, finalize, Observable } from 'rxjs'

/** An Observable of one value that is there already. */
class AtOnce<T> extends Observable<T> {
  constructor(readonly value: T) {
    super((subscriber) => {
      subscriber.next(value)
      subscriber.complete()
    })
  }
}

/**
 * A value that is there already, as an Observable. What follows it by {@link followedBy} is done without a
 * subscription, at the moment of the call. A message passes some twenty steps that may have to wait for the
 * store or the server and hardly ever do; what they cost together is most of what a message costs.
 */
export const atOnce = <T>(value: T): Observable<T> => new AtOnce(value)

/**
 * What `step` makes of the one value of `source$`: now if the value is there already, otherwise when it comes.
 *
 * Not lazy, therefore: whoever calls it must want the result, so it belongs inside `defer` or another step.
 * What `step` throws is thrown here in the first case and becomes the error in the second.
 */
export const followedBy = <T, R>(source$: Observable<T>, step: (value: T) => Observable<R>): Observable<R> =>
  source$ instanceof AtOnce ? step(source$.value as T) : source$.pipe(concatMap(step))

/** The same for a step that never waits. */
export const mapped = <T, R>(source$: Observable<T>, change: (value: T) => R): Observable<R> =>
  followedBy(source$, (value) => atOnce(change(value)))

/** The value of an Observable if it is there already. */
export const valueOf = <T>(source$: Observable<T>): { readonly value: T } | undefined =>
  source$ instanceof AtOnce ? (source$ as AtOnce<T>) : undefined

/** Runs `make` and calls `end` when what it made is over, now or later, whether it succeeded, failed or is no longer wanted. */
export const whichEnds = <R>(make: () => Observable<R>, end: () => void): Observable<R> => {
  let made$: Observable<R> | undefined
  try {
    made$ = make()
  } finally {
    if (!made$ || made$ instanceof AtOnce) end()
  }
  return made$ instanceof AtOnce ? made$ : made$.pipe(finalize(end))
}
