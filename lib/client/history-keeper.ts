import { BehaviorSubject, concatMap, defer, every, from, Observable, Subject, type ObservableInput, type Subscriber } from 'rxjs'

import type { LazyHistorySync } from '../events/history-events.ts'
import type { HistoryProgress, HistoryNote } from '../history/watch-history.ts'

/** What is known of the history our phone sends, for as long as there is a client. */
export interface HistoryKeeper {
  /** How far each kind is, by its number; what is known now first. */
  readonly progress$: Observable<readonly HistoryProgress[]>
  readonly progressed: (progress: readonly HistoryProgress[]) => void
  readonly progress: () => readonly HistoryProgress[]
  /** Pieces that were announced or are done with. */
  readonly notes$: Observable<HistoryNote>
  readonly note: (note: HistoryNote) => void
  /** Whoever asked for history gets it, whether or not anybody else listens. */
  readonly answers$: Observable<LazyHistorySync>
  readonly answer: (history: LazyHistorySync) => void
  readonly isAwaited: (requestId: string | undefined) => boolean
  /** Hands every piece to `project` before the phone is told that it arrived. */
  readonly take: (project: (history: LazyHistorySync) => ObservableInput<unknown>) => Observable<LazyHistorySync>
  readonly isTaken: () => boolean
  /** Hands a piece to all who take; emits once, false when one of them could not. */
  readonly give: (history: LazyHistorySync) => Observable<boolean>
  /** Awaits the answer to a request; returns how to stop that. */
  readonly await: (requestId: string) => () => void
}

/** A keeper that has seen nothing. */
export const createHistoryKeeper = (): HistoryKeeper => {
  const progress$ = new BehaviorSubject<readonly HistoryProgress[]>([])
  const notes$ = new Subject<HistoryNote>()
  const answers$ = new Subject<LazyHistorySync>()
  const awaited = new Set<string>()
  const takers = new Set<(history: LazyHistorySync) => Observable<boolean>>()
  return {
    progress$: progress$.asObservable(),
    progressed: (progress) => progress$.next(progress),
    progress: () => progress$.value,
    notes$: notes$.asObservable(),
    note: (note) => notes$.next(note),
    answers$: answers$.asObservable(),
    answer: (history) => answers$.next(history),
    isAwaited: (requestId) => requestId !== undefined && awaited.has(requestId),
    take: (project) =>
      new Observable((subscriber) => {
        const taker = (history: LazyHistorySync): Observable<boolean> => takingIn(subscriber, history, project)
        takers.add(taker)
        return () => takers.delete(taker)
      }),
    isTaken: () => takers.size > 0,
    give: (history) => from(takers).pipe(concatMap((taker) => taker(history)), every(Boolean)),
    await: (requestId) => {
      awaited.add(requestId)
      return () => awaited.delete(requestId)
    },
  }
}

/** The work of one taker on one piece: true when it is done, false when it failed or nobody wants it any more. */
const takingIn = (
  subscriber: Subscriber<LazyHistorySync>,
  history: LazyHistorySync,
  project: (history: LazyHistorySync) => ObservableInput<unknown>,
): Observable<boolean> =>
  new Observable((told) => {
    const end = (isDone: boolean): void => {
      told.next(isDone)
      told.complete()
    }
    const work = defer(() => project(history)).subscribe({
      error: (error: unknown) => {
        subscriber.error(error)
        end(false)
      },
      complete: () => {
        subscriber.next(history)
        end(true)
      },
    })
    told.add(work)
    subscriber.add(() => {
      if (told.closed) return
      work.unsubscribe()
      end(false)
    })
  })
