import { describe, it } from '@jest/globals'
import { take } from 'rxjs'

import { mapEach } from '../../lib/reactive/map-each.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const letters = (text: string): readonly string[] => [...text]

describe('mapEach', () => {
  it('gives what each list holds, in order, and nothing for an empty one', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const source$ = hot('a-----b--c|', { a: 'xy', b: '', c: 'z' })
    expectObservable(source$.pipe(mapEach(letters))).toBe('(xy)-----z|')
    expectSubscriptions(source$.subscriptions).toBe('^---------!')
  }))

  it('passes errors, and makes one of what the projection throws', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('a-#', { a: 'x' }).pipe(mapEach(letters))).toBe('x-#')
    const bad = (): never => {
      throw new RangeError('bad')
    }
    expectObservable(cold('-a|').pipe(mapEach(bad))).toBe('-#', undefined, new RangeError('bad'))
  }))

  it('stops in the middle of a list, and with its reader', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('a--a|', { a: 'xyz' })
    expectObservable(source$.pipe(mapEach(letters), take(2))).toBe('(xy|)')
    expectObservable(source$.pipe(mapEach(letters)), '--^-!').toBe('--(xyz)')
    expectSubscriptions(source$.subscriptions).toBe(['(^!)', '--^-!'])
  }))
})
