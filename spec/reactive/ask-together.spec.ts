import { describe, expect, it } from '@jest/globals'
import { EMPTY, map, throwError, timer, type Observable } from 'rxjs'

import { askTogether } from '../../lib/reactive/ask-together.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const refusal = new Error('one of them is refused')

/** Answers after two frames with what was asked, and keeps what was. */
const asking = (answer?: (questions: readonly string[]) => Observable<string>) => {
  const asked: string[] = []
  const ask = (questions: readonly string[]): Observable<string> => {
    asked.push(questions.join(''))
    return answer?.(questions) ?? timer(2).pipe(map(() => questions.join('')))
  }
  return { asked, together: askTogether({ ask, keyOf: String, limit: 3, mayBeOfOthers: (error) => error === refusal }) }
}

describe('askTogether', () => {
  it('asks once what is asked at the same moment, and anew what is asked later', marbles(({ expectObservable, flush }) => {
    const { asked, together } = asking()
    expectObservable(together(['a'])).toBe('--(x|)', { x: 'abc' })
    expectObservable(together(['b', 'c'])).toBe('--(x|)', { x: 'abc' })
    expectObservable(together(['d']), '-^').toBe('---(x|)', { x: 'd' })
    flush()
    expect(asked).toEqual(['abc', 'd'])
  }))

  it('asks the same thing once', marbles(({ expectObservable }) => {
    const { together } = asking()
    expectObservable(together(['a'])).toBe('--(x|)', { x: 'a' })
    expectObservable(together(['a'])).toBe('--(x|)', { x: 'a' })
  }))

  it('asks no more together than it may; whoever has more asks alone', marbles(({ expectObservable }) => {
    const { together } = asking()
    expectObservable(together(['a', 'b'])).toBe('--(x|)', { x: 'ab' })
    expectObservable(together(['c', 'd', 'e', 'f'])).toBe('--(x|)', { x: 'cdef' })
    expectObservable(together(['g'])).toBe('--(x|)', { x: 'g' })
  }))

  it('asks alone when the refusal may be due to others', marbles(({ expectObservable, flush }) => {
    const { asked, together } = asking((questions) => (questions.includes('bad') ? throwError(() => refusal) : timer(1).pipe(map(() => questions.join('')))))
    expectObservable(together(['a'])).toBe('-(x|)', { x: 'a' })
    expectObservable(together(['bad'])).toBe('#', undefined, refusal)
    flush()
    expect(asked).toEqual(['abad', 'a', 'bad'])
  }))

  it('tells all of any other error', marbles(({ expectObservable, flush }) => {
    const lost = new Error('connection lost')
    const { asked, together } = asking(() => throwError(() => lost))
    expectObservable(together(['a'])).toBe('#', undefined, lost)
    expectObservable(together(['b'])).toBe('#', undefined, lost)
    flush()
    expect(asked).toEqual(['ab'])
  }))

  it('asks nothing that nobody waits for, and stops when the last one leaves', marbles(({ cold, expectObservable, expectSubscriptions, flush }) => {
    const answer$ = cold('----a|')
    const { asked, together } = asking(() => answer$)
    together(['x']).subscribe().unsubscribe()
    expectObservable(together(['a']), '^-!').toBe('-')
    expectObservable(together(['b']), '^--!').toBe('-')
    expectSubscriptions(answer$.subscriptions).toBe('^--!')
    flush()
    expect(asked).toEqual(['ab'])
  }))

  it('is of no use before it is subscribed to', () => {
    let count = 0
    const together = askTogether({ ask: () => ((count += 1), EMPTY), keyOf: String, limit: 2, mayBeOfOthers: () => false })
    together(['a'])
    expect(count).toBe(0)
  })
})
