import { Observable, type MonoTypeOperatorFunction } from 'rxjs'

/** Says whether consumers have room. */
export interface Room {
  readonly areFull: () => boolean
  /** Calls once when there is room; returns what calls it off. */
  readonly whenRoom: (go: () => void) => () => void
}

/**
 * Keeps values back while a consumer that must not lose any is full; whoever has no such consumer pays for one
 * question per value. Stands before anything is borrowed for a value: what waits must not keep a ratchet from
 * those who answer what came before it.
 *
 * Order: kept. Completes when all of it is through; an error passes at once.
 *
 * @param arrive told of each value when it comes; bounds what is kept back by throwing
 */
export const holdWhileFull =
  <T>(room: Room, arrive: () => void): MonoTypeOperatorFunction<T> =>
  (source$) =>
    new Observable((subscriber) => {
      const held: T[] = []
      let isWaiting = false
      /** What comes while held values pass, perhaps because of them, comes after them. */
      let isPassing = false
      let isSourceDone = false
      let callOff: (() => void) | undefined
      subscriber.add(() => callOff?.())
      const wait = (): void => {
        isWaiting = true
        callOff = room.whenRoom(() => {
          isWaiting = false
          isPassing = true
          while (held.length > 0 && !room.areFull() && !subscriber.closed) subscriber.next(held.shift()!)
          isPassing = false
          if (held.length > 0) wait()
          else if (isSourceDone) subscriber.complete()
        })
      }
      const take = (value: T): void => {
        if (held.length === 0 && !isPassing && !room.areFull()) {
          subscriber.next(value)
          return
        }
        held.push(value)
        if (!isWaiting && !isPassing) wait()
      }
      subscriber.add(
        source$.subscribe({
          next: (value) => {
            try {
              arrive()
            } catch (error) {
              subscriber.error(error)
              return
            }
            take(value)
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => {
            isSourceDone = true
            if (held.length === 0 && !isPassing) subscriber.complete()
          },
        }),
      )
    })
