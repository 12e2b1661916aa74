import { finalize, Observable, tap } from 'rxjs'

import { PassingMap } from '../collections/passing-map.ts'
import { atOnce, followedBy, valueOf } from '../reactive/at-once.ts'

/** Gives a lock back; calling it again does nothing. */
export type Release = () => void

/** Locks by name. Fair: whoever waited first comes first. */
export interface KeyedLocks {
  /**
   * Emits once, when all keys are held, and completes. Free keys are taken by the call itself, others when
   * it is their turn after subscription. They stay held until `Release` is called; unsubscribing before
   * that gives up what was held so far. Keys are taken in one global order, so that two callers with
   * several keys never wait for each other.
   */
  readonly acquire: (keys: readonly string[]) => Observable<Release>
}

/**
 * Makes something of held locks that gives them back itself, later. Until it is there they are given back
 * here, when nobody waits for it any more or it cannot be made.
 */
export const makeWhileHeld = <T>(held$: Observable<Release>, make: (release: Release) => Observable<T>): Observable<T> =>
  followedBy(held$, (release) => {
    let made$: Observable<T> | undefined
    try {
      made$ = make(release)
    } finally {
      if (!made$) release()
    }
    if (valueOf(made$)) return made$
    let isMade = false
    return made$.pipe(
      tap(() => (isMade = true)),
      finalize(() => {
        if (!isMade) release()
      }),
    )
  })

/** Without repetition, in the one order. Most messages go to two devices. */
const inOrder = (keys: readonly string[]): readonly string[] => {
  if (keys.length > 2) return [...new Set(keys)].sort()
  const [one, other] = keys
  if (one === undefined || other === undefined || one < other) return keys
  return one === other ? [one] : [other, one]
}

/** A fresh set of locks. */
export const createKeyedLocks = (): KeyedLocks => {
  // A key is present while it is held; its list are those who wait for it.
  const waiting = new PassingMap<string, Array<() => void>>()

  const take = (key: string, resume: () => void): boolean => {
    const queue = waiting.get(key)
    if (queue) {
      queue.push(resume)
      return false
    }
    waiting.set(key, [])
    return true
  }

  /** Those who have got what they waited for, and whether one of them is at work. */
  const ready: Array<() => void> = []
  let isResuming = false

  /** Who comes next goes on once the present one has done all it does at once: or it would overtake it on the way to the wire. */
  const give = (key: string): void => {
    const next = waiting.get(key)?.shift()
    if (!next) {
      waiting.delete(key)
      return
    }
    ready.push(next)
    if (isResuming) return
    isResuming = true
    try {
      for (let resume = ready.shift(); resume; resume = ready.shift()) resume()
    } finally {
      isResuming = false
    }
  }

  const acquire = (keys: readonly string[]): Observable<Release> => {
    const wanted = inOrder(keys)
    if (wanted.some((key) => waiting.has(key))) return queueFor(wanted)
    for (const key of wanted) waiting.set(key, [])
    return atOnce(releaseOf(wanted, wanted.length))
  }

  const releaseOf = (wanted: readonly string[], held: number): Release => {
    let isReleased = false
    return () => {
      if (isReleased) return
      isReleased = true
      for (let index = 0; index < held; index += 1) give(wanted[index]!)
    }
  }

  const queueFor = (wanted: readonly string[]): Observable<Release> =>
    new Observable((subscriber) => {
      let held = 0
      let isHandedOver = false

      /** Called with the awaited key in hand. */
      const resume = (): void => {
        // Nobody waits any more since it was its turn.
        if (subscriber.closed) {
          give(wanted[held]!)
          return
        }
        held += 1
        advance()
      }
      const advance = (): void => {
        for (; held < wanted.length; held += 1) if (!take(wanted[held]!, resume)) return
        isHandedOver = true
        subscriber.next(releaseOf(wanted, held))
        subscriber.complete()
      }
      advance()
      return () => {
        if (isHandedOver) return
        const queue = held < wanted.length ? waiting.get(wanted[held]!) : undefined
        const place = queue?.indexOf(resume) ?? -1
        if (place >= 0) queue!.splice(place, 1)
        releaseOf(wanted, held)()
      }
    })

  return { acquire }
}
