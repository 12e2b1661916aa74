import { defer, exhaustMap, filter, map, merge, timer, type Observable, type SchedulerLike } from 'rxjs'

import { mapEach } from '../reactive/map-each.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { attributesOf } from '../stanza/read-attributes.ts'

/** Stanzas asked for at a time (protocol document 02, section 7). */
export const OFFLINE_BATCH = 200

/** Pause between a batch that began to arrive and the request for the next one. */
const NEXT_BATCH_MS = 100

/**
 * Emits whenever the next batch of the backlog has to be asked for: at once when the server announces
 * one, then again 100 ms after a batch began to arrive, while something is left. Counts from the
 * arriving stanzas; one request is under way at a time.
 */
export const requestOfflineBatches = (stanza$: Observable<Stanza>, scheduler?: SchedulerLike): Observable<number> =>
  defer(() => {
    let pending = 0
    return merge(
      stanza$.pipe(
        mapEach((stanza) => {
          const total = announcedBy(stanza) ?? 0
          if (total === 0) return NOTHING
          pending = total
          return STEP
        }),
      ),
      stanza$.pipe(
        mapEach(({ attrs }) => {
          if (pending === 0 || attrs['offline'] === undefined) return NOTHING
          pending -= 1
          return pending > 0 ? STEP : NOTHING
        }),
        exhaustMap(() => timer(NEXT_BATCH_MS, scheduler)),
        filter(() => pending > 0),
      ),
    ).pipe(map(() => OFFLINE_BATCH))
  })

// Every stanza passes here.
const NOTHING: readonly true[] = []
const STEP: readonly true[] = [true]

const announcedBy = (stanza: Stanza): number | undefined => {
  const preview = stanza.tag === 'ib' ? childOf(stanza, 'offline_preview') : undefined
  return preview && attributesOf(preview).optionalInteger('count')
}
