import type { SchedulerLike, Subscription } from 'rxjs'

import { PassingList } from '../collections/passing-list.ts'

/** Many limits of one length on one timer. */
export interface Deadlines {
  /** Calls `expire` when the limit is over, unless what is returned is called before. */
  readonly add: (expire: () => void) => () => void
  /** Calls nobody any more. */
  readonly end: () => void
}

/**
 * Limits of the same length end in the order they began, so one timer serves them all: a timer of its own for
 * every message costs as much as writing it. The timer stays until it rings, also when nobody waits any more.
 */
export const createDeadlines = (limitMs: number, scheduler: SchedulerLike): Deadlines => {
  const waiting = new PassingList<{ readonly startedAtMs: number; readonly expire: () => void }>()
  let timer: Subscription | undefined
  let isRinging = false

  /** Also when the clock was set back meanwhile: nobody waits for ever. */
  const leftMs = (startedAtMs: number): number => {
    const passedMs = scheduler.now() - startedAtMs
    return passedMs < 0 ? 0 : Math.max(0, limitMs - passedMs)
  }
  const arm = (): void => {
    if (timer || isRinging) return
    const first = waiting.first()
    if (first) timer = scheduler.schedule(ring, leftMs(first.startedAtMs))
  }
  const ring = (): void => {
    timer = undefined
    isRinging = true
    try {
      for (let first = waiting.first(); first && leftMs(first.startedAtMs) === 0; first = waiting.first()) {
        waiting.shift()
        first.expire()
      }
    } finally {
      isRinging = false
      arm()
    }
  }

  return {
    add: (expire) => {
      const leave = waiting.add({ startedAtMs: scheduler.now(), expire })
      arm()
      return leave
    },
    end: () => {
      while (waiting.shift());
      timer?.unsubscribe()
      timer = undefined
    },
  }
}
