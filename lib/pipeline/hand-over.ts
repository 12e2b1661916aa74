import { from, mergeMap, Observable, type MonoTypeOperatorFunction, type ObservableInput } from 'rxjs'

/**
 * Commits first, then emits, then acknowledges: the server forgets a message only after we hold it.
 *
 * Order: that in which the commits answer. `commit` is called in the order of the source, and a commit
 * queue answers in the order it was called, also for those it puts in one transaction.
 * Errors: an error of `commit` ends the stream before anything is emitted or acknowledged.
 */
export const handOver = <P>(
  commit: (parsed: P) => ObservableInput<unknown>,
  acknowledge: (parsed: P) => Observable<never>,
): MonoTypeOperatorFunction<P> =>
  mergeMap(
    (parsed) =>
      new Observable<P>((subscriber) =>
        from(commit(parsed)).subscribe({
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            subscriber.next(parsed)
            subscriber.add(acknowledge(parsed).subscribe(subscriber))
          },
        }),
      ),
  )
