import { describe, expect, it } from '@jest/globals'
import { from, last, map } from 'rxjs'

import { latestPerKey } from '../../../lib/events/operators/latest-per-key.ts'
import { marbles } from '../../../lib/testing/marbles.ts'
import { usualCases } from './usual-cases.ts'

const values = { a: 'a1', b: 'b1', c: 'a2' }
const outcomes = { a: 'a1', b: 'a1,b1', c: 'b1,a2' }

usualCases('latestPerKey', { operator: (source$) => source$.pipe(latestPerKey((value) => value[0]), map((latest) => [...latest.values()].join())), values, outcomes, one: ['a', 'a'], many: ['a-b-c', 'a-b-c'] })

describe('latestPerKey', () => {
  it('gives a map of its own each time, and forgets what had no value for longest', () => {
    const seen: ReadonlyMap<number, number>[] = []
    from([1, 2, 3, 1, 4]).pipe(latestPerKey((value) => value % 10, 3)).subscribe((latest) => seen.push(latest))
    expect(seen.map((latest) => [...latest.keys()])).toEqual([[1], [1, 2], [1, 2, 3], [2, 3, 1], [3, 1, 4]])
  })

  it('holds no more than its limit', () => {
    let size = 0
    from(Array.from({ length: 2_000 }, (_, key) => key)).pipe(latestPerKey((key) => key), last()).subscribe((latest) => (size = latest.size))
    expect(size).toBe(1_000)
  })

  it('ends with an error of its function', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('a|').pipe(latestPerKey(() => { throw 'error' as unknown as Error }))).toBe('#')
  }))
})
