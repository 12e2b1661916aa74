import { VirtualAction, VirtualTimeScheduler, type SchedulerLike } from 'rxjs'

import { whenLoaded } from '../reactive/load-once.ts'

/** A clock that stands still until it is told to go. */
export interface VirtualClock {
  /** For the option `scheduler` of a client and of its simulator, so that both live in the same time. */
  readonly scheduler: SchedulerLike
  /**
   * Lets so much time pass: everything that falls due happens in order, and promises settle in between.
   * A quarter of an hour takes milliseconds.
   */
  readonly advance: (durationMs: number) => Promise<void>
  /** Timers that are set; 0 when nothing was left behind. */
  readonly pendingTimers: () => number
}

/** Where virtual time begins, so that dates in tests look like dates. */
const BEGINNING = Date.UTC(2026, 0, 1)

/** Waits for a turn of the event loop and no longer; browsers only have timers for that. */
const nextTurn = (then: () => void): void => void (typeof setImmediate === 'function' ? setImmediate(then) : setTimeout(then, 0))

/** Turns of the event loop given to promises before time goes on. */
const TURNS = 6

/** A clock that shows the first of January 2026. */
export const createVirtualClock = (): VirtualClock => {
  const scheduler = new VirtualTimeScheduler(VirtualAction, BEGINNING)
  scheduler.frame = BEGINNING

  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn += 1) {
      await new Promise<void>(nextTurn)
      await whenLoaded()
    }
  }
  const nextInstant = (): number => scheduler.actions.reduce((earliest, { closed, delay }) => (closed ? earliest : Math.min(earliest, delay)), Infinity)

  return {
    scheduler,
    advance: async (durationMs) => {
      const until = scheduler.frame + durationMs
      await settle()
      // One instant after the other, because what follows from one of them may come by a promise before the next.
      do {
        scheduler.maxFrames = Math.min(nextInstant(), until)
        scheduler.flush()
        await settle()
      } while (nextInstant() <= until)
      scheduler.frame = until
    },
    pendingTimers: () => scheduler.actions.filter((action) => !action.closed).length,
  }
}
