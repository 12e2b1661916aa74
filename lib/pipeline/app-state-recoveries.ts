import { filter, map, Subject, type Observable } from 'rxjs'

import type { CollectionName } from '../app-state/collection.ts'

/** What our phone gave for a collection that cannot be read from the server. */
export interface RecoveryAnswer {
  readonly collectionSnapshot?: Uint8Array
  readonly isCompressed?: boolean
}

/** Requests to our phone for whole collections, for as long as there is a session. */
export interface AppStateRecoveries {
  /** Whether a collection may be asked for now; counts as asked when it may. */
  readonly mayAsk: (collection: CollectionName, nowMs: number) => boolean
  /** The answer to a request; undefined when the phone has none. */
  readonly answersTo: (requestId: string) => Observable<RecoveryAnswer | undefined>
  readonly answer: (requestId: string, answer: RecoveryAnswer | undefined) => void
}

/** What is damaged again within this time is not mended by asking. */
const PAUSE_MS = 3_600_000

/** No request yet. */
export const createAppStateRecoveries = (): AppStateRecoveries => {
  const askedAt = new Map<CollectionName, number>()
  const answers$ = new Subject<{ readonly requestId: string; readonly answer: RecoveryAnswer | undefined }>()
  return {
    mayAsk: (collection, nowMs) => {
      if (nowMs - (askedAt.get(collection) ?? -Infinity) < PAUSE_MS) return false
      askedAt.set(collection, nowMs)
      return true
    },
    answersTo: (requestId) =>
      answers$.pipe(
        filter((given) => given.requestId === requestId),
        map(({ answer }) => answer),
      ),
    answer: (requestId, answer) => answers$.next({ requestId, answer }),
  }
}
