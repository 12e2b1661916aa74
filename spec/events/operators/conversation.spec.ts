import { describe, it } from '@jest/globals'
import { EMPTY, map, repeat, take, type Observable } from 'rxjs'

import { conversation } from '../../../lib/events/operators/conversation.ts'
import type { MessageEvent } from '../../../lib/events/message-event.ts'
import { toJid } from '../../../lib/stanza/jid.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

const CLEO = '15550100003@s.whatsapp.net'
const values = { b: messageEvent({ text: 'b' }), c: messageEvent({ text: 'c', from: CLEO }) }

/** Counts the messages of a conversation: `b0` is the first of Ben's. */
const counted = (event$: Observable<MessageEvent>): Observable<string> => event$.pipe(map(({ message }, place) => `${message.conversation}${place}`))
const outcomes = { 0: 'b0', 1: 'b1', 2: 'b2', x: 'c0', y: 'c1' }
const idle = { idleMs: 5 }

describe('conversation', () => {
  it('gives each chat one of its own', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('bcb-c|', values).pipe(conversation(counted, idle))).toBe('0x1-y|', outcomes)
  }))

  it('ends when the chat was idle, and begins anew', marbles(({ hot, expectObservable }) => {
    const source$ = hot(' b---b------b|', values)
    const expected = '    0---1------0|'
    expectObservable(source$.pipe(conversation(counted, idle))).toBe(expected, outcomes)
  }))

  it('ends when the work on it does', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('bbb|', values).pipe(conversation((event$) => counted(event$).pipe(take(2)), idle))).toBe('010|', outcomes)
    expectObservable(hot('bb|', values).pipe(conversation(() => EMPTY, idle))).toBe('--|')
  }))

  it('ends that which was quiet longest when there are too many', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('bbcb-|', values).pipe(conversation(counted, { ...idle, limit: 1 }))).toBe('01x0-|', outcomes)
  }))

  it('is one under either address', marbles(({ hot, expectObservable }) => {
    const lid = toJid('90010002@lid')
    const source = { sender: lid, chat: lid, isFromMe: false, isGroup: false }
    const number = toJid('15550100002@s.whatsapp.net')
    const both = {
      b: { ...values.b, info: { ...values.b.info, source } },
      n: { ...values.b, info: { ...values.b.info, source: { ...source, sender: number, chat: number, senderAlt: lid } } },
    }
    expectObservable(hot('bn|', both).pipe(conversation(counted, idle))).toBe('01|', outcomes)
  }))

  it('says whose it is', marbles(({ hot, expectObservable }) => {
    expectObservable(hot('c|', values).pipe(conversation((event$, chat) => event$.pipe(map(() => chat.toString())), idle))).toBe('x|', { x: CLEO })
  }))

  it('makes nothing of nothing, and completes when the work is done', marbles(({ cold, hot, expectObservable }) => {
    expectObservable(hot<MessageEvent>('|').pipe(conversation(counted, idle))).toBe('|')
    expectObservable(hot<MessageEvent>('-').pipe(conversation(counted, idle))).toBe('-')
    expectObservable(hot('b|', values).pipe(conversation(() => cold('---z|'), idle))).toBe('---z|')
  }))

  it('ends with errors of the source and of the work', marbles(({ cold, hot, expectObservable }) => {
    expectObservable(hot('b#', values).pipe(conversation(counted, idle))).toBe('0#', outcomes)
    expectObservable(hot('b--b', values).pipe(conversation(() => cold('-#'), idle))).toBe('-#')
    expectObservable(hot('b', values).pipe(conversation(() => { throw 'error' as unknown as Error }, idle))).toBe('#')
  }))

  it('leaves everything when it is left', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const work$ = cold('----')
    const source$ = hot('b', values)
    expectObservable(source$.pipe(conversation(() => work$, idle)), '^--!').toBe('')
    expectSubscriptions(source$.subscriptions).toBe('^--!')
    expectSubscriptions(work$.subscriptions).toBe(' ^--!')
  }))

  it('shares nothing between subscribers, nor between one subscription and the next', marbles(({ cold, expectObservable }) => {
    const counted$ = cold('b-b|', values).pipe(conversation(counted, idle))
    expectObservable(counted$).toBe('0-1|', outcomes)
    expectObservable(counted$, '-^').toBe('-0-1|', outcomes)
    expectObservable(counted$.pipe(repeat(2))).toBe('0-10-1|', outcomes)
  }))
})
