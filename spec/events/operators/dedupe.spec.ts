import { describe, it } from '@jest/globals'

import { dedupe } from '../../../lib/events/operators/dedupe.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { usualCases } from './usual-cases.ts'

const BEN = '15550100002@s.whatsapp.net'
const byNumber = messageEvent({ id: 'A', from: `15550100002:3@s.whatsapp.net` })
const values = {
  a: messageEvent({ id: 'A' }),
  b: messageEvent({ id: 'B' }),
  c: messageEvent({ id: 'A', from: '15550100003@s.whatsapp.net' }),
  d: byNumber,
  g: messageEvent({ id: 'A', from: BEN, chat: '120363000000000001@g.us' }),
}

usualCases('dedupe', { operator: dedupe(), values, outcomes: values, one: ['a', 'a'], many: ['a-a-b-a', 'a---b--'] })

describe('dedupe', () => {
  it('tells chats and people apart, but not their devices', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('a-c-d-g|', values).pipe(dedupe())).toBe('a-c---g|', values)
  }))

  it('knows a chat under either address', marbles(({ hot, expectObservable }) => {
    const lid = toJid('90010002@lid')
    const both = { ...values.a, info: { ...values.a.info, source: { ...values.a.info.source, sender: lid, senderAlt: toJid(BEN), chat: lid } } }
    expectObservable(hot('l-l|', { l: both }).pipe(dedupe())).toBe('l--|', { l: both })
  }))

  it('goes by the key of durable elements, and by a function', marbles(({ hot, expectObservable }) => {
    const given = { x: { key: '1', n: 1 }, y: { key: '1', n: 2 }, z: { key: '2', n: 2 } }
    expectObservable(hot('x-y-z|', given).pipe(dedupe())).toBe('x---z|', given)
    expectObservable(hot('x-y-z|', given).pipe(dedupe({ keyOf: ({ n }) => n }))).toBe('x-y--|', given)
  }))

  it('forgets the oldest beyond its limit', marbles(({ hot, expectObservable }) => {
    const limited = dedupe<string>({ keyOf: (value) => value, limit: 2 })
    expectObservable(hot('a-b-a-c-b-a|').pipe(limited)).toBe('a-b---c---a|')
  }))

  it('ends with an error of its function', marbles(({ hot, expectObservable }) => {
    const failing = dedupe<string>({ keyOf: (value) => { if (value === 'b') throw 'error' as unknown as Error; return value } })
    expectObservable(hot('a-b-c|').pipe(failing)).toBe('a-#')
  }))
})
