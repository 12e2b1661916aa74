import { concatMap, last, map, tap, type Observable } from 'rxjs'

import { concat, bigEndian, fromBigEndian, utf8 } from '../bytes/bytes.ts'
import { PassingMap } from '../collections/passing-map.ts'
import { PassingSet } from '../collections/passing-set.ts'
import { DurableFellBehind, TooManyDurableNames } from '../errors/durable-errors.ts'
import type { CommitQueue } from './commit-queue.ts'
import { fromAwaitable } from './from-awaitable.ts'
import { scanPages } from './scan-pages.ts'
import { MOST_ROWS, sequenceKey, sequenceOf } from './sequence.ts'
import type { OpenStore, Row, Write } from './store.ts'

/**
 * What arrived and is not done with: rows in order of arrival, each owed to some readers. A row goes when
 * every reader it was owed to is done with it. Knows numbers and bytes, not what they say.
 */
export interface Inbox {
  /** Puts a row at the end; returns its number and what to store. @throws DurableFellBehind */
  readonly append: (content: Uint8Array, readers: readonly Reader[]) => { readonly sequence: number; readonly write: Write }
  /** The reader of this name, made when it is new; what to store comes with it. @throws TooManyDurableNames */
  readonly reader: (name: string, interests: readonly string[]) => { readonly reader: Reader; readonly writes: readonly Write[] }
  readonly readers: () => Iterable<Reader>
  /** Takes a reader away with all that is owed to it; returns what to store. */
  readonly forget: (name: string) => readonly Write[]
  /** A reader is done with a row. */
  readonly done: (reader: Reader, sequence: number) => void
  /** The contents of rows, in the order asked; undefined for what is not in the store (yet). */
  readonly read: (sequences: readonly number[]) => Observable<ReadonlyArray<Uint8Array | undefined>>
  /** Whether a row was there when the store was opened, so that a reader may have seen it before. */
  readonly isFromBefore: (sequence: number) => boolean
}

/** Somebody rows are owed to, by name; the nameless one are the hot streams. */
export interface Reader {
  readonly name: string
  /** Which kinds it wants; the inbox only keeps them. */
  readonly interests: readonly string[]
  /** Rows owed to it, in order. */
  readonly waiting: Pick<PassingSet<number>, 'has' | 'size'> & Iterable<number>
}

interface OwnReader extends Reader {
  readonly bit: number
  interests: readonly string[]
  readonly waiting: PassingSet<number>
  /** Done with everything up to here… */
  cursor: number
  /** … and with these beyond it. */
  readonly beyond: PassingSet<number>
}

/** Bits of the row header that name its readers; the first is that of the hot streams. */
const MOST_READERS = 31

/** Name of the reader that stands for the hot streams. */
export const HOT = ''

/**
 * The inbox as stored; emits once.
 *
 * @param limit rows that may be owed to one named reader
 * @param ride hands changes to the next commit
 */
export const loadInbox = (store: OpenStore, limit: number, ride: CommitQueue['ride']): Observable<Inbox> => {
  const owed = new PassingMap<number, number>()
  return scanPages(store, 'inbox').pipe(
    tap((rows) => {
      for (const { key, value } of rows) {
        const sequence = sequenceOf(key)
        // A row without a header is owed to nobody; it is written over when its number comes again.
        if (sequence !== undefined && value.length >= HEADER) owed.set(sequence, fromBigEndian(value.subarray(0, HEADER)))
      }
    }),
    last(),
    concatMap(() => fromAwaitable(() => store.scan('consumers', undefined, MOST_READERS))),
    map((rows) => createInbox(store, limit, ride, owed, rows)),
  )
}

const HEADER = 4

const createInbox = (
  store: OpenStore,
  limit: number,
  ride: CommitQueue['ride'],
  owed: PassingMap<number, number>,
  readerRows: readonly Row[],
): Inbox => {
  const readers = new Map<string, OwnReader>()
  const changed = new Set<OwnReader>()
  const remove = (sequence: number): void => ride(() => [{ table: 'inbox', key: sequenceKey(sequence), value: undefined }])
  /** However often a reader changes before the next commit, it is written once. */
  const save = (reader: OwnReader): void => {
    if (changed.has(reader)) return
    changed.add(reader)
    ride(() => (changed.delete(reader) ? [readerWrite(reader)] : NOTHING))
  }

  const add = (name: string, bit: number, interests: readonly string[], cursor: number, beyond: readonly number[]): OwnReader => {
    const reader: OwnReader = { name, bit, interests, cursor, beyond: new PassingSet(beyond), waiting: new PassingSet() }
    readers.set(name, reader)
    return reader
  }
  for (const { key, value } of readerRows) {
    const row = decodeReader(value)
    if (row) add(key.slice(1), row.bit, row.interests, row.cursor, row.beyond)
  }
  if (!readers.has(HOT)) add(HOT, 0, [], 0, [])

  let newest = Math.max(0, ...[...readers.values()].map(({ cursor }) => cursor))
  for (const sequence of owed.keys()) {
    const mask = owed.get(sequence)!
    newest = Math.max(newest, sequence)
    let left = 0
    for (const reader of readers.values()) {
      const isOwed = (mask & (1 << reader.bit)) !== 0 && sequence > reader.cursor && !reader.beyond.has(sequence)
      if (!isOwed) continue
      reader.waiting.add(sequence)
      left |= 1 << reader.bit
    }
    owed.set(sequence, left)
    if (left === 0) {
      owed.delete(sequence)
      remove(sequence)
    }
  }
  const newestBefore = newest

  const done = (reader: OwnReader, sequence: number): void => {
    if (!reader.waiting.delete(sequence)) return
    reader.beyond.add(sequence)
    const [first] = reader.waiting
    reader.cursor = (first ?? newest + 1) - 1
    for (const passed of reader.beyond) if (passed <= reader.cursor) reader.beyond.delete(passed)
    const left = owed.get(sequence)! & ~(1 << reader.bit)
    owed.set(sequence, left)
    if (left !== 0) {
      save(reader)
      return
    }
    owed.delete(sequence)
    remove(sequence)
  }

  return {
    append: (content, wanted) => {
      let mask = 0
      newest += 1
      for (const reader of wanted as readonly OwnReader[]) {
        if (reader.name !== HOT && reader.waiting.size >= limit) throw new DurableFellBehind(reader.name, limit)
        mask |= 1 << reader.bit
        reader.waiting.add(newest)
      }
      owed.set(newest, mask)
      return { sequence: newest, write: { table: 'inbox', key: sequenceKey(newest), value: concat(bigEndian(mask >>> 0, HEADER), content) } }
    },
    reader: (name, interests) => {
      const known = readers.get(name)
      if (known) {
        if (name === HOT || sameTexts(known.interests, interests)) return { reader: known, writes: [] }
        known.interests = interests
        return { reader: known, writes: [readerWrite(known)] }
      }
      const taken = new Set([...readers.values()].map(({ bit }) => bit))
      const bit = Array.from({ length: MOST_READERS }, (_, index) => index).find((index) => !taken.has(index))
      if (bit === undefined) throw new TooManyDurableNames(MOST_READERS - 1)
      const reader = add(name, bit, interests, newest, [])
      return { reader, writes: [readerWrite(reader)] }
    },
    readers: () => readers.values(),
    forget: (name) => {
      const reader = readers.get(name)
      if (!reader) return NOTHING
      for (const sequence of [...reader.waiting]) done(reader, sequence)
      readers.delete(name)
      changed.delete(reader)
      return [{ table: 'consumers', key: rowKeyOf(name), value: undefined }]
    },
    done: (reader, sequence) => done(reader as OwnReader, sequence),
    read: (sequences) =>
      fromAwaitable(() => store.readMany('inbox', sequences.map(sequenceKey))).pipe(
        map((rows) => rows.map((row) => (row && row.length >= HEADER ? row.subarray(HEADER) : undefined))),
      ),
    isFromBefore: (sequence) => sequence <= newestBefore,
  }
}

const NOTHING: readonly Write[] = []

const sameTexts = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((text, index) => text === other[index])

/** The nameless reader needs a key too. */
const rowKeyOf = (name: string): string => `/${name}`

const readerWrite = ({ name, bit, interests, cursor, beyond }: OwnReader): Write => ({
  table: 'consumers',
  key: rowKeyOf(name),
  value: utf8(JSON.stringify({ bit, interests, cursor, beyond: [...beyond] })),
})

/** A damaged row counts as a reader that never was: it registers anew and is owed what comes from then on. */
const decodeReader = (value: Uint8Array): Pick<OwnReader, 'bit' | 'interests' | 'cursor'> & { readonly beyond: readonly number[] } | undefined => {
  let row: unknown
  try {
    row = JSON.parse(new TextDecoder().decode(value))
  } catch {
    return undefined
  }
  if (typeof row !== 'object' || row === null) return undefined
  const { bit, interests, cursor, beyond } = row as Readonly<Record<string, unknown>>
  const isPlace = Number.isSafeInteger(cursor) && (cursor as number) < MOST_ROWS
  const isBit = Number.isInteger(bit) && (bit as number) >= 0 && (bit as number) < MOST_READERS
  if (!isBit || !isPlace || !isListOf(interests, 'string') || !isListOf(beyond, 'number')) return undefined
  return { bit: bit as number, interests: interests as readonly string[], cursor: cursor as number, beyond: beyond as readonly number[] }
}

const isListOf = (value: unknown, type: 'string' | 'number'): boolean => Array.isArray(value) && value.every((item) => typeof item === type)
