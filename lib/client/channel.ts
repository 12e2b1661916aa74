import { Observable, type Subscriber } from 'rxjs'

import { ChannelTaken } from '../errors/channel-taken.ts'
import { OptionInvalid, requireObject } from '../errors/option-invalid.ts'
import { substreamNames } from '../events/substreams.ts'
import type { WaEvent, WaEventOf, WaEventType } from '../events/wa-event.ts'
import { iterate } from './channel-iterator.ts'

/** How much a channel holds, and what happens when it is full. */
export interface ChannelOptions {
  /** Events that may wait, at least 1; default: no bound. */
  readonly limit?: number
  /**
   * What a full channel does; default `block`.
   * `dropOldest` and `dropNewest` drop and count. `block` holds back what comes from the server: nothing more is
   * taken in or acknowledged until there is room. When that takes too long the connection ends as `overloaded`
   * and comes back; what was not acknowledged comes again. Events of the client itself (states, codes) cannot be
   * held back and may go over the bound, and so may events of stanzas that are being decrypted already.
   */
  readonly policy?: 'block' | 'dropOldest' | 'dropNewest'
}

/**
 * Events since the channel was made, in order, kept until they are taken: as an Observable by one subscriber at
 * a time, or by `for await`. Whoever leaves can come back; what was not taken is still there.
 */
export interface Channel<Event extends WaEvent = WaEvent> extends Observable<Event>, AsyncIterable<Event> {
  /** Events dropped so far. */
  readonly dropped: () => number
  /** Events that wait. */
  readonly waiting: () => number
  /** Forgets what waits, completes whoever takes, and collects no more. */
  readonly close: () => void
}

/** Channels of one client. */
export interface Channels {
  readonly open: <Type extends WaEventType = WaEventType>(types?: readonly Type[], options?: ChannelOptions) => Channel<WaEventOf<Type>>
  /** Whether a channel that blocks is full. */
  readonly areFull: () => boolean
  /** Calls once when none is full any more, at once when none is; returns what calls it off. */
  readonly whenRoom: (go: () => void) => () => void
}

/** Where channels get their events from. */
export interface ChannelSources {
  readonly events$: Observable<WaEvent>
  readonly streamOf: (type: WaEventType) => Observable<WaEvent>
}

/** Channels over streams of events. */
export const createChannels = ({ events$, streamOf }: ChannelSources): Channels => {
  const full = new Set<object>()
  const waiters = new Set<() => void>()
  const setFull = (channel: object, isFull: boolean): void => {
    if (isFull) full.add(channel)
    else if (full.delete(channel) && full.size === 0)
      for (const go of [...waiters]) {
        if (full.size > 0) return
        waiters.delete(go)
        go()
      }
  }
  return {
    open: (types, options) => {
      checkOptions(types, options)
      const source$ = types ? merged(types.map(streamOf)) : events$
      // Only events of the wanted kinds come from these streams.
      return openChannel(source$, options ?? {}, setFull) as unknown as Channel<never>
    },
    areFull: () => full.size > 0,
    whenRoom: (go) => {
      if (full.size === 0) {
        go()
        return () => undefined
      }
      waiters.add(go)
      return () => waiters.delete(go)
    },
  }
}

/** Several streams at once, left at once; `merge` would hold what is emitted while one is subscribed to. */
const merged = (streams: readonly Observable<WaEvent>[]): Observable<WaEvent> =>
  new Observable((subscriber) => {
    for (const stream$ of streams) subscriber.add(stream$.subscribe({ next: (event) => subscriber.next(event), complete: () => subscriber.complete() }))
  })

const checkOptions = (types: readonly WaEventType[] | undefined, options: ChannelOptions = {}): void => {
  requireObject('options', options, 'an object')
  const { limit, policy } = options
  if (types && (!Array.isArray(types) || types.length === 0 || !types.every((type) => Object.hasOwn(substreamNames, type))))
    throw new OptionInvalid('types', 'a list of types of events', 'something else')
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1)) throw new OptionInvalid('limit', 'a whole number from 1', String(limit))
  if (policy !== undefined && !['block', 'dropOldest', 'dropNewest'].includes(policy))
    throw new OptionInvalid('policy', 'block, dropOldest or dropNewest', String(policy))
}

const openChannel = (source$: Observable<WaEvent>, { limit = Infinity, policy = 'block' }: ChannelOptions, setFull: (channel: object, isFull: boolean) => void): Channel => {
  const own = {}
  let queue: WaEvent[] = []
  /** Those before it were taken; cut off now and then, so that taking stays cheap. */
  let head = 0
  let dropped = 0
  /** Nothing more comes. */
  let isOver = false
  let taker: { readonly subscriber: Subscriber<WaEvent>; readonly isPulled: boolean; wanted: number } | undefined

  const waiting = (): number => queue.length - head
  const take = (): WaEvent => {
    const event = queue[head]!
    head += 1
    if (head > 64 && head * 2 > queue.length) {
      queue = queue.slice(head)
      head = 0
    }
    if (policy === 'block' && waiting() < limit) setFull(own, false)
    return event
  }
  let isGiving = false
  /** Gives what waits for as long as somebody takes it; not again while it is at it, so that the order stays. */
  const give = (): void => {
    if (isGiving) return
    isGiving = true
    try {
      while (taker && waiting() > 0 && (!taker.isPulled || taker.wanted > 0)) {
        taker.wanted -= 1
        taker.subscriber.next(take())
      }
      if (isOver && waiting() === 0) taker?.subscriber.complete()
    } finally {
      isGiving = false
    }
  }
  const put = (event: WaEvent): void => {
    const isTaken = taker && waiting() === 0 && (!taker.isPulled || taker.wanted > 0)
    if (!isTaken && waiting() >= limit) {
      if (policy === 'dropNewest') {
        dropped += 1
        return
      }
      if (policy === 'dropOldest') {
        take()
        dropped += 1
      }
    }
    queue.push(event)
    if (policy === 'block' && !isTaken && waiting() >= limit) setFull(own, true)
    give()
  }
  const close = (): void => {
    isOver = true
    collecting.unsubscribe()
    queue = []
    head = 0
    setFull(own, false)
    give()
  }
  const collecting = source$.subscribe({
    next: put,
    complete: () => {
      isOver = true
      give()
    },
  })

  const attach = (subscriber: Subscriber<WaEvent>, isPulled: boolean) => {
    if (taker) {
      subscriber.error(new ChannelTaken())
      return undefined
    }
    const self = { subscriber, isPulled, wanted: 0 }
    taker = self
    subscriber.add(() => {
      if (taker === self) taker = undefined
    })
    give()
    return self
  }

  const channel$ = new Observable<WaEvent>((subscriber) => void attach(subscriber, false))
  return Object.assign(channel$, {
    dropped: () => dropped,
    waiting,
    close,
    [Symbol.asyncIterator]: () => iterate(attach, give),
  })
}
