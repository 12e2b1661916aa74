import { describe, it } from '@jest/globals'

import { marbles } from '../../lib/testing/index.ts'
import { gather } from '../../lib/pipeline/gather.ts'

const lists = { f: ['a', 'b', 'c'], d: ['d'], e: ['d', 'e'] }

describe('gather', () => {
  it('gives a list when it is full', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('abc-|').pipe(gather(3, 9))).toBe('--f-|', lists)
  }))

  it('gives a list some time after its first value, and begins anew', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('d---de-----|').pipe(gather(3, 3))).toBe('---d---e---|', lists)
  }))

  it('gives what is left at the end', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('-d|').pipe(gather(3, 9))).toBe('--(d|)', lists)
    expectObservable(hot('--|').pipe(gather(3, 9))).toBe('--|', lists)
  }))

  it('drops what is left on an error and on unsubscription', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    expectObservable(hot('-d#').pipe(gather(3, 9))).toBe('--#', lists)
    const value$ = hot('d----')
    expectObservable(value$.pipe(gather(3, 4)), '^--!').toBe('-----', lists)
    expectSubscriptions(value$.subscriptions).toBe('^--!')
  }))

  it('keeps two subscribers apart, and starts clean for another', marbles(({ hot, expectObservable }) => {
    const list$ = hot('d--d--').pipe(gather(3, 2))
    expectObservable(list$, '^--').toBe('--d--d', lists)
    expectObservable(list$, '--^').toBe('-----d', lists)
  }))
})
