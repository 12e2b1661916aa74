import { describe, expect, it } from '@jest/globals'
import { merge, of, Subject, take, throwError } from 'rxjs'

import { shareByKind } from '../../lib/reactive/share-by-kind.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const letter = (text: string): string => text

describe('shareByKind', () => {
  it('gives each its kinds, from one subscription to the source', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const source$ = hot('--a-b-c-a-|')
    const { all$, of: only } = shareByKind(source$, letter)
    expectObservable(all$).toBe('--a-b-c-a-|')
    expectObservable(only('a')).toBe('--a-----a-|')
    expectObservable(only('b', 'c')).toBe('----b-c---|')
    expectObservable(only()).toBe('----------|')
    expectSubscriptions(source$.subscriptions).toBe('^---------!')
  }))

  it('runs from the first subscriber to the last, and again', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const source$ = hot('a-b-a-b-a-b-a')
    const { all$, of: only } = shareByKind(source$, letter)
    expectObservable(only('a'), '-^--!').toBe('--')
    expectObservable(all$, '--^----!').toBe('--b-a-b')
    expectObservable(only('b'), '---------^--!').toBe('----------b')
    expectSubscriptions(source$.subscriptions).toBe(['-^-----!', '---------^--!'])
  }))

  it('passes an error to all of them', marbles(({ cold, expectObservable }) => {
    const { all$, of: only } = shareByKind(cold<string>('a-#'), letter)
    expectObservable(merge(only('b'), all$)).toBe('a-#')
  }))

  it('keeps the order of subscribing among those of different kinds', () => {
    const source$ = new Subject<string>()
    const { all$, of: only } = shareByKind(source$, letter)
    const told: string[] = []
    only('a').subscribe(() => told.push('first'))
    all$.subscribe(() => told.push('second'))
    only('a', 'b').subscribe(() => told.push('third'))
    source$.next('a')
    source$.next('c')
    expect(told).toEqual(['first', 'second', 'third', 'second'])
  })

  it('serves who comes or leaves while a value is given out from the next one on', () => {
    const source$ = new Subject<string>()
    const { all$, of: only } = shareByKind(source$, letter)
    const told: string[] = []
    const late = (name: string): void => void only('a').subscribe(() => told.push(name))
    all$.pipe(take(1)).subscribe(() => late('late'))
    const leaving = only('a').subscribe(() => told.push('leaving'))
    all$.subscribe(() => leaving.unsubscribe())
    source$.next('a')
    source$.next('a')
    expect(told).toEqual(['leaving', 'late'])
  })

  it('begins anew after a source that ended at once, and passes on an error at once', () => {
    const told: unknown[] = []
    const { all$ } = shareByKind(of('a', 'b'), letter)
    for (const round of [1, 2]) all$.subscribe({ next: (value) => told.push(`${value}${round}`), complete: () => told.push('done') })
    shareByKind(throwError(() => 'no'), letter).all$.subscribe({ error: (error) => told.push(error) })
    expect(told).toEqual(['a1', 'b1', 'done', 'a2', 'b2', 'done', 'no'])
  })
})
