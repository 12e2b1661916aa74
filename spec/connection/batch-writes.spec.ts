import { describe, expect, it } from '@jest/globals'

import { createWriteBatch } from '../../lib/connection/batch-writes.ts'

const createBench = () => {
  const written: number[][] = []
  let turnEnds: (() => void)[] = []
  const batch = createWriteBatch((bytes) => written.push([...bytes]), (flush) => turnEnds.push(flush))
  const endTurn = (): void => {
    const flushes = turnEnds
    turnEnds = []
    for (const flush of flushes) flush()
  }
  return { batch, written, endTurn, waiting: () => turnEnds.length }
}

describe('writes', () => {
  it('of one turn leave together, in order', () => {
    const { batch, written, endTurn, waiting } = createBench()
    for (const byte of [1, 2, 3]) batch.add(Uint8Array.of(byte))
    expect([written, waiting()]).toEqual([[], 1])
    endTurn()
    expect(written).toEqual([[1, 2, 3]])
    batch.add(Uint8Array.of(4))
    endTurn()
    expect(written).toEqual([[1, 2, 3], [4]])
  })

  it('leave at once when there are many, or much', () => {
    const { batch, written, endTurn } = createBench()
    for (let count = 0; count < 17; count += 1) batch.add(Uint8Array.of(count))
    expect(written.map(({ length }) => length)).toEqual([16])
    endTurn()
    expect(written.map(({ length }) => length)).toEqual([16, 1])
    batch.add(new Uint8Array(10))
    batch.add(new Uint8Array(64 * 1024))
    expect(written.map(({ length }) => length)).toEqual([16, 1, 10, 65_536])
    endTurn()
    expect(written).toHaveLength(4)
  })

  it('can be hurried, and never leave twice', () => {
    const { batch, written, endTurn } = createBench()
    batch.add(Uint8Array.of(1))
    batch.flush()
    batch.flush()
    endTurn()
    expect(written).toEqual([[1]])
  })
})
