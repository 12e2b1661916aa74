import { describe, it } from '@jest/globals'
import { repeat } from 'rxjs'

import { pacedBy } from '../../../lib/events/operators/paced-by.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

describe('pacedBy', () => {
  it('lets the first pass at once and keeps its distance after that', marbles(({ hot, expectObservable }) => {
    const source$ = hot(' abc------------d')
    const expected = '    a---b---c------d'
    expectObservable(source$.pipe(pacedBy(4))).toBe(expected)
  }))

  it('makes nothing of nothing', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('|').pipe(pacedBy(4))).toBe('|')
    expectObservable(cold('-').pipe(pacedBy(4))).toBe('-')
  }))

  it('completes an interval after the last value, with work open', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('a|').pipe(pacedBy(4))).toBe('a---|')
    expectObservable(cold('(ab|)').pipe(pacedBy(4))).toBe('a---b---|')
  }))

  it('passes an error at once', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('ab#').pipe(pacedBy(4))).toBe('a-#')
  }))

  it('leaves its source and its timer when it is left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('ab')
    expectObservable(source$.pipe(pacedBy(4)), '^--!').toBe('a')
    expectSubscriptions(source$.subscriptions).toBe('^--!')
  }))

  it('keeps a pace for each subscriber and each subscription', marbles(({ cold, expectObservable }) => {
    const paced$ = cold('ab|').pipe(pacedBy(3))
    expectObservable(paced$).toBe('      a--b--|')
    expectObservable(paced$, '-^').toBe(' -a--b--|')
    expectObservable(paced$.pipe(repeat(2))).toBe('a--b--a--b--|')
  }))
})
