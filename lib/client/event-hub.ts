import { Subject, type Observable } from 'rxjs'

import { OPT_IN } from '../events/opt-in.ts'
import { substreamNames, type Substreams } from '../events/substreams.ts'
import type { WaEvent, WaEventOf, WaEventType } from '../events/wa-event.ts'

/** The hot centre of a client: takes events, gives streams. */
export interface EventHub {
  /** Tells everybody; events are shared and must not change afterwards. */
  readonly emit: (event: WaEvent) => void
  /** All events. */
  readonly events$: Observable<WaEvent>
  /** One stream per event; events reach them by their type, not by filtering. */
  readonly streams: Substreams
  /** Whether an event of this type would reach anybody; opt-in kinds count their own streams only. */
  readonly isObserved: (type: WaEventType) => boolean
  /** Completes all streams. */
  readonly complete: () => void
}

/**
 * A hub without subscribers.
 *
 * @param freeze freezes every event, so that a test finds whoever changes one
 */
export const createEventHub = (freeze: boolean): EventHub => {
  const all$ = new Subject<WaEvent>()
  const byType = new Map<WaEventType, Subject<WaEvent>>()
  const subjectOf = (type: WaEventType): Subject<WaEvent> => {
    const known = byType.get(type)
    if (known) return known
    const subject = new Subject<WaEvent>()
    byType.set(type, subject)
    return subject
  }
  const streamOf = <Type extends WaEventType>(type: Type): Observable<WaEventOf<Type>> =>
    // Only events of this type are ever given to this subject.
    subjectOf(type).asObservable() as Observable<WaEventOf<Type>>

  const isObserved = (type: WaEventType): boolean =>
    (byType.get(type)?.observed ?? false) || (all$.observed && !OPT_IN.has(type))

  return {
    emit: (event) => {
      if (freeze) deepFreeze(event)
      byType.get(event.type)?.next(event)
      all$.next(event)
    },
    events$: all$.asObservable(),
    streams: Object.fromEntries(
      (Object.keys(substreamNames) as WaEventType[]).map((type) => [substreamNames[type], streamOf(type)]),
    ) as unknown as Substreams,
    isObserved,
    complete: () => {
      for (const subject of [all$, ...byType.values()]) subject.complete()
    },
  }
}

/** Byte arrays cannot be frozen; errors and stanzas are shared with code that owns them. */
const deepFreeze = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || Object.isFrozen(value)) return
  if (value instanceof Error) return
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
}
