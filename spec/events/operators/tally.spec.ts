import { describe, it } from '@jest/globals'
import { map, type Observable } from 'rxjs'

import { tally } from '../../../lib/events/operators/tally.ts'
import { marbles } from '../../../lib/testing/marbles.ts'
import { usualCases } from './usual-cases.ts'

/** `who:choices`. */
const votes = { a: 'ana:xy', b: 'ben:x', c: 'ana:y', n: 'ana:', d: 'cleo:z' }
const shown = (counts: ReadonlyMap<string, number>): string => [...counts].sort().map(([choice, count]) => `${choice}${count}`).join(' ')
const choicesOf = (vote: string): readonly string[] => [...vote.split(':')[1]!]
const counting = (options: { readonly limit?: number } = {}) => (source$: Observable<string>) => source$.pipe(tally(choicesOf, { voterOf: (vote) => vote.split(':')[0], ...options }), map(shown))

usualCases('tally', { operator: counting(), values: votes, outcomes: { a: 'x1 y1', b: 'x2 y1', c: 'x1 y1' }, one: ['a', 'a'], many: ['a-b-c', 'a-b-c'] })

describe('tally', () => {
  it('counts the last vote of each, and one taken back not at all', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('a-a-b-n|', votes).pipe(counting())).toBe('1-1-2-3|', { 1: 'x1 y1', 2: 'x2 y1', 3: 'x1' })
  }))

  it('counts every value without voters, the same choice once', marbles(({ hot, expectObservable }) => {
    const counted$ = hot('a-a-d|', { a: ['x', 'x'], d: ['y'] }).pipe(tally((choices: readonly string[]) => choices), map(shown))
    expectObservable(counted$).toBe('1-2-3|', { 1: 'x1', 2: 'x2', 3: 'x2 y1' })
  }))

  it('has room for so many voters and choices', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('b-c-d-b|', votes).pipe(counting({ limit: 1 }))).toBe('1-1-1-1|', { 1: 'x1' })
  }))

  it('ends with an error of its function', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('a|').pipe(tally(() => { throw 'error' as unknown as Error }))).toBe('#')
  }))
})
