import { describe, expect, it } from '@jest/globals'

import { PassingList } from '../../lib/collections/passing-list.ts'

const item = (name: string) => ({ name })

describe('a list of what comes and goes', () => {
  it('keeps the order of coming, whoever leaves', () => {
    const list = new PassingList<{ readonly name: string }>()
    expect([list.first(), list.shift()]).toEqual([undefined, undefined])
    list.add(item('one'))
    const leave = list.add(item('two'))
    list.add(item('three'))
    const leaveLast = list.add(item('four'))
    leave()
    leave()
    leaveLast()
    expect(list.first()).toEqual(item('one'))
    expect([list.shift(), list.shift(), list.shift()]).toEqual([item('one'), item('three'), undefined])
    list.add(item('five'))
    expect(list.first()).toEqual(item('five'))
  })

  it('takes nobody out twice', () => {
    const list = new PassingList<{ readonly name: string }>()
    const leave = list.add(item('one'))
    expect(list.shift()).toEqual(item('one'))
    list.add(item('two'))
    leave()
    expect(list.first()).toEqual(item('two'))
  })
})
