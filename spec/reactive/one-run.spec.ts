import { describe, expect, it } from '@jest/globals'
import { Observable, of, Subject, take } from 'rxjs'

import { oneRun as oneRunOf } from '../../lib/reactive/one-run.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const oneRun = <T>(source$: Observable<T>, most: number, left: () => Error): Observable<T> => oneRunOf((run) => source$.subscribe(run), most, left)

const cancelled = (): Error => new Error('cancelled')

describe('oneRun', () => {
  it('runs once for all, and shows the last values to who joins late', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('  a-b-c-----d|')
    const run$ = oneRun(source$, 2, cancelled)
    expectObservable(run$).toBe('a-b-c-----d|')
    expectObservable(run$, '-----^').toBe('-----(bc)-d|')
    expectSubscriptions(source$.subscriptions).toBe('^----------!')
  }))

  it('keeps its end for whoever comes later, good or bad', marbles(({ cold, expectObservable }) => {
    const [good$, bad$] = [oneRun(cold('a|'), 8, cancelled), oneRun(cold('a#'), 8, cancelled)]
    expectObservable(good$).toBe('a|')
    expectObservable(good$, '---^').toBe('---(a|)')
    expectObservable(bad$).toBe('a#')
    expectObservable(bad$, '---^').toBe('---(a#)')
  }))

  it('goes on as long as somebody is there, and is over for good when the last one left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold('     a-b-c-d|')
    const run$ = oneRun(source$, 8, cancelled)
    expectObservable(run$, '   ^-!').toBe('a-')
    expectObservable(run$, '   -^--!').toBe('-ab')
    expectObservable(run$, '   ------^').toBe('------#', undefined, cancelled())
    expectSubscriptions(source$.subscriptions).toBe('^---!')
  }))

  it('takes a source that does all at once, and one whose only reader leaves in the middle', () => {
    const seen: number[] = []
    const run$ = oneRun(of(1, 2, 3), 8, cancelled)
    run$.subscribe((value) => seen.push(value))
    run$.subscribe((value) => seen.push(value * 10))
    expect(seen).toEqual([1, 2, 3, 10, 20, 30])

    let isTornDown = false
    const left$ = oneRun(
      new Observable<number>((subscriber) => {
        subscriber.next(1)
        return () => (isTornDown = true)
      }),
      8,
      cancelled,
    )
    left$.pipe(take(1)).subscribe()
    expect(isTornDown).toBe(true)
  })

  it('tells everybody although one leaves because of a value', () => {
    const source$ = new Subject<number>()
    const run$ = oneRun(source$, 8, cancelled)
    const seen: string[] = []
    run$.pipe(take(1)).subscribe((value) => seen.push(`first ${value}`))
    run$.subscribe((value) => seen.push(`second ${value}`))
    source$.next(1)
    source$.next(2)
    expect(seen).toEqual(['first 1', 'second 1', 'second 2'])
  })
})
