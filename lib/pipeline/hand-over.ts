import { EMPTY, from, Observable, type MonoTypeOperatorFunction, type ObservableInput } from 'rxjs'

import { valueOf } from '../reactive/at-once.ts'

/**
 * Commits first, then emits, then acknowledges: the server forgets a message only after we hold it.
 *
 * Order: that in which the commits answer. `commit` is called in the order of the source, and a commit
 * queue answers in the order it was called, also for those it puts in one transaction.
 * Errors: an error of `commit` ends the stream before anything is emitted or acknowledged.
 */
export const handOver =
  <P>(commit: (parsed: P) => ObservableInput<unknown>, acknowledge: (parsed: P) => Observable<never>): MonoTypeOperatorFunction<P> =>
  (parsed$) =>
    new Observable((subscriber) => {
      let underWay = 1
      const leave = (): void => {
        underWay -= 1
        if (underWay === 0) subscriber.complete()
      }
      const fail = (error: unknown): void => subscriber.error(error)

      const attempt = (step: () => void): void => {
        try {
          step()
        } catch (error) {
          fail(error)
        }
      }

      const tell = (parsed: P): void => {
        subscriber.next(parsed)
        const answered$ = acknowledge(parsed)
        if (answered$ === EMPTY) leave()
        else subscriber.add(answered$.subscribe({ error: fail, complete: leave }))
      }

      const take = (parsed: P): void => {
        underWay += 1
        const durable$ = from(commit(parsed))
        if (valueOf(durable$)) tell(parsed)
        else subscriber.add(durable$.subscribe({ error: fail, complete: () => attempt(() => tell(parsed)) }))
      }

      subscriber.add(
        parsed$.subscribe({
          next: (parsed) => attempt(() => take(parsed)),
          error: fail,
          complete: leave,
        }),
      )
    })
