import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, type Observable } from 'rxjs'

import { watchHistory, type HistoryNote, type HistoryProgress } from '../../lib/history/watch-history.ts'
import { marbles } from '../../lib/testing/index.ts'

const note = (syncType: number, progress?: number): HistoryNote => ({ syncType, chunkOrder: 1, progress })
const notes: Readonly<Record<string, HistoryNote>> = { a: note(3, 10), b: note(3, 60), z: note(3, 100), f: note(2, 5), i: note(0), x: note(3, 5) }
const told = (syncType: number, status: HistoryProgress['status'], chunks: number, progress: number): HistoryProgress => ({ syncType, status, chunks, progress })
const outcomes: Readonly<Record<string, HistoryProgress>> = {
  a: told(3, 'running', 1, 10),
  b: told(3, 'running', 2, 60),
  z: told(3, 'complete', 3, 100),
  p: told(3, 'paused', 1, 10),
  f: told(2, 'running', 1, 5),
  q: told(2, 'paused', 1, 5),
  i: told(0, 'complete', 1, 0),
  x: told(3, 'complete', 4, 100),
  c: told(3, 'running', 5, 42),
}
const watched = (note$: Observable<HistoryNote>, before: readonly HistoryProgress[] = []) => note$.pipe(watchHistory(asyncScheduler, () => before))

describe('watchHistory', () => {
  it('says nothing of nothing', marbles(({ hot, expectObservable }) => expectObservable(watched(hot('--|', notes))).toBe('--|', outcomes)))

  it('is complete at 100 percent and stays so', marbles(({ hot, expectObservable }) => {
    const note$ = hot('  a-b-z-x 200s |', notes)
    const expected = '   a-b-z-x 200s |'
    expectObservable(watched(note$)).toBe(expected, outcomes)
  }))

  it('pauses a kind nothing came of for two minutes, each for itself', marbles(({ hot, expectObservable }) => {
    const note$ = hot('  a 59999ms f 200s |', notes)
    const expected = '   a 59999ms f 59999ms p 59999ms q 80000ms -|'
    const subscription = '^ 190s !'
    expectObservable(watched(note$), subscription).toBe(expected.slice(0, expected.indexOf(' 80000ms')), outcomes)
  }))

  it('counts on from the last connection; single pieces are complete at once', marbles(({ hot, expectObservable }) => {
    expectObservable(watched(hot('  i-y|', { ...notes, y: note(3, 42) }), [told(3, 'paused', 4, 30)])).toBe('i-c 119999ms (q|)', { ...outcomes, q: told(3, 'paused', 5, 42) })
  }))

  it('passes errors on, and stops its clocks when nobody listens', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const note$ = hot('  a-#', notes)
    expectObservable(watched(note$)).toBe('a-#', outcomes)
    expectSubscriptions(note$.subscriptions).toBe('^-!')
    expect(true).toBe(true)
  }))
})
