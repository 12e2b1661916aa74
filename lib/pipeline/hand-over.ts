import { concat, concatMap, defer, ignoreElements, of, type Observable, type ObservableInput, from, type OperatorFunction } from 'rxjs'

/**
 * Commits first, then emits, then acknowledges: the server forgets a message only after we hold it.
 *
 * Order: one value at a time, in the order of the source.
 * Errors: an error of `commit` ends the stream before anything is emitted or acknowledged.
 */
export const handOver =
  <P>(commit: (parsed: P) => ObservableInput<unknown>, acknowledge: (parsed: P) => Observable<never>): OperatorFunction<P, P> =>
    concatMap((parsed) =>
      concat(defer(() => from(commit(parsed))).pipe(ignoreElements()), of(parsed), defer(() => acknowledge(parsed))),
    )
