import { describe, expect, it } from '@jest/globals'
import { Observable, of, Subject, throwError } from 'rxjs'

import { Receiver } from '../../lib/reactive/receiver.ts'

const told: unknown[] = []
const createReceiver = () => {
  told.length = 0
  return new Receiver<number>((value) => told.push(value), (error) => told.push(['failed', error]), () => told.push('done'))
}

describe('Receiver', () => {
  it('is taken by a source as it is', () => {
    const receiver = createReceiver()
    expect(of(1, 2).subscribe(receiver)).toBe(receiver)
    expect(told).toEqual([1, 2, 'done'])
    expect(receiver.closed).toBe(true)
  })

  it('hears of an error once, and of nothing after its end', () => {
    throwError(() => 'no').subscribe(createReceiver())
    expect(told).toEqual([['failed', 'no']])
    const receiver = createReceiver()
    receiver.complete()
    receiver.next(1)
    receiver.error('late')
    receiver.complete()
    expect(told).toEqual(['done'])
  })

  it('ends its source when it is unsubscribed, and with its source what was added to it', () => {
    const source$ = new Subject<number>()
    const receiver = createReceiver()
    source$.subscribe(receiver)
    receiver.unsubscribe()
    expect(source$.observed).toBe(false)
    source$.next(1)
    expect(told).toEqual([])

    let isTornDown = false
    const ending = createReceiver()
    ending.add(() => (isTornDown = true))
    new Observable<number>((subscriber) => subscriber.complete()).subscribe(ending)
    expect(isTornDown).toBe(true)
  })
})
