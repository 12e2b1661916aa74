import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, defer, map, merge, NEVER, Subject, tap, type Observable } from 'rxjs'

import { keepAlive, type KeepAliveParts } from '../../lib/connection/keepalive.ts'
import { reconnect, waitOf, type BackoffPolicy } from '../../lib/connection/reconnect.ts'
import { ConnectionLost, LoggedOut } from '../../lib/errors/connection-errors.ts'
import { RequestTimedOut, ServerRefused } from '../../lib/errors/request-errors.ts'
import { rotateQrCodes } from '../../lib/pairing/rotate-qr-codes.ts'
import { marbles } from '../../lib/testing/marbles.ts'

describe('waitOf', () => {
  it('grows like Fibonacci numbers up to the limit', () =>
    expect(Array.from({ length: 17 }, (_, step) => waitOf(step, 900_000) / 1000)).toEqual([1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 900, 900]))
})

describe('reconnect', () => {
  const policy = (waits: number[] = []): BackoffPolicy => ({
    limitMs: 900_000,
    random: () => 0.5,
    stableMs: 30_000,
    onWait: (retryInMs) => waits.push(retryInMs),
    scheduler: asyncScheduler,
  })
  const lost = (comeBack?: 'at_once' | 'after_penalty') => new ConnectionLost('server_closed', comeBack)
  const isOpen = (value: string): boolean => value === 'o'

  it('waits longer after each loss', marbles(({ cold, expectObservable }) => {
    const source$ = cold<string>('a#', undefined, lost())
    expectObservable(source$.pipe(reconnect(isOpen, policy())), '^ 4100ms !').toBe('a 1000ms a 1000ms a 2000ms a')
  }))

  it('forgets the losses only after a connection that lasted', marbles(({ cold, expectObservable, flush }) => {
    const waits: number[] = []
    const brief$ = cold<string>('o#', undefined, lost())
    const lasting$ = cold<string>('o 30s #', undefined, lost())
    let turn = 0
    const attempts$ = defer(() => ((turn += 1) === 3 ? lasting$ : brief$))
    expectObservable(attempts$.pipe(reconnect(isOpen, policy(waits))), '^ 36s !').toBe('o 1s o 1s o 31s o 1s o')
    flush()
    expect(waits).toEqual([1000, 1000, 1000, 1000, 2000])
  }))

  it('comes back at once, or later as a penalty', marbles(({ cold, expectObservable }) => {
    expectObservable(cold<string>('o#', undefined, lost('at_once')).pipe(reconnect(isOpen, policy())), '^--!').toBe('ooo')
    // Not taken in since: it would be called without a pause.
    expectObservable(cold<string>('a#', undefined, lost('at_once')).pipe(reconnect(isOpen, policy())), '^ 2003ms !').toBe('aa 1000ms a 1000ms a')
    expectObservable(cold<string>('a#', undefined, lost('after_penalty')).pipe(reconnect(isOpen, policy())), '^ 8002ms !').toBe('a 8000ms a')
  }))

  it('ends with every other error, and with the source', marbles(({ cold, expectObservable }) => {
    const final = new LoggedOut(401)
    expectObservable(cold<string>('a#', undefined, final).pipe(reconnect(isOpen, policy()))).toBe('a#', undefined, final)
    expectObservable(cold('a|').pipe(reconnect(isOpen, policy()))).toBe('a|')
  }))

  it('stops within a wait, and counts anew for the next subscriber', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const source$ = cold<string>('a#', undefined, lost())
    const kept$ = source$.pipe(reconnect(isOpen, policy()))
    expectObservable(kept$, '^ 500ms !').toBe('a')
    expectObservable(kept$, '2s ^ 1100ms !').toBe('2s a 1000ms a')
    expectSubscriptions(source$.subscriptions).toBe(['^!', '2s ^!', '3001ms ^!'])
  }))
})

describe('keepAlive', () => {
  const parts = (more: Partial<KeepAliveParts>): KeepAliveParts => ({
    received$: NEVER,
    ping: () => NEVER,
    probe: () => NEVER,
    oldestAskedAtMs: () => undefined,
    doubt$: NEVER,
    minimumMs: 20_000,
    maximumMs: 20_000,
    random: () => 0,
    scheduler: asyncScheduler,
    ...more,
  })
  const unanswered = new RequestTimedOut('keepalive.ping', 20_000)
  const dead = expect.objectContaining({ code: 'connection_lost', because: 'no_answer_to_keepalive', comeBack: 'at_once' })

  it('gives up a connection that does not answer in silence', marbles(({ cold, expectObservable }) => {
    expectObservable(keepAlive(parts({ ping: () => cold('20s #', {}, unanswered) }))).toBe('40s #', {}, dead)
  }))

  it('notices a silence as soon when the clock was set back by an hour meanwhile', marbles(({ cold, expectObservable }) => {
    let isSetBack = false
    const now = (): number => asyncScheduler.now() - (isSetBack ? 3_600_000 : 0)
    const scheduler: KeepAliveParts['scheduler'] = { now, schedule: asyncScheduler.schedule.bind(asyncScheduler) }
    const received$ = cold('25s a').pipe(tap(() => asyncScheduler.schedule(() => (isSetBack = true), 5_000)))
    expectObservable(keepAlive(parts({ received$, scheduler, ping: () => cold('20s #', {}, unanswered) }))).toBe('80s #', {}, dead)
  }))

  it('asks nothing while things arrive, or an answer is under way', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const ping$ = cold('(r|)')
    const received$ = hot('10s a 10s a 10s a 10s a 10s a')
    expectObservable(keepAlive(parts({ received$, ping: () => ping$ })), '^ 50s !').toBe('-')
    expectSubscriptions(ping$.subscriptions).toBe([])
  }))

  it('takes a refusal for a sign of life', marbles(({ cold, expectObservable }) => {
    expectObservable(keepAlive(parts({ ping: () => cold('-#', {}, new ServerRefused('keepalive.ping', 501, '')) })), '^ 90s !').toBe('-')
  }))

  it('gives up after two unanswered pings although other things arrive', marbles(({ cold, hot, expectObservable }) => {
    const received$ = hot('35s a 39s a 39s a')
    expectObservable(keepAlive(parts({ received$, ping: () => cold('20s #', {}, unanswered) }))).toBe('75s #', {}, dead)
  }))

  it('looks again one pause after the last thing that arrived', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const ping$ = cold('20s #', {}, unanswered)
    const received$ = hot('14s a')
    expectObservable(keepAlive(parts({ received$, ping: () => ping$ }))).toBe('54s #', {}, dead)
    expectSubscriptions(ping$.subscriptions).toBe('34s ^ 19999ms !')
  }))

  it('gives up a server that answers pings and nothing else', marbles(({ cold, hot, expectObservable }) => {
    const deaf = expect.objectContaining({ code: 'connection_lost', because: 'deaf', comeBack: 'at_once' })
    // Something arrives now and then; a request asked at 5 s hangs.
    const received$ = hot('15s a 14999ms a 14999ms a')
    const oldestAskedAtMs = () => (asyncScheduler.now() >= 5_000 ? 5_000 : undefined)
    const probe = () => cold('20s #', {}, unanswered)
    expectObservable(keepAlive(parts({ received$, probe, oldestAskedAtMs }))).toBe('55s #', {}, deaf)
  }))

  it('asks at once when something was not acknowledged, once at a time', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const deaf = expect.objectContaining({ code: 'connection_lost', because: 'deaf', comeBack: 'at_once' })
    const received$ = hot('15s a 14999ms a')
    const doubt$ = hot('   12s d 1s d')
    const probe$ = cold('20s #', {}, unanswered)
    expectObservable(keepAlive(parts({ received$, doubt$, probe: () => probe$ }))).toBe('32s #', {}, deaf)
    expectSubscriptions(probe$.subscriptions).toBe('12s ^ 19999ms !')
  }))

  it('keeps one that only is slow with a single request', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const answer$ = new Subject<string>()
    const received$ = merge(hot('15s a'), answer$)
    const answered$ = cold('-(p|)')
    const probe = () => answered$.pipe(tap((value) => answer$.next(value)))
    expectObservable(keepAlive(parts({ received$, probe, oldestAskedAtMs: () => 5_000 })), '^ 60s !').toBe('-')
    expectSubscriptions(answered$.subscriptions).toBe(['35s ^!', '55001ms ^!'])
  }))

  it('ends with the error of what arrives and leaves no timer', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const received$ = hot('5s #')
    expectObservable(keepAlive(parts({ received$ }))).toBe('5s #')
    const ping$ = cold('20s #', {}, unanswered)
    expectObservable(keepAlive(parts({ ping: () => ping$ })), '^ 25s !').toBe('-')
    expectSubscriptions(ping$.subscriptions).toBe('20s ^ 5s !')
  }))
})

describe('rotateQrCodes', () => {
  const ends = { a: 'a', b: 'b', c: 'c', e: 'end' }
  const shown = (source$: Observable<readonly string[]>) =>
    source$.pipe(
      rotateQrCodes(),
      map((rotation) => (rotation.kind === 'show' ? rotation.ref : 'end')),
    )

  it('shows the first for a minute, the others for 20 s, then says so', marbles(({ hot, expectObservable }) => {
    const refs$ = hot<readonly string[]>('r', { r: ['a', 'b', 'c'] })
    expectObservable(shown(refs$)).toBe('a 59999ms b 19999ms c 19999ms e', ends)
  }))

  it('starts over with new codes', marbles(({ hot, expectObservable }) => {
    const refs$ = hot<readonly string[]>('r 9999ms s', { r: ['a', 'b'], s: ['c'] })
    expectObservable(shown(refs$), '^ 80s !').toBe('a 9999ms c 59999ms e', ends)
  }))

  it('has nothing to show of an empty list, and passes the end of the source', marbles(({ hot, expectObservable }) => {
    expectObservable(shown(hot<readonly string[]>('r', { r: [] }))).toBe('e', ends)
    expectObservable(shown(hot<readonly string[]>('|'))).toBe('|')
    expectObservable(shown(hot<readonly string[]>('r#', { r: ['a'] }))).toBe('a#')
  }))
})
