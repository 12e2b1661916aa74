import { Observable, type Subscriber } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'

/** Lets a taker into a channel; undefined when it was refused. */
export type Attach = (subscriber: Subscriber<WaEvent>, isPulled: boolean) => { wanted: number } | undefined

/** Takes one event whenever it is asked for one; nothing is taken that nobody waits for. */
export const iterate = (attach: Attach, give: () => void): AsyncIterator<WaEvent> => {
  const asked: { readonly resolve: (result: IteratorResult<WaEvent>) => void; readonly reject: (error: unknown) => void }[] = []
  let end: { readonly error?: unknown } | undefined
  let self: { wanted: number } | undefined
  const finish = (outcome: { readonly error?: unknown }): void => {
    end ??= outcome
    for (const { resolve, reject } of asked.splice(0)) if ('error' in outcome) reject(outcome.error)
      else resolve({ done: true, value: undefined })
  }
  const subscription = new Observable<WaEvent>((subscriber) => void (self = attach(subscriber, true))).subscribe({
    next: (value) => asked.shift()?.resolve({ done: false, value }),
    error: (error: unknown) => finish({ error }),
    complete: () => finish({}),
  })
  return {
    next: () =>
      new Promise((resolve, reject) => {
        if (end) {
          if ('error' in end) reject(end.error)
          else resolve({ done: true, value: undefined })
          return
        }
        asked.push({ resolve, reject })
        if (self) self.wanted += 1
        give()
      }),
    return: () => {
      subscription.unsubscribe()
      finish({})
      return Promise.resolve({ done: true, value: undefined })
    },
  }
}
