import { describe, expect, it } from '@jest/globals'
import { from, map } from 'rxjs'

import { matching } from '../../../lib/events/operators/matching.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { usualCases } from './usual-cases.ts'

const values = { a: messageEvent({ text: 'order 12' }), b: messageEvent({ text: 'hello' }), c: messageEvent({ text: 'ORDER 7' }), n: messageEvent({ message: { reactionMessage: { text: '👍' } } }) }

usualCases('matching', {
  operator: (source$) => source$.pipe(matching(/order (\d+)/gi), map(({ match }) => match[1])),
  values,
  outcomes: { a: '12', c: '7' },
  one: ['a', 'a'],
  many: ['a-b-c-n-a', 'a---c---a'],
})

describe('matching', () => {
  it('gives the event, its text and the match, and keeps no place in the pattern', () => {
    const pattern = /order/giy
    pattern.lastIndex = 5
    const found: unknown[] = []
    from([values.a, values.a]).pipe(matching(pattern)).subscribe((matched) => found.push(matched))
    expect(found).toMatchObject([{ event: values.a, text: 'order 12' }, { event: values.a }])
    expect(pattern.lastIndex).toBe(5)
  })
})
