import { describe, expect, it } from '@jest/globals'
import { EMPTY, Subject } from 'rxjs'

import { handOver } from '../../lib/pipeline/hand-over.ts'
import { atOnce } from '../../lib/reactive/at-once.ts'

describe('handOver', () => {
  it('tells in the order of arrival when a commit answers from within another one', () => {
    const parsed$ = new Subject<number>()
    const told: number[] = []
    // The store answers the first commit within the second, and what is told then brings the third in.
    const first$ = new Subject<void>()
    const commit = (parsed: number) => {
      if (parsed === 1) return first$
      if (parsed === 2) first$.complete()
      return atOnce(undefined)
    }
    parsed$.pipe(handOver(commit, () => EMPTY)).subscribe((parsed) => {
      told.push(parsed)
      if (parsed === 1) parsed$.next(3)
    })
    parsed$.next(1)
    parsed$.next(2)
    expect(told).toEqual([1, 2, 3])
  })
})
