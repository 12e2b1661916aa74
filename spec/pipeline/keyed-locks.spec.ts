import { describe, expect, it } from '@jest/globals'

import { createKeyedLocks, type Release } from '../../lib/pipeline/keyed-locks.ts'

const acquire = (locks: ReturnType<typeof createKeyedLocks>, ...keys: readonly string[]) => {
  let release: Release | undefined
  const subscription = locks.acquire(keys).subscribe((given) => (release = given))
  return { has: () => release !== undefined, release: () => release?.(), giveUp: () => subscription.unsubscribe() }
}

describe('keyed locks', () => {
  it('are given at once when free, in order when not', () => {
    const locks = createKeyedLocks()
    const [first, second, third, other] = [acquire(locks, 'a'), acquire(locks, 'a'), acquire(locks, 'a'), acquire(locks, 'b')]
    expect([first.has(), second.has(), third.has(), other.has()]).toEqual([true, false, false, true])
    first.release()
    first.release()
    expect([second.has(), third.has()]).toEqual([true, false])
    second.release()
    expect(third.has()).toBe(true)
  })

  it('of several keys never wait for each other', () => {
    const locks = createKeyedLocks()
    const first = acquire(locks, 'b', 'a')
    const second = acquire(locks, 'a', 'b')
    expect([first.has(), second.has()]).toEqual([true, false])
    first.release()
    expect(second.has()).toBe(true)
    expect(acquire(locks, 'c', 'c').has()).toBe(true)
    expect(acquire(locks).has()).toBe(true)
  })

  it('are given up by whoever stops waiting, and what was held so far is free', () => {
    const locks = createKeyedLocks()
    const holder = acquire(locks, 'b')
    const waiting = acquire(locks, 'a', 'b')
    const behind = acquire(locks, 'a')
    expect([waiting.has(), behind.has()]).toEqual([false, false])
    waiting.giveUp()
    expect(behind.has()).toBe(true)
    holder.release()
    expect(acquire(locks, 'b').has()).toBe(true)
  })

  it('let the present one finish what it does at once before the next one begins', () => {
    const locks = createKeyedLocks()
    const holder = acquire(locks, 'a')
    const done: string[] = []
    const work = (name: string) =>
      locks.acquire(['a']).subscribe((release) => {
        release()
        done.push(name)
      })
    work('first')
    work('second')
    const third = work('third')
    locks.acquire(['a']).subscribe((release) => {
      third.unsubscribe()
      release()
    })
    holder.release()
    expect([done, acquire(locks, 'a').has()]).toEqual([['first', 'second', 'third'], true])
  })

  it('pass by whoever stops waiting in the moment of their turn', () => {
    const locks = createKeyedLocks()
    const holder = acquire(locks, 'a', 'b')
    const later: { second?: ReturnType<typeof acquire> } = {}
    locks.acquire(['a']).subscribe((release) => {
      later.second?.giveUp()
      release()
    })
    const second = acquire(locks, 'b')
    later.second = second
    holder.release()
    expect([second.has(), acquire(locks, 'a', 'b').has()]).toEqual([false, true])
  })

  it('stay held after unsubscribing once they were given', () => {
    const locks = createKeyedLocks()
    const holder = acquire(locks, 'a')
    holder.giveUp()
    expect(acquire(locks, 'a').has()).toBe(false)
  })
})
