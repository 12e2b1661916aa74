import type { SchedulerLike, Subscription } from 'rxjs'

import type { FaultAction } from './fault-rule.ts'

/** What is done with one that passes. */
export interface LaneParts<Item> {
  readonly scheduler: SchedulerLike
  /** What goes wrong with it; asked once for each. */
  readonly choose: (item: Item) => FaultAction | undefined
  /** Lets it pass. */
  readonly pass: (item: Item) => void
  /**
   * Everything but its place and time goes wrong. A number holds back what comes behind, for so many
   * milliseconds; `later` does things meanwhile, unless the lane is closed.
   */
  readonly spoil: (item: Item, action: SpoilingAction, later: Later) => number | undefined
}

/** Faults that change what passes, not when. */
export type SpoilingAction = Exclude<FaultAction, { readonly kind: 'drop' | 'delay' | 'reorder' }>

/** Does something after so many milliseconds. */
export type Later = (work: () => void, ms: number) => void

/** One direction of a connection. */
export interface Lane<Item> {
  readonly push: (item: Item) => void
  /** Nothing passes any more; no timer is left. */
  readonly close: () => void
}

/** Opens a lane: everything passes at once and in order, but for what goes wrong. */
export const createLane = <Item>({ scheduler, choose, pass, spoil }: LaneParts<Item>): Lane<Item> => {
  const timers = new Set<Subscription>()
  const waiting: { readonly item: Item; readonly sinceMs: number }[] = []
  let overtaken: { readonly item: Item; readonly behind: number }[] = []
  let isHeld = false
  let isCatchingUp = false
  let isClosed = false

  const later: Later = (work, ms) => {
    const timer = scheduler.schedule(() => {
      timers.delete(timer)
      work()
    }, ms)
    timers.add(timer)
  }
  const hold = (ms: number, work: () => void = () => undefined): void => {
    isHeld = true
    later(() => {
      isCatchingUp = true
      try {
        work()
        isHeld = false
        while (!isHeld && !isClosed && waiting.length > 0) {
          const { item, sinceMs } = waiting.shift()!
          handle(item, sinceMs)
        }
      } finally {
        isCatchingUp = false
      }
    }, ms)
  }
  const passed = (): void => {
    const due = overtaken.filter(({ behind }) => behind <= 1)
    overtaken = overtaken.filter(({ behind }) => behind > 1).map(({ item, behind }) => ({ item, behind: behind - 1 }))
    for (const { item } of due) pass(item)
  }
  const letPass = (item: Item): void => {
    pass(item)
    passed()
  }
  const handle = (item: Item, sinceMs: number): void => {
    const action = choose(item)
    if (!action) {
      letPass(item)
      return
    }
    switch (action.kind) {
      case 'drop':
        return
      case 'delay':
        if (action.isOvertaken) later(() => letPass(item), action.ms)
        else {
          // What waited behind others was on the wire already.
          const leftMs = sinceMs + action.ms - scheduler.now()
          if (leftMs <= 0) letPass(item)
          else hold(leftMs, () => letPass(item))
        }
        return
      case 'reorder':
        overtaken.push({ item, behind: action.behind ?? 1 })
        return
      default: {
        const holdMs = spoil(item, action, later)
        if (holdMs !== undefined) hold(holdMs)
        passed()
      }
    }
  }

  return {
    push: (item) => {
      if (isClosed) return
      // What is answered at once, to something that was late, stands behind all that waits.
      if (isHeld || isCatchingUp) waiting.push({ item, sinceMs: scheduler.now() })
      else handle(item, scheduler.now())
    },
    close: () => {
      isClosed = true
      for (const timer of timers) timer.unsubscribe()
      timers.clear()
      waiting.length = 0
      overtaken = []
    },
  }
}
