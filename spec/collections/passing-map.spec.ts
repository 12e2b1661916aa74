import { describe, expect, it } from '@jest/globals'

import { PassingMap } from '../../lib/collections/passing-map.ts'
import { PassingSet } from '../../lib/collections/passing-set.ts'

describe('a map of what comes and goes', () => {
  it('does what a map does, however often it begins anew', () => {
    const map = new PassingMap<number, string>()
    const model = new Map<number, string>()
    for (let turn = 0; turn < 2_000; turn += 1) {
      map.set(turn, `${turn}`)
      model.set(turn, `${turn}`)
      // Between 0 and 60 are there at a time; the oldest or one in the middle goes.
      if (turn % 7 !== 0 || model.size > 60) {
        const key = [...model.keys()][turn % 3 === 0 ? Math.floor(model.size / 2) : 0]!
        expect(map.delete(key)).toBe(true)
        model.delete(key)
        expect(map.delete(key)).toBe(false)
      }
      expect([map.size, map.has(turn), map.get(turn)]).toEqual([model.size, model.has(turn), model.get(turn)])
      expect(map.oldest()).toBe(model.values().next().value)
      if (turn % 100 === 0) expect([[...map.keys()], map.values()]).toEqual([[...model.keys()], [...model.values()]])
    }
  })

  it('keeps the place of a key that is set again', () => {
    const map = new PassingMap<string, number>()
    map.set('one', 1)
    map.set('two', 2)
    map.set('one', 3)
    expect([map.oldest(), map.values()]).toEqual([3, [3, 2]])
  })

  it('gives back what was there when it is cleared', () => {
    const map = new PassingMap<string, number>()
    map.set('one', 1)
    map.set('two', 2)
    expect(map.clear()).toEqual([1, 2])
    expect([map.size, map.oldest(), map.clear()]).toEqual([0, undefined, []])
  })

  it('goes through all its keys while they are deleted on the way', () => {
    const map = new PassingMap<number, number>()
    for (let key = 0; key < 100; key += 1) map.set(key, key)
    const seen: number[] = []
    for (const key of map.keys()) {
      seen.push(key)
      map.delete(key)
    }
    expect([seen.length, map.size]).toEqual([100, 0])
  })
})

describe('a set of what comes and goes', () => {
  it('does what a set does', () => {
    const set = new PassingSet([1, 2, 2, 3])
    expect([set.size, set.has(2), set.has(4)]).toEqual([3, true, false])
    for (let value = 4; value < 200; value += 1) {
      set.add(value)
      expect(set.delete(value - 3)).toBe(true)
      expect(set.delete(value - 3)).toBe(false)
    }
    expect([...set]).toEqual([197, 198, 199])
  })
})
