import { describe, expect, it } from '@jest/globals'
import { of, repeat, tap, throwError, type Observable } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'

import { NotConnected } from '../../../lib/errors/request-errors.ts'
import { typingWhile, type Typist } from '../../../lib/events/operators/typing-while.ts'
import { messageEvent } from '../../../lib/testing/event-factories.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

const values = { b: messageEvent({ text: 'b' }), c: messageEvent({ text: 'c', from: '15550100003@s.whatsapp.net' }) }

/** A typist who writes down what is said, and when. */
const scribe = (scheduler: { readonly now: () => number }): { readonly typist: Typist; readonly said: string[] } => {
  const said: string[] = []
  const say = (what: string): Observable<unknown> => of(undefined).pipe(tap(() => said.push(`${scheduler.now()} ${what}`)))
  return { said, typist: { typing: (chat, media) => say(`${media} ${chat.user.slice(-1)}`), paused: (chat) => say(`paused ${chat.user.slice(-1)}`) } }
}

const drawn = (test: (scheduler: TestScheduler, helpers: Parameters<Parameters<TestScheduler['run']>[0]>[0], said: string[], typist: Typist) => void, expected: readonly string[]) => (): void => {
  const scheduler = new TestScheduler((actual, wanted) => expect(actual).toEqual(wanted))
  const { said, typist } = scribe(scheduler)
  scheduler.run((helpers) => test(scheduler, helpers, said, typist))
  expect(said).toEqual(expected)
}

describe('typingWhile', () => {
  it('types while there is work, again and again, and stops after it', drawn((_, { hot, cold, expectObservable }, __, typist) => {
    expectObservable(hot('b|', values).pipe(typingWhile(typist, () => cold('-------x-|'), { repeatMs: 3 }))).toBe('-------x-|')
  }, ['0 text 2', '3 text 2', '6 text 2', '9 paused 2']))

  it('takes one at a time per chat, and chats side by side', drawn((_, { hot, cold, expectObservable }, __, typist) => {
    expectObservable(hot('bbc|', values).pipe(typingWhile(typist, () => cold('--(x|)'), { media: 'audio' }))).toBe('--x-(xx|)')
  }, ['0 audio 2', '2 audio 3', '2 paused 2', '2 audio 2', '4 paused 3', '4 paused 2']))

  it('stops when the work fails, and then passes the error on', drawn((_, { hot, cold, expectObservable }, __, typist) => {
    expectObservable(hot('b', values).pipe(typingWhile(typist, () => cold('-#')))).toBe('-#')
  }, ['0 text 2', '1 paused 2']))

  it('says no more when it is left', drawn((_, { hot, cold, expectObservable, expectSubscriptions }, __, typist) => {
    const work$ = cold('---------x')
    expectObservable(hot('b', values).pipe(typingWhile(typist, () => work$, { repeatMs: 3 })), '^---!').toBe('')
    expectSubscriptions(work$.subscriptions).toBe('^---!')
  }, ['0 text 2', '3 text 2']))

  it('works on without a connection, but not over other failures', marbles(({ hot, cold, expectObservable }) => {
    const away = (): Observable<never> => throwError(() => new NotConnected('presence.typing'))
    expectObservable(hot('b|', values).pipe(typingWhile({ typing: away, paused: away }, () => cold('-x|')))).toBe('-x|')
    expectObservable(hot('b|', values).pipe(typingWhile({ typing: () => cold('-#'), paused: () => [] }, () => cold('--x|')))).toBe('-#')
    expectObservable(hot('b|', values).pipe(typingWhile({ typing: () => [], paused: () => cold('#') }, () => cold('-x|')))).toBe('-x#')
  }))

  it('makes nothing of nothing, passes errors of the source, and shares nothing', marbles(({ cold, expectObservable }) => {
    const quiet: Typist = { typing: () => [], paused: () => [] }
    const typed$ = cold('b-|', values).pipe(typingWhile(quiet, () => cold('(x|)')))
    expectObservable(cold<typeof values.b>('|').pipe(typingWhile(quiet, () => cold('x|')))).toBe('|')
    expectObservable(cold('b-#', values).pipe(typingWhile(quiet, () => cold('(x|)')))).toBe('x-#')
    expectObservable(typed$).toBe('x-|')
    expectObservable(typed$, '-^').toBe('-x-|')
    expectObservable(typed$.pipe(repeat(2))).toBe('x-x-|')
  }))
})
