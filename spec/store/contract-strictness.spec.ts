import { describe, expect, it } from '@jest/globals'

import { memoryStore } from '../../lib/store/memory/memory-store.ts'
import type { OpenStore, Row, Store } from '../../lib/store/store.ts'
import { storeContract } from '../../lib/testing/store-contract.ts'

/** Runs the contract on a store and gives the titles of the specs it breaks. */
const brokenBy = async (makeStore: () => Store): Promise<readonly string[]> => {
  const specs: (readonly [string, () => Promise<void>])[] = []
  const runner = { describe: (_: string, body: () => void) => body(), it: (title: string, body: () => Promise<void>) => specs.push([title, body]), expect }
  storeContract('a store', makeStore, { runner, reopen: (store) => store })
  const broken: string[] = []
  for (const [title, body] of specs) await body().catch(() => broken.push(title))
  return broken
}

/** A memory store with a fault. */
const faulty = (change: (open: OpenStore) => Partial<OpenStore>) => (): Store => {
  const store = memoryStore()
  return {
    open: () => {
      const open = store.open() as OpenStore
      return { ...open, ...change(open) }
    },
  }
}

const rowsOf = (rows: unknown): readonly Row[] => rows as readonly Row[]

const faults: readonly (readonly [string, () => Store, string])[] = [
  [
    'sorts by UTF-16',
    faulty((open) => ({
      scan: (table, after, limit) =>
        rowsOf(open.scan(table, undefined, 1_000))
          .filter(({ key }) => after === undefined || key > after)
          .sort((left, right) => (left.key < right.key ? -1 : 1))
          .slice(0, limit),
    })),
    'scans in the order of UTF-8 bytes',
  ],
  ['repeats the row a page begins after', faulty((open) => ({ scan: (table, after, limit) => rowsOf(open.scan(table, undefined, 1_000)).filter(({ key }) => after === undefined || key >= after).slice(0, limit) })), 'meets every row once in every table'],
  ['ignores the limit', faulty((open) => ({ scan: (table, after) => open.scan(table, after, 1_000) })), 'scans page by page, from anywhere, with the values'],
  [
    'writes row by row',
    faulty((open) => ({
      commit: (writes) => {
        for (const write of writes) void open.commit([write])
      },
    })),
    'takes all changes of a commit or none',
  ],
  ['lets the first change win', faulty((open) => ({ commit: (writes) => open.commit([...writes].reverse()) })), 'lets the later change of a row win, deletion included'],
  [
    'forgets empty values',
    faulty((open) => ({ commit: (writes) => open.commit(writes.map((write) => (write.value?.length === 0 ? { ...write, value: undefined } : write))) })),
    'keeps values of any size, and keys of any text',
  ],
  ['answers many in its own order', faulty((open) => ({ readMany: (table, keys) => open.readMany(table, [...keys].sort()) })), 'reads what was committed, one or many in the order of the keys'],
  [
    'lends its own bytes',
    faulty((open) => {
      const lent = new Map<string, Uint8Array | undefined>()
      return { read: (table, key) => lent.get(key) ?? (lent.set(key, open.read(table, key) as Uint8Array | undefined), lent.get(key)) }
    }),
    'copies bytes at the border',
  ],
  [
    'has no lock',
    () => {
      let shared: OpenStore | undefined
      const store = memoryStore()
      return { open: () => (shared ??= store.open() as OpenStore) }
    },
    'is open once at a time',
  ],
  [
    'works after closing',
    () => {
      let current: OpenStore | undefined
      const store = memoryStore()
      return {
        open: () => {
          const mine = (current = store.open() as OpenStore)
          return { ...mine, read: (table, key) => current!.read(table, key), close: () => mine.close() }
        },
      }
    },
    'fails in every call after closing, and leaves the next owner alone',
  ],
  ['forgets everything on closing', () => ({ open: () => memoryStore().open() }), 'has its rows again after closing'],
]

describe('storeContract', () => {
  it('finds nothing wrong with memoryStore', async () => expect(await brokenBy(memoryStore)).toEqual([]))

  it.each(faults)('finds a store that %s', async (_, makeStore, title) => expect(await brokenBy(makeStore)).toContain(title))

  it('says what it misses when there is no test runner', () => {
    const { describe: kept } = globalThis as { describe?: unknown }
    Reflect.deleteProperty(globalThis, 'describe')
    try {
      expect(() => storeContract('a store', memoryStore)).toThrow(TypeError)
    } finally {
      Object.assign(globalThis, { describe: kept })
    }
  })
})
