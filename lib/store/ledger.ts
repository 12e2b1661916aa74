import { last, map, tap, type Observable } from 'rxjs'

import { allocate } from '../bytes/allocate.ts'
import { utf8 } from '../bytes/bytes.ts'
import { scanPages } from './scan-pages.ts'
import type { OpenStore, Write } from './store.ts'

/**
 * The names of what was taken lately, so that a second delivery after a crash is recognised. A ring: the
 * oldest name makes room for the newest, so it never grows and nothing has to be cleared away.
 */
export interface Ledger {
  readonly has: (name: string) => boolean
  /** Takes note of a name; returns what has to be stored together with what the name stands for. */
  readonly enter: (name: string) => Write
}

/** Names that are remembered; a server repeats what was unanswered, which is far less. */
export const LEDGER_SIZE = 4_096

/** The ledger as stored; emits once. Rows that cannot be read are written over. */
export const loadLedger = (store: OpenStore): Observable<Ledger> => {
  const slots = new Map<number, string>()
  let newest = 0
  return scanPages(store, 'ledger').pipe(
    tap((rows) => {
      for (const { key, value } of rows) {
        const slot = parseInt(key, 16)
        const count = value.length < 9 ? NaN : new DataView(value.buffer, value.byteOffset).getFloat64(0)
        // The running number says which slot it is in: one that does not would lead all later names astray.
        if (!Number.isSafeInteger(count) || count < 0 || count % LEDGER_SIZE !== slot) continue
        newest = Math.max(newest, count)
        slots.set(slot, decoder.decode(value.subarray(8)))
      }
    }),
    last(),
    map(() => createLedger(slots, newest)),
  )
}

const decoder = new TextDecoder()

const createLedger = (slots: Map<number, string>, newest: number): Ledger => {
  const names = new Set(slots.values())
  let count = newest
  return {
    has: (name) => names.has(name),
    enter: (name) => {
      count += 1
      const slot = count % LEDGER_SIZE
      const evicted = slots.get(slot)
      if (evicted !== undefined) names.delete(evicted)
      slots.set(slot, name)
      names.add(name)
      const text = utf8(name)
      const value = allocate(8 + text.length)
      // The running number, then the name.
      new DataView(value.buffer, value.byteOffset).setFloat64(0, count)
      value.set(text, 8)
      return { table: 'ledger', key: slot.toString(16).padStart(4, '0'), value }
    },
  }
}
