import { Observable, throwError, type SchedulerLike, type Subscription } from 'rxjs'

import { StoreFailed } from '../errors/store-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { atOnce } from '../reactive/at-once.ts'
import { isPromiseLike } from './map-awaitable.ts'
import type { Awaitable, OpenStore, Table, Write } from './store.ts'

/**
 * The one way to the store: changes become durable in the order they were handed in, several of them in
 * one transaction when they wait together. Because nothing overtakes, state in memory may run ahead of
 * the store: whoever builds on it commits later or in the same transaction. After the first failure
 * everything fails, so that nothing is told or sent that rests on what was lost.
 */
export interface CommitQueue {
  /**
   * Hands changes in, whether or not anybody subscribes; what is returned emits once, when they are durable,
   * or errors with the reason why they never will be.
   *
   * @param urgency `now`: at once, together with all that waits, unless commits of this store are dear.
   *   `soon`: gathers with others into one transaction, within the same instant of the clock.
   */
  readonly commit: (writes: readonly Write[], urgency?: 'now' | 'soon') => Observable<void>
  /**
   * Hands changes in that nobody waits for: they ride along with the next commit, or become durable a
   * quarter of a second later. Asked for when that happens.
   */
  readonly ride: (writes: () => readonly Write[]) => void
  /** Errors when the store has failed, also in changes nobody waits for. */
  readonly failure$: Observable<never>
  /** Commits what waits and takes no more; `done` is called when nothing is on its way any longer. */
  readonly close: (done: () => void) => void
}

/** What a queue is made of. */
export interface CommitQueueParts {
  readonly store: Pick<OpenStore, 'commit' | 'gathersCommits'>
  readonly scheduler: SchedulerLike
}

/** Limits of one gathered transaction (protocol document 04, section 11.2). */
const MOST_GATHERED = 400
const MOST_GATHERED_BYTES = 4 * 1024 * 1024

/** Changes nobody waits for are made durable after this long without another commit. */
const RIDING_LIMIT_MS = 250

type Outcome = { readonly kind: 'waiting' } | { readonly kind: 'durable' } | { readonly kind: 'failed'; readonly error: unknown }

interface Entry {
  readonly writes: () => readonly Write[]
  outcome: Outcome
  tell: ((outcome: Outcome) => void) | undefined
}

const WAITING: Outcome = { kind: 'waiting' }
const DURABLE: Outcome = { kind: 'durable' }
const DURABLE_NOW = atOnce<void>(undefined)

/** A queue before an open store. */
export const createCommitQueue = ({ store, scheduler }: CommitQueueParts): CommitQueue => {
  let waiting: Entry[] = []
  let waitingBytes = 0
  /** Entries somebody waits for. */
  let owing = 0
  let isUnderWay = false
  let failure: Outcome | undefined
  /** Runs at the end of this instant. */
  let soon: Subscription | undefined
  /** Runs for those nobody waits for; left to ring when somebody else was faster, because making one costs as much as a commit. */
  let later: Subscription | undefined
  let onIdle: (() => void) | undefined
  let isClosed = false
  const watchers = new Set<(error: unknown) => void>()

  const settle = (entries: readonly Entry[], outcome: Outcome): void => {
    for (const entry of entries) {
      entry.outcome = outcome
      entry.tell?.(outcome)
    }
  }

  const finish = (entries: readonly Entry[], error?: unknown): void => {
    isUnderWay = false
    if (error !== undefined) {
      const cause = error instanceof RxwaError ? error : new StoreFailed('commit', { cause: error })
      failure = { kind: 'failed', error: cause }
      for (const watch of watchers) watch(cause)
    }
    settle(entries, failure ?? DURABLE)
    if (owing > 0 || onIdle) {
      if (!soon) run()
    } else if (waiting.length > 0) runLater()
    if (!isUnderWay && waiting.length === 0) onIdle?.()
  }

  const run = (): void => {
    soon?.unsubscribe()
    soon = undefined
    if (isUnderWay) return
    const entries = waiting
    waiting = []
    waitingBytes = 0
    owing = 0
    if (failure) {
      settle(entries, failure)
      return
    }
    const writes = entries.length === 1 ? entries[0]!.writes() : lastOfEach(entries)
    if (writes.length === 0) {
      settle(entries, DURABLE)
      return
    }
    isUnderWay = true
    let answer: Awaitable<void>
    try {
      answer = store.commit(writes)
    } catch (error) {
      finish(entries, error)
      return
    }
    if (isPromiseLike(answer)) answer.then(() => finish(entries), (error: unknown) => finish(entries, error))
    else finish(entries)
  }

  const runLater = (): void => {
    if (isClosed) return
    later ??= scheduler.schedule(() => {
      later = undefined
      if (waiting.length > 0 && !soon) run()
    }, RIDING_LIMIT_MS)
  }

  const runSoon = (): void => {
    soon ??= scheduler.schedule(run)
  }

  return {
    commit: (writes, urgency = 'now') => {
      if (failure) return outcomeOf({ writes: () => writes, outcome: failure, tell: undefined })
      // Nothing to store and nothing to wait for.
      if (writes.length === 0 && !isUnderWay && owing === 0) return DURABLE_NOW
      const entry: Entry = { writes: () => writes, outcome: WAITING, tell: undefined }
      waiting.push(entry)
      owing += 1
      for (const { value } of writes) waitingBytes += value?.length ?? 0
      const isFull = waiting.length >= MOST_GATHERED || waitingBytes >= MOST_GATHERED_BYTES
      if ((urgency === 'now' && !store.gathersCommits) || isFull) run()
      else runSoon()
      return outcomeOf(entry)
    },
    ride: (writes) => {
      if (failure || onIdle) return
      waiting.push({ writes, outcome: WAITING, tell: undefined })
      runLater()
    },
    failure$: new Observable((subscriber) => {
      const watch = (error: unknown): void => subscriber.error(error)
      watchers.add(watch)
      return () => watchers.delete(watch)
    }),
    close: (done) => {
      let isDone = false
      const idle = (): void => {
        if (isDone) return
        isDone = true
        failure ??= { kind: 'failed', error: new StoreFailed('commit', { cause: new Error('the store was closed') }) }
        done()
      }
      onIdle = idle
      isClosed = true
      later?.unsubscribe()
      run()
      if (!isUnderWay) idle()
    },
  }
}

/** Of several changes of one row only the last counts; a ratchet moves with every message of a batch. */
const lastOfEach = (entries: readonly Entry[]): readonly Write[] => {
  const last: Write[] = []
  const places = new Map<Table, Map<string, number>>()
  for (const entry of entries)
    for (const write of entry.writes()) {
      let rows = places.get(write.table)
      if (!rows) places.set(write.table, (rows = new Map()))
      const place = rows.get(write.key)
      if (place !== undefined) last[place] = write
      else {
        rows.set(write.key, last.length)
        last.push(write)
      }
    }
  return last
}

const outcomeOf = (entry: Entry): Observable<void> => {
  const { outcome } = entry
  if (outcome.kind === 'durable') return DURABLE_NOW
  if (outcome.kind === 'failed') return throwError(() => outcome.error)
  return new Observable((subscriber) => {
    const tell = (outcome: Outcome): void => {
      if (outcome.kind === 'durable') {
        subscriber.next()
        subscriber.complete()
      } else if (outcome.kind === 'failed') subscriber.error(outcome.error)
    }
    tell(entry.outcome)
    if (entry.outcome.kind !== 'waiting') return undefined
    entry.tell = tell
    return () => (entry.tell = undefined)
  })
}
