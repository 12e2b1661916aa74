import { describe, it } from '@jest/globals'
import { BehaviorSubject, filter, map, repeat, take, tap } from 'rxjs'
import type { RunHelpers } from 'rxjs/testing'

import { holdWhileFull, type Room } from '../../lib/pipeline/hold-while-full.ts'
import { marbles } from '../../lib/testing/marbles.ts'

/** Room as drawn: `f` full, `r` room again. */
const roomOf = ({ hot }: RunHelpers, diagram: string): Room => {
  const isFull$ = new BehaviorSubject(false)
  hot(diagram).pipe(map((mark) => mark === 'f'), tap(isFull$)).subscribe()
  return {
    areFull: () => isFull$.value,
    whenRoom: (go) => {
      const waiting = isFull$.pipe(filter((isFull) => !isFull), take(1)).subscribe(go)
      return () => waiting.unsubscribe()
    },
  }
}
const nothing = (): void => undefined

describe('holdWhileFull', () => {
  it('passes everything while there is room', marbles(({ cold, hot, expectObservable }) => {
    const room = roomOf({ cold, hot } as RunHelpers, '-')
    expectObservable(cold('a-b|').pipe(holdWhileFull(room, nothing))).toBe('a-b|')
    expectObservable(cold('|').pipe(holdWhileFull(room, nothing))).toBe('|')
    expectObservable(cold('-').pipe(holdWhileFull(room, nothing))).toBe('-')
    expectObservable(cold('a-#').pipe(holdWhileFull(room, nothing))).toBe('a-#')
  }))

  it('keeps back and gives in order, and completes after that', marbles((helpers) => {
    const room = roomOf(helpers, '              -f-------r')
    const source$ = helpers.hot('        a-b-c-|')
    helpers.expectObservable(source$.pipe(holdWhileFull(room, nothing))).toBe('a--------(bc|)')
  }))

  it('goes on holding when it is full again', marbles((helpers) => {
    const room = roomOf(helpers, '              f--r-f---r')
    const source$ = helpers.hot('        -a-b--c--d')
    helpers.expectObservable(source$.pipe(holdWhileFull(room, nothing))).toBe('---(ab)--(cd)')
  }))

  it('passes an error at once, one of the count as well', marbles((helpers) => {
    const room = roomOf(helpers, '-f')
    helpers.expectObservable(helpers.hot('a-b-#').pipe(holdWhileFull(room, nothing))).toBe('a---#')
    helpers.expectObservable(helpers.hot('a').pipe(holdWhileFull(room, () => { throw 'error' as unknown as Error }))).toBe('#')
  }))

  it('forgets what it held when it is left, and starts anew', marbles((helpers) => {
    const room = roomOf(helpers, '-f---r')
    const source$ = helpers.cold('a-b----|')
    const held$ = source$.pipe(holdWhileFull(room, nothing))
    helpers.expectObservable(held$, '^--!').toBe('a')
    helpers.expectObservable(held$.pipe(repeat(2))).toBe('a----b-a-b----|')
    helpers.expectSubscriptions(source$.subscriptions).toBe(['^--!', '^------!', '-------^------!'])
  }))
})
