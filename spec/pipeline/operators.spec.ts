import { describe, expect, it } from '@jest/globals'
import { asyncScheduler, concatMap, EMPTY, map, tap, Observable } from 'rxjs'

import { handOver } from '../../lib/pipeline/hand-over.ts'
import { createLoad } from '../../lib/pipeline/limit-load.ts'
import type { Information } from '../../lib/pipeline/read-information.ts'
import { requestOfflineBatches } from '../../lib/pipeline/request-offline-batches.ts'
import { createResumeLane } from '../../lib/pipeline/resume-lane.ts'
import { route } from '../../lib/pipeline/route.ts'
import { createWaitingRequests, settleReplies } from '../../lib/pipeline/settle-replies.ts'
import { watchOfflineSync, type OfflineSyncOutcome } from '../../lib/pipeline/watch-offline-sync.ts'
import { SERVER, toJid } from '../../lib/stanza/jid.ts'
import { stanza, type Stanza } from '../../lib/stanza/stanza.ts'
import { marbles } from '../../lib/testing/marbles.ts'

describe('handOver', () => {
  const acknowledge = () => EMPTY

  it('commits, then emits, then acknowledges; commits are asked for as the values come', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const commit$ = cold('    -|')
    const acknowledge$ = cold<never>('--|')
    const parsed$ = hot('     ab---------|')
    const expected = '        -ab--------|'

    expectObservable(parsed$.pipe(handOver(() => commit$, () => acknowledge$))).toBe(expected)
    expectSubscriptions(commit$.subscriptions).toBe(['     ^!', '     -^!'])
    expectSubscriptions(acknowledge$.subscriptions).toBe(['-^-!', '--^-!'])
  }))

  it('never emits nor acknowledges what could not be committed', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const acknowledge$ = cold<never>('-|')
    const parsed$ = hot('  -a')
    const expected = '     ---#'

    expectObservable(parsed$.pipe(handOver(() => cold('--#'), () => acknowledge$))).toBe(expected)
    expectSubscriptions(acknowledge$.subscriptions).toBe([])
  }))

  it('finishes what it began before it completes, and stops when unsubscribed', marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
    const commit$ = cold('---|')
    expectObservable(hot('a|').pipe(handOver(() => commit$, acknowledge))).toBe('---(a|)')
    expectObservable(hot('a|').pipe(handOver(() => commit$, acknowledge)), '^!').toBe('-')
    expectSubscriptions(commit$.subscriptions).toBe(['^--!', '^!'])
  }))

  it('passes nothing and errors of the source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('|').pipe(handOver(() => cold('|'), acknowledge))).toBe('|')
    expectObservable(cold('-#').pipe(handOver(() => cold('|'), acknowledge))).toBe('-#')
  }))
})

describe('watchOfflineSync', () => {
  const news: Record<string, Information> = { e: { kind: 'offline_completed', count: 2 }, m: { kind: 'nothing' } }
  const outcomes: Record<string, OfflineSyncOutcome> = {
    c: { kind: 'offline_sync_completed', count: 2 },
    t: { kind: 'offline_sync_timed_out', afterMs: 60_000 },
  }

  it('completes at the end mark and stops the clock', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const news$ = hot('    m-m 100ms e-m 60s m', news)
    const expected = '     --- 100ms (c|)'
    const subscription = ' ^-- 100ms !'

    expectObservable(news$.pipe(watchOfflineSync())).toBe(expected, outcomes)
    expectSubscriptions(news$.subscriptions).toBe(subscription)
  }))

  it('times out after 60 s of backlog without an end mark, whatever arrives', marbles(({ hot, expectObservable }) => {
    const news$ = hot('    m 29s m 29s m 2s m-e', news)
    const expected = '     60s (t|)'

    expectObservable(news$.pipe(watchOfflineSync())).toBe(expected, outcomes)
  }))

  it('lets the end mark win in the last millisecond', marbles(({ hot, expectObservable }) => {
    expectObservable(hot(' 59999ms e', news).pipe(watchOfflineSync())).toBe('59999ms (c|)', outcomes)
  }))

  it('passes an error, and waits on after the source completed', marbles(({ hot, expectObservable }) => {
    expectObservable(hot<Information>('-#').pipe(watchOfflineSync())).toBe('-#')
    expectObservable(hot<Information>('-|').pipe(watchOfflineSync(5))).toBe('-----(t|)', { t: { kind: 'offline_sync_timed_out', afterMs: 5 } })
  }))

  it('gives each subscriber a clock of its own', marbles(({ hot, expectObservable }) => {
    const watched$ = hot<Information>('-').pipe(watchOfflineSync(5))
    const timedOut = { t: { kind: 'offline_sync_timed_out', afterMs: 5 } }
    expectObservable(watched$).toBe('-----(t|)', timedOut)
    expectObservable(watched$, '---^').toBe('--------(t|)', timedOut)
    expectObservable(watched$, '^--!').toBe('---')
  }))
})

describe('requestOfflineBatches', () => {
  const stanzas: Record<string, Stanza> = {
    p: stanza('ib', {}, [stanza('offline_preview', { count: '3' })]),
    z: stanza('ib', {}, [stanza('offline_preview', { count: '0' })]),
    o: stanza('message', { offline: '1' }),
    l: stanza('message'),
  }
  const batches = (stanza$: Observable<Stanza>) => requestOfflineBatches(stanza$, asyncScheduler).pipe(map(String))

  it('asks at once, and again 100 ms after a batch began to arrive', marbles(({ hot, expectObservable }) => {
    const stanza$ = hot('  l-p-o--- 200ms o', stanzas)
    const expected = '     --r- 100ms r'
    expectObservable(batches(stanza$), '^ 300ms !').toBe(expected, { r: '200' })
  }))

  it('asks for nothing when nothing waits, or nothing is left', marbles(({ hot, expectObservable }) => {
    expectObservable(batches(hot('z-o-o', stanzas))).toBe('-')
    expectObservable(batches(hot('p-ooo', stanzas))).toBe('r', { r: '200' })
  }))

  it('ends with its source', marbles(({ hot, expectObservable }) => {
    expectObservable(batches(hot('p-|', stanzas))).toBe('r-|', { r: '200' })
    expectObservable(batches(hot('p-#', stanzas))).toBe('r-#', { r: '200' })
    expectObservable(batches(hot('p-o', stanzas)), '^---!').toBe('r---', { r: '200' })
  }))
})

describe('settleReplies', () => {
  const waitingRoom = () => {
    const written: Stanza[] = []
    return { written, requests: createWaitingRequests({ write: (sent) => written.push(sent), idPrefix: '1.2' }) }
  }
  const description = { name: 'test.ask', type: 'get', xmlns: 'w:test', timeoutMs: 10, parse: () => 'reply' } as const
  const reply = (id: string, type = 'result', ...content: Stanza[]) => stanza('iq', { id, type, from: SERVER }, content)

  it('takes answers out of the stream and lets the rest pass', marbles(({ hot, expectObservable }) => {
    const { requests } = waitingRoom()
    const stanzas = { a: stanza('message', { id: 'x' }), r: reply('1.2-1'), s: reply('1.2-9'), g: stanza('iq', { id: '1.2-1', type: 'get' }) }
    const stanza$ = hot('a-g-r-s-r|', stanzas)
    expectObservable(requests.request(description)).toBe('----(r|)', { r: 'reply' })
    expectObservable(stanza$.pipe(settleReplies(requests))).toBe('a-g---s-r|', stanzas)
  }))

  it('times out, and forgets what was unsubscribed from', marbles(({ expectObservable, flush }) => {
    const { requests, written } = waitingRoom()
    expectObservable(requests.request(description)).toBe('10ms #', {}, expect.objectContaining({ code: 'request_timed_out', request: 'test.ask', afterMs: 10 }))
    expectObservable(requests.request(description), '^-!').toBe('--')
    flush()
    expect(requests.oldestAskedAtMs()).toBeUndefined()
    expect(written.map(({ attrs }) => attrs['id'])).toEqual(['1.2-1', '1.2-2'])
  }))

  it.each([
    [[stanza('error', { code: '401', text: 'not-authorized', backoff: '7' })], { code: 'server_refused', status: 401, text: 'not-authorized', backoffSeconds: 7 }],
    [[], { code: 'server_refused', status: 0, text: 'malformed' }],
  ])('%#: tells a refusal', (content, error) => {
    const { requests } = waitingRoom()
    let refused: unknown
    requests.request(description).subscribe({ error: (cause: unknown) => (refused = cause) })
    requests.settle(reply('1.2-1', 'error', ...content))
    expect(refused).toMatchObject(error)
  })

  it('tells an answer that is none, and one from somebody else', () => {
    const { requests } = waitingRoom()
    const errors: unknown[] = []
    const unreadable = { ...description, parse: (_: Stanza, faults: string[]) => (faults.push('it is empty'), undefined) }
    requests.request(unreadable).subscribe({ error: (error: unknown) => errors.push(error) })
    requests.request({ ...description, to: toJid('1@g.us') }).subscribe({ error: (error: unknown) => errors.push(error) })
    requests.settle(reply('1.2-1'))
    requests.settle(reply('1.2-2'))
    expect(errors).toMatchObject([{ code: 'reply_malformed', faults: ['it is empty'] }, { code: 'reply_malformed', faults: [expect.stringContaining('from')] }])
  })

  it('fails everything that waits when the connection ends, and everything asked later', () => {
    const { requests } = waitingRoom()
    const errors: unknown[] = []
    const end = new Error('over')
    requests.request(description).subscribe({ error: (error: unknown) => errors.push(error) })
    requests.whenAcked('m', () => undefined, (error) => errors.push(error))
    requests.end(end)
    requests.request(description).subscribe({ error: (error: unknown) => errors.push(error) })
    expect(errors).toEqual([end, end, end])
  })

  it('matches acknowledgements by id alone', marbles(({ expectObservable, hot }) => {
    const { requests } = waitingRoom()
    const ack = stanza('ack', { id: 'm', class: 'receipt' })
    const acks$ = new Observable<Stanza>((subscriber) => requests.whenAcked('m', (found) => subscriber.next(found), (error) => subscriber.error(error)))
    expectObservable(acks$).toBe('-a', { a: ack })
    expectObservable(hot('-a-a', { a: ack }).pipe(settleReplies(requests))).toBe('---a', { a: ack })
  }))

  it('forgets an acknowledgement nobody waits for any more, and not the next one under its id', () => {
    const { requests } = waitingRoom()
    const told: string[] = []
    const callOff = requests.whenAcked('m', () => told.push('first'), () => undefined)
    requests.whenAcked('m', () => told.push('second'), () => undefined)
    callOff()
    expect(requests.settle(stanza('ack', { id: 'm' }))).toBe(true)
    expect(requests.settle(stanza('ack', { id: 'm' }))).toBe(false)
    expect(told).toEqual(['second'])
  })
})

describe('createLoad', () => {
  const overloaded = expect.objectContaining({ code: 'connection_lost', because: 'overloaded', comeBack: 'after_wait' })

  it('lets pass what is worked off, and errors when too much is under way', marbles(({ cold, hot, expectObservable }) => {
    const quick = createLoad(2)
    expectObservable(hot('abcd|').pipe(quick.enter(), tap(quick.leave))).toBe('abcd|')
    const slow = createLoad(2)
    expectObservable(hot('abcd|').pipe(slow.enter(), concatMap((value) => cold('---v|', { v: value })), tap(slow.leave))).toBe('--#', {}, overloaded)
  }))

  it('passes nothing and errors of the source', marbles(({ cold, expectObservable }) => {
    expectObservable(cold('|').pipe(createLoad(1).enter())).toBe('|')
    expectObservable(cold('-#').pipe(createLoad(1).enter())).toBe('-#')
  }))
})

describe('createResumeLane', () => {
  it('opens lanes only after the one lane is empty', () => {
    const lane = createResumeLane(({ tag }) => tag)
    expect([lane.laneOf(stanza('a')), lane.laneOf(stanza('b'))]).toEqual(['resuming', 'resuming'])
    lane.finish()
    lane.passed()
    expect(lane.laneOf(stanza('a'))).toBe('resuming')
    lane.passed()
    lane.passed()
    expect(lane.laneOf(stanza('a'))).toBe('chat/a')
  })
})

describe('route', () => {
  const plain = (tag: string) => ({ kind: 'plain', stanza: stanza(tag) }) as const
  const lanes = { r: 'receipt', n: 'notification', i: 'information', a: 'acknowledgement', p: 'presence', t: 'chatstate', c: 'call', q: 'unacknowledged', u: 'unknown' } as const

  it('sends each stanza down one lane', marbles(({ hot, expectObservable }) => {
    const opened$ = hot('rniaptcqu|', { r: plain('receipt'), n: plain('notification'), i: plain('ib'), a: plain('ack'), p: plain('presence'), t: plain('chatstate'), c: plain('call'), q: plain('iq'), u: plain('new') })
    expectObservable(opened$.pipe(route(), map(({ lane }) => lane))).toBe('rniaptcqu|', lanes)
  }))

  it('keeps what is malformed apart', marbles(({ hot, expectObservable }) => {
    const opened$ = hot('m#', { m: { kind: 'malformed', stanza: stanza('message'), faults: ['x'] } as const })
    expectObservable(opened$.pipe(route(), map(({ lane }) => lane))).toBe('m#', { m: 'malformed' })
  }))
})
