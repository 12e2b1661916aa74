import { describe, expect, it } from '@jest/globals'

import { RecentMap } from '../../lib/collections/recent-map.ts'

describe('a map of what was used lately', () => {
  it('remembers as many as it must, and at most twice as many', () => {
    const map = new RecentMap<number, number>(10)
    for (let key = 0; key < 1_000; key += 1) {
      map.set(key, key)
      for (let back = 0; back < Math.min(10, key); back += 1) expect(map.has(key - back)).toBe(true)
      expect(Array.from({ length: key + 1 }, (_, index) => index).filter((index) => map.has(index)).length).toBeLessThanOrEqual(20)
    }
  })

  it('keeps what is asked for again and again', () => {
    const map = new RecentMap<number, string>(10)
    map.set(-1, 'in use')
    for (let key = 0; key < 1_000; key += 1) {
      map.set(key, 'passing')
      if (key % 5 === 0) expect(map.get(-1)).toBe('in use')
    }
    expect([map.has(0), map.get(0)]).toEqual([false, undefined])
  })

  it('gives the newest value, and none after deletion', () => {
    const map = new RecentMap<string, number | undefined>(1)
    map.set('one', 1)
    map.set('two', 2)
    map.set('one', 3)
    expect([map.get('one'), map.get('two')]).toEqual([3, 2])
    map.delete('one')
    map.delete('two')
    expect([map.has('one'), map.get('two')]).toEqual([false, undefined])
    map.set('nothing', undefined)
    expect([map.has('nothing'), map.get('nothing')]).toEqual([true, undefined])
  })
})
