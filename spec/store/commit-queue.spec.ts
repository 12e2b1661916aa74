import { describe, expect, it } from '@jest/globals'
import { VirtualTimeScheduler } from 'rxjs'

import { createCommitQueue } from '../../lib/store/commit-queue.ts'
import type { Awaitable, Write } from '../../lib/store/store.ts'

const write = (key: string, value: Uint8Array | undefined = Uint8Array.of(1)): Write => ({ table: 'inbox', key, value })
const keysOf = (writes: readonly Write[]): string => writes.map(({ key }) => key).join('')

/** A store that answers when it is told to. */
const slowStore = () => {
  const transactions: string[] = []
  const open: Array<{ readonly resolve: () => void; readonly reject: (error: unknown) => void }> = []
  return {
    transactions,
    answer: (error?: unknown) => {
      const next = open.shift()!
      if (error === undefined) next.resolve()
      else next.reject(error)
    },
    commit: (writes: readonly Write[]): Awaitable<void> => {
      transactions.push(keysOf(writes))
      // Answers in the same turn, so that the spec decides about time.
      const answer: PromiseLike<void> = {
        then: (resolve, reject) => {
          open.push({ resolve: () => { resolve?.() }, reject: (error) => { reject?.(error) } })
          return undefined as never
        },
      }
      return answer
    },
  }
}

const quickStore = () => {
  const transactions: string[] = []
  return { transactions, commit: (writes: readonly Write[]): void => void transactions.push(keysOf(writes)) }
}

describe('the commit queue', () => {
  it('commits at once when the store answers at once', () => {
    const store = quickStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    const told: string[] = []
    queue.commit([write('a')]).subscribe({ next: () => told.push('a'), complete: () => told.push('done') })
    expect(told).toEqual(['a', 'done'])
    expect(store.transactions).toEqual(['a'])
  })

  it('commits what nobody subscribes to, and tells late subscribers', () => {
    const store = quickStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    const durable$ = queue.commit([write('a')])
    expect(store.transactions).toEqual(['a'])
    let told = 0
    durable$.subscribe(() => (told += 1))
    durable$.subscribe(() => (told += 1))
    expect(told).toBe(2)
  })

  it('gathers what comes while a transaction is under way, and answers in order', () => {
    const store = slowStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    const told: string[] = []
    for (const key of ['a', 'b', 'c']) queue.commit([write(key)]).subscribe(() => told.push(key))
    expect(store.transactions).toEqual(['a'])
    store.answer()
    expect(told).toEqual(['a'])
    expect(store.transactions).toEqual(['a', 'bc'])
    store.answer()
    expect(told).toEqual(['a', 'b', 'c'])
  })

  it('gathers what may wait within one instant; urgent changes take it along', () => {
    const store = quickStore()
    const scheduler = new VirtualTimeScheduler()
    const queue = createCommitQueue({ store, scheduler })
    queue.commit([write('a')], 'soon')
    queue.commit([write('b')], 'soon')
    expect(store.transactions).toEqual([])
    scheduler.flush()
    expect(store.transactions).toEqual(['ab'])
    queue.commit([write('c')], 'soon')
    queue.commit([write('d')], 'now')
    expect(store.transactions).toEqual(['ab', 'cd'])
    scheduler.flush()
    expect(store.transactions).toEqual(['ab', 'cd'])
  })

  it('gathers everything when commits are dear', () => {
    const store = { ...quickStore(), gathersCommits: true }
    const scheduler = new VirtualTimeScheduler()
    const queue = createCommitQueue({ store, scheduler })
    for (const key of ['a', 'b', 'a']) queue.commit([write(key)])
    expect(store.transactions).toEqual([])
    scheduler.flush()
    expect(store.transactions).toEqual(['ab'])
  })

  it('does not gather without end', () => {
    const store = quickStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    for (let index = 0; index < 401; index += 1) queue.commit([write('x')], 'soon')
    expect(store.transactions).toEqual(['x'])
    const large = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    large.commit([write('y', new Uint8Array(4 * 1024 * 1024))], 'soon')
    expect(store.transactions.at(-1)).toBe('y')
  })

  it('lets changes ride along, or commits them a quarter of a second later', () => {
    const store = quickStore()
    const scheduler = new VirtualTimeScheduler()
    const queue = createCommitQueue({ store, scheduler })
    queue.ride(() => [write('r')])
    expect(store.transactions).toEqual([])
    queue.commit([write('a')])
    expect(store.transactions).toEqual(['ra'])
    queue.ride(() => [write('s')])
    scheduler.maxFrames = 249
    scheduler.flush()
    expect(store.transactions).toEqual(['ra'])
    scheduler.maxFrames = 250
    scheduler.flush()
    expect(store.transactions).toEqual(['ra', 's'])
  })

  it('keeps the order of a change that nobody waits for and one that somebody does', () => {
    const store = slowStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    queue.commit([write('a')])
    queue.commit([write('k')])
    queue.ride(() => [write('k', undefined)])
    store.answer()
    expect(store.transactions).toEqual(['a', 'k'])
  })

  it('fails everything after the first failure', () => {
    const store = slowStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    const errors: unknown[] = []
    const error = (cause: unknown) => errors.push(cause)
    queue.commit([write('a')]).subscribe({ error })
    queue.commit([write('b')]).subscribe({ error })
    let watched: unknown
    queue.failure$.subscribe({ error: (cause: unknown) => (watched = cause) })
    store.answer(new Error('disk full'))
    expect(watched).toMatchObject({ code: 'store_failed' })
    queue.commit([write('c')]).subscribe({ error })
    expect(store.transactions).toEqual(['a'])
    expect(errors).toHaveLength(3)
    for (const failed of errors) expect(failed).toMatchObject({ code: 'store_failed', during: 'commit', cause: { message: 'disk full' } })
  })

  it('fails when the store throws', () => {
    const queue = createCommitQueue({ store: { commit: () => { throw new Error('gone') } }, scheduler: new VirtualTimeScheduler() })
    let failed: unknown
    queue.commit([write('a')]).subscribe({ error: (error: unknown) => (failed = error) })
    expect(failed).toMatchObject({ code: 'store_failed', cause: { message: 'gone' } })
  })

  it('answers an empty change in its turn', () => {
    const store = slowStore()
    const queue = createCommitQueue({ store, scheduler: new VirtualTimeScheduler() })
    const told: string[] = []
    queue.commit([]).subscribe(() => told.push('first'))
    expect(told).toEqual(['first'])
    queue.commit([write('a')]).subscribe(() => told.push('a'))
    queue.commit([]).subscribe(() => told.push('last'))
    expect(told).toEqual(['first'])
    store.answer()
    expect(told).toEqual(['first', 'a', 'last'])
    expect(store.transactions).toEqual(['a'])
  })

  it('closes when everything is durable, leaves no timer and takes nothing more', () => {
    const store = slowStore()
    const scheduler = new VirtualTimeScheduler()
    const queue = createCommitQueue({ store, scheduler })
    queue.commit([write('a')])
    queue.ride(() => [write('r')])
    let isClosed = false
    queue.close(() => (isClosed = true))
    expect(isClosed).toBe(false)
    store.answer()
    expect([store.transactions, isClosed]).toEqual([['a', 'r'], false])
    store.answer()
    expect(isClosed).toBe(true)
    queue.ride(() => [write('s')])
    let failed: unknown
    queue.commit([write('b')]).subscribe({ error: (error: unknown) => (failed = error) })
    expect(failed).toMatchObject({ code: 'store_failed' })
    expect(scheduler.actions).toEqual([])
    expect(store.transactions).toEqual(['a', 'r'])
  })
})
