import type { Awaitable } from './store.ts'

/** Whether an answer is still to come. */
export const isPromiseLike = <T>(value: Awaitable<T>): value is PromiseLike<T> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'

/** What `change` makes of an answer: at once when the answer is there at once. */
export const mapAwaitable = <T, R>(value: Awaitable<T>, change: (value: T) => Awaitable<R>): Awaitable<R> =>
  isPromiseLike(value) ? value.then(change) : change(value)
