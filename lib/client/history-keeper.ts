import { BehaviorSubject, Subject, type Observable } from 'rxjs'

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
  /** Awaits the answer to a request; returns how to stop that. */
  readonly await: (requestId: string) => () => void
}

/** A keeper that has seen nothing. */
export const createHistoryKeeper = (): HistoryKeeper => {
  const progress$ = new BehaviorSubject<readonly HistoryProgress[]>([])
  const notes$ = new Subject<HistoryNote>()
  const answers$ = new Subject<LazyHistorySync>()
  const awaited = new Set<string>()
  return {
    progress$: progress$.asObservable(),
    progressed: (progress) => progress$.next(progress),
    progress: () => progress$.value,
    notes$: notes$.asObservable(),
    note: (note) => notes$.next(note),
    answers$: answers$.asObservable(),
    answer: (history) => answers$.next(history),
    isAwaited: (requestId) => requestId !== undefined && awaited.has(requestId),
    await: (requestId) => {
      awaited.add(requestId)
      return () => awaited.delete(requestId)
    },
  }
}
