import { describe, it } from '@jest/globals'

import { concatMapBy } from '../../lib/reactive/concat-map-by.ts'
import { marbles } from '../../lib/testing/marbles.ts'

/** `a` and `b` share a lane, `x` has its own. */
const laneOf = (value: string): string => (value === 'x' ? 'x' : 'a')

describe('concatMapBy', () => {
  it('works one by one within a key and side by side between keys', marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
    const source$ = hot('ab-x----|')
    const work = { a: cold('---a|'), b: cold('--b|'), x: cold('-x|') }
    const expected = '   ---ax-b-|'
    const result$ = source$.pipe(concatMapBy(laneOf, (value) => work[value as 'a' | 'b' | 'x']))

    expectObservable(result$).toBe(expected)
    expectSubscriptions(work.a.subscriptions).toBe(' ^---!')
    expectSubscriptions(work.b.subscriptions).toBe(' ----^--!')
    expectSubscriptions(work.x.subscriptions).toBe(' ---^-!')
  }))

  it('finishes open work before it completes', marbles(({ hot, cold, expectObservable }) => {
    expectObservable(hot('a|').pipe(concatMapBy(laneOf, () => cold('----w|')))).toBe('----w|')
  }))

  it('emits nothing for nothing, and passes errors of the source and of the work', marbles(({ cold, expectObservable }) => {
    const work = () => cold('-w|')
    expectObservable(cold<string>('|').pipe(concatMapBy(laneOf, work))).toBe('|')
    expectObservable(cold('a--#').pipe(concatMapBy(laneOf, work))).toBe('-w-#')
    expectObservable(cold('a--b').pipe(concatMapBy(laneOf, () => cold('-#')))).toBe('-#')
  }))

  it('stops its work when unsubscribed, and starts clean again', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('ab|')
    const work$ = cold('  --w|')
    const result$ = source$.pipe(concatMapBy(laneOf, () => work$))
    expectObservable(result$, '^!').toBe('-')
    expectObservable(result$, '--------^').toBe('----------w--w|')
    expectSubscriptions(work$.subscriptions).toBe(['^!', '--------^--!', '-----------^--!'])
  }))

  it('opens a lane anew after it was drained', marbles(({ hot, cold, expectObservable }) => {
    expectObservable(hot('a---b---a|').pipe(concatMapBy(laneOf, (value) => cold('-(v|)', { v: value })))).toBe('-a---b---(a|)')
  }))
})
