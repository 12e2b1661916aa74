import { describe, expect, it } from '@jest/globals'
import { EMPTY, firstValueFrom, NEVER, of, Subject, throwError, toArray } from 'rxjs'

import { Operation, requestOperation } from '../../lib/operation/operation.ts'
import { marbles } from '../../lib/testing/marbles.ts'

const lastOf = (last: string) => ({ kind: 'result', result: `result ${last}` }) as const

describe('Operation as an Observable', () => {
  it('runs once, however many subscribe, and only when one does', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const run$ = cold('    a-b-(c|)')
    const operation = new Operation(run$, lastOf)
    const expected = '     a-b-(c|)'
    const subscription = ' ^---!'

    expectObservable(operation).toBe(expected)
    expectObservable(operation).toBe(expected)
    expectSubscriptions(run$.subscriptions).toBe(subscription)
  }))

  it('shows somebody who joins late what was reported so far', marbles(({ cold, expectObservable }) => {
    const operation = new Operation(cold<string>('a-b----c|'), lastOf)
    expectObservable(operation).toBe('    a-b----c|')
    expectObservable(operation, '         ----^').toBe('----(ab)')
  }, (actual, expected) => {
    // The late one sees both at once and then the rest; only its beginning is drawn above.
    const frames = (actual as { readonly frame: number }[]).map(({ frame }) => frame)
    if (frames[0] === 4) expect(frames.slice(0, 2)).toEqual([4, 4])
    else expect(actual).toEqual(expected)
  }))

  it('is cancelled by the last one to leave, and stays cancelled', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const run$ = cold('       a-b-c|')
    const operation = new Operation(run$, lastOf)
    const leave = '           ^--!'
    const subscription = '    ^--!'

    expectObservable(operation, leave).toBe('a-b')
    expectObservable(operation, '----^').toBe('----#', {}, expect.objectContaining({ code: 'operation_cancelled' }))
    expectSubscriptions(run$.subscriptions).toBe(subscription)
  }))

  it('keeps a finished run for whoever comes later', marbles(({ cold, expectObservable, expectSubscriptions }) => {
    const run$ = cold('   (a|)')
    const operation = new Operation(run$, lastOf)
    expectObservable(operation).toBe('(a|)')
    expectObservable(operation, '--^').toBe('--(a|)')
    expectSubscriptions(run$.subscriptions).toBe('(^!)')
  }))
})

describe('Operation as a promise', () => {
  it('gives the result of the last progress', async () => {
    expect(await new Operation(of('a', 'b'), lastOf)).toBe('result b')
    expect(await requestOperation(of(7))).toBe(7)
  })

  it('rejects with a failure that was reported as progress, and with an error', async () => {
    const failure = new Error('x')
    await expect(new Operation(of('a'), () => ({ kind: 'failure', error: failure })).result()).rejects.toBe(failure)
    await expect(new Operation(throwError(() => failure), lastOf).result()).rejects.toBe(failure)
    await expect(new Operation(EMPTY, lastOf).result()).rejects.toMatchObject({ code: 'operation_cancelled' })
  })

  it('is cancelled by a signal, before and during the run', async () => {
    const late = new AbortController()
    const run$ = new Subject<string>()
    const result = new Operation(run$, lastOf).result({ signal: late.signal })
    expect(run$.observed).toBe(true)
    late.abort('enough')
    await expect(result).rejects.toMatchObject({ code: 'operation_cancelled', cause: 'enough' })
    expect(run$.observed).toBe(false)

    await expect(new Operation(NEVER, lastOf).result({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'operation_cancelled' })
  })

  it('shares its run with those who watch', async () => {
    let runs = 0
    const operation = new Operation(of('a', 'b').pipe((source$) => ((runs += 1), source$)), lastOf)
    const seen = firstValueFrom(operation.pipe(toArray()))
    expect(await operation).toBe('result b')
    expect(await seen).toEqual(['a', 'b'])
    expect(runs).toBe(1)
  })
})
