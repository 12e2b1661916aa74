import { describe, it } from '@jest/globals'
import { Observable, type ObservableInput } from 'rxjs'

import type { MessageEvent } from '../../../lib/events/message-event.ts'
import { replyWith } from '../../../lib/events/operators/reply-with.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

type Content = { readonly text: string }
const values = { b: messageEvent({ text: 'b' }), c: messageEvent({ text: 'c', from: '15550100003@s.whatsapp.net' }), n: messageEvent({ text: 'n' }) }
const answer = ({ message }: MessageEvent): Content | undefined => (message.conversation === 'n' ? undefined : { text: `${message.conversation}!` })
const replier = (answered: (content: Content) => ObservableInput<string>) => ({ reply: (_: MessageEvent, content: Content) => answered(content) })

describe('replyWith', () => {
  it('answers one at a time per chat, and chats side by side', marbles(({ hot, cold, expectObservable }) => {
    const source$ = hot('  bbc|', values)
    const expected = '     --x-(yx|)'
    const client = replier(({ text }) => (text === 'b!' ? cold('--(x|)') : cold('--(y|)')))
    expectObservable(source$.pipe(replyWith(client, answer))).toBe(expected)
  }))

  it('sends nothing without an answer', marbles(({ hot, cold, expectObservable }) => {
    expectObservable(hot('n-b|', values).pipe(replyWith(replier(() => cold('(x|)')), answer))).toBe('--x|')
  }))

  it('waits for an answer, and takes what other operators made of a message', marbles(({ hot, cold, expectObservable }) => {
    const given = { t: { event: values.b, text: 'b' } }
    const seen$ = hot('t|', given).pipe(replyWith({ reply: (event: MessageEvent, content: Content) => [`${event.message.conversation} ${content.text}`] }, ({ text }: { readonly event: MessageEvent; readonly text: string }) => cold('--(a|)', { a: { text } })))
    expectObservable(seen$).toBe('--(r|)', { r: 'b b' })
  }))

  it('makes nothing of nothing', marbles(({ cold, expectObservable }) => {
    const client = replier(() => cold('x|'))
    expectObservable(cold<MessageEvent>('|').pipe(replyWith(client, answer))).toBe('|')
    expectObservable(cold<MessageEvent>('-').pipe(replyWith(client, answer))).toBe('-')
  }))

  it('ends with errors of the source, of the answer and of the sending', marbles(({ cold, expectObservable }) => {
    const client = replier(() => cold('-x|'))
    expectObservable(cold('b---#', values).pipe(replyWith(client, answer))).toBe('-x--#')
    expectObservable(cold('b', values).pipe(replyWith(client, () => { throw 'error' as unknown as Error }))).toBe('#')
    expectObservable(cold('b', values).pipe(replyWith(replier(() => cold('-#')), answer))).toBe('-#')
  }))

  it('cancels what is under way when it is left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const sending$ = cold('----x|')
    expectObservable(cold('b', values).pipe(replyWith(replier(() => sending$), answer)), '^-!').toBe('')
    expectSubscriptions(sending$.subscriptions).toBe('^-!')
  }))

  it('answers for each subscription', marbles(({ cold, expectObservable }) => {
    let sends = 0
    const client = replier(() => new Observable<string>((subscriber) => { subscriber.next(String((sends += 1))); subscriber.complete() }))
    const replied$ = cold('b-|', values).pipe(replyWith(client, answer))
    expectObservable(replied$).toBe('1-|')
    expectObservable(replied$, '-^').toBe('-2-|')
  }))
})
