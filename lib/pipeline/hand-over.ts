import { EMPTY, from, Observable, type MonoTypeOperatorFunction, type ObservableInput } from 'rxjs'

import { valueOf } from '../reactive/at-once.ts'
import { Receiver } from '../reactive/receiver.ts'

/**
 * Commits first, then emits, then acknowledges: the server forgets a message only after we hold it.
 *
 * Order: that of the source. A commit that answers at once may do so from within another one that has not
 * returned yet: what is told of an earlier one may bring the next stanza in.
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

      const held: Held<P>[] = []
      let isTelling = false
      const tellDurable = (): void => {
        if (isTelling) return
        isTelling = true
        try {
          while (held[0]?.isDurable && !subscriber.closed) tell(held.shift()!.parsed)
        } finally {
          isTelling = false
        }
      }

      const take = (parsed: P): void => {
        underWay += 1
        const place = { parsed, isDurable: false }
        held.push(place)
        const answered = (): void => {
          place.isDurable = true
          tellDurable()
        }
        const durable$ = from(commit(parsed))
        if (valueOf(durable$)) answered()
        else subscriber.add(durable$.subscribe(new Receiver(nothing, fail, () => attempt(answered))))
      }

      subscriber.add(
        parsed$.subscribe({
          next: (parsed) => attempt(() => take(parsed)),
          error: fail,
          complete: leave,
        }),
      )
    })

const nothing = (): void => undefined

/** What waits for its commit, or for those before it. */
interface Held<P> {
  readonly parsed: P
  isDurable: boolean
}
