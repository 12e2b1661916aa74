import { describe, expect, it } from '@jest/globals'

import { inGroups } from '../../../lib/events/operators/in-groups.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'
import { usualCases } from './usual-cases.ts'

const FIRST = '120363000000000001@g.us'
const values = { d: messageEvent({ text: 'direct' }), g: messageEvent({ chat: FIRST }), h: messageEvent({ chat: '120363000000000002@g.us' }) }

usualCases('inGroups', { operator: inGroups(), values, outcomes: values, one: ['g', 'g'], many: ['d-g-h', '--g-h'] })

describe('inGroups', () => {
  it('takes those named', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('d-g-h|', values).pipe(inGroups(FIRST))).toBe('--g--|', values)
  }))

  it('refuses what is no address at once', () => expect(() => inGroups('somewhere')).toThrow(expect.objectContaining({ code: 'jid_invalid' })))
})
