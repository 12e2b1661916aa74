import { describe, it } from '@jest/globals'
import { repeat } from 'rxjs'

import type { ConnectionState } from '../../../lib/events/connection-events.ts'
import { untilDisconnected } from '../../../lib/events/operators/until-disconnected.ts'
import { marbles } from '../../../lib/testing/marbles.ts'

const states: Readonly<Record<string, ConnectionState>> = {
  d: { kind: 'dialing' },
  o: { kind: 'open' },
  r: { kind: 'resuming' },
  w: { kind: 'waiting', retryInMs: 1_000, because: 'server_closed' },
  c: { kind: 'closed' },
  e: { kind: 'ended', because: 'logged_out' },
}

describe('untilDisconnected', () => {
  it.each([...'wce'])('completes with the state %s', (last) =>
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const state$ = cold<ConnectionState>(`d-r-o-${last}`, states)
      const source$ = cold('               -a-b-c-d')
      const expected = '                    -a-b-c|'
      expectObservable(source$.pipe(untilDisconnected(state$))).toBe(expected)
      expectSubscriptions(source$.subscriptions).toBe('^-----!')
      expectSubscriptions(state$.subscriptions).toBe(' ^-----!')
    })())

  it('completes at once when there is no connection', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('a').pipe(untilDisconnected(cold<ConnectionState>('c', states)))).toBe('|')
  }))

  it('passes completion and errors, of the states as well', marbles(({ cold, expectObservable }) => {
    const open$ = cold<ConnectionState>('o', states)
    expectObservable(cold('a-|').pipe(untilDisconnected(open$))).toBe('a-|')
    expectObservable(cold('a-#').pipe(untilDisconnected(open$))).toBe('a-#')
    expectObservable(cold('|').pipe(untilDisconnected(open$))).toBe('|')
    expectObservable(cold('a---').pipe(untilDisconnected(cold<ConnectionState>('o-#', states)))).toBe('a-#')
  }))

  it('leaves both when it is left', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const state$ = cold<ConnectionState>('o', states)
    const source$ = cold('a')
    expectObservable(source$.pipe(untilDisconnected(state$)), '^-!').toBe('a')
    expectSubscriptions(source$.subscriptions).toBe('^-!')
    expectSubscriptions(state$.subscriptions).toBe('^-!')
  }))

  it('looks anew with each subscription', marbles(({ cold, expectObservable }) => {
    const watched$ = cold('a-b-').pipe(untilDisconnected(cold<ConnectionState>('o--w', states)))
    expectObservable(watched$).toBe('a-b|')
    expectObservable(watched$, '-^').toBe('-a-b|')
    expectObservable(watched$.pipe(repeat(2))).toBe('a-ba-b|')
  }))
})
