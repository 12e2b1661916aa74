import { Subscription, type Observer } from 'rxjs'

/**
 * Observer and subscription in one. A source it is handed to takes it as it is, where it makes two objects around
 * a plain observer. The callbacks must not throw: what they throw reaches the source.
 */
export class Receiver<T> extends Subscription implements Observer<T> {
  readonly #take: (value: T) => void
  readonly #fail: (error: unknown) => void
  readonly #finish: () => void

  constructor(take: (value: T) => void, fail: (error: unknown) => void, finish: () => void) {
    super()
    this.#take = take
    this.#fail = fail
    this.#finish = finish
  }

  next(value: T): void {
    if (!this.closed) this.#take(value)
  }

  error(error: unknown): void {
    if (this.closed) return
    this.#fail(error)
    this.unsubscribe()
  }

  complete(): void {
    if (this.closed) return
    this.#finish()
    this.unsubscribe()
  }
}
