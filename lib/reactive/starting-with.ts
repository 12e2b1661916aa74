import { Observable } from 'rxjs'

/** A value, then the rest. What `startWith` does, without its machinery: every send begins like this. */
export const startingWith = <T>(first: T, rest$: Observable<T>): Observable<T> =>
  new Observable((subscriber) => {
    subscriber.next(first)
    return subscriber.closed ? undefined : rest$.subscribe(subscriber)
  })
