import { tap, type MonoTypeOperatorFunction } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'

/** Stanzas that may be under way between the wire and the user. */
export const MOST_UNDER_WAY = 10_000

/** A gate at the start of the receive pipe that knows how much is behind it. */
export interface Load {
  /** Errors with a `ConnectionLost` when too much is under way: nothing of it is acknowledged yet, so it comes again. */
  readonly enter: <T>() => MonoTypeOperatorFunction<T>
  /** The same for one value. @throws ConnectionLost */
  readonly count: () => void
  /** One value is done with. */
  readonly leave: () => void
}

/**
 * A server cannot be told to slow down; what a store cannot keep up with must not fill the memory instead.
 *
 * @param most values behind the gate
 */
export const createLoad = (most = MOST_UNDER_WAY): Load => {
  let underWay = 0
  const count = (): void => {
    underWay += 1
    if (underWay > most) throw new ConnectionLost('overloaded')
  }
  return {
    enter: () => tap(count),
    count,
    leave: () => {
      underWay -= 1
    },
  }
}
