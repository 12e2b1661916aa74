import { concat, concatMap, defer, EMPTY, from, ignoreElements, map, Observable, throwError, type Subscriber } from 'rxjs'

import { PassingSet } from '../collections/passing-set.ts'
import { DurableNameTaken } from '../errors/durable-errors.ts'
import type { DurableEvent, DurableType } from '../events/durable-event.ts'
import { durableTypes } from '../events/durable-event.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { encodeInboxRecord } from '../pipeline/inbox-record.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isRepeat } from '../pipeline/skip-repeats.ts'
import { HOT, type Inbox, type Reader } from '../store/inbox.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Write } from '../store/store.ts'

/** A stanza with the row it has in the inbox. */
export interface Kept {
  readonly parsed: Parsed
  /** Absent when nobody is owed anything of it. */
  readonly sequence: number | undefined
  /** Makes the row and its name durable; goes into the transaction of the ratchets. */
  readonly writes: readonly Write[]
  /** Messages that came inside of this one. */
  readonly inner?: readonly Kept[]
}

/** Gives out what arrived: to the hot streams at once, to durable consumers until they are done with it. */
export interface Deliveries {
  /** Opens a row for a stanza, if anybody is owed any of its events. @throws DurableFellBehind */
  readonly keep: (parsed: Parsed) => Kept
  /** Whether a durable consumer wants events of this type, there or not. */
  readonly isWanted: (type: WaEvent['type']) => boolean
  /** Tells everybody what a committed stanza brought. */
  readonly tell: (kept: Kept) => void
  /** Tells what was committed but not told, because a process or connection ended in between. */
  readonly replay: () => Observable<never>
  /** Everything a durable consumer is owed, in order, then what arrives; one subscriber per name. */
  readonly attach: (name: string, types: readonly DurableType[]) => Observable<DurableEvent>
  /** Gives a name up with all that is owed to it. */
  readonly forget: (name: string) => Observable<void>
}

/** What deliveries need. */
export interface DeliveriesParts {
  readonly inbox: Inbox
  readonly ledger: Ledger
  readonly emit: (event: WaEvent) => void
  readonly isObserved: (type: WaEvent['type']) => boolean
  readonly commit: (writes: readonly Write[]) => Observable<void>
  /** The events of a stored row; undefined when it cannot be read. */
  readonly restore: (row: Uint8Array) => Parsed | undefined
  /** Puts a row aside that cannot be read. */
  readonly quarantine: (sequence: number, row: Uint8Array) => void
}

const DURABLE: ReadonlySet<string> = new Set(durableTypes)
const isDurable = (event: WaEvent): event is WaEvent & { readonly type: DurableType } => DURABLE.has(event.type)

/** Rows read from the store at a time. */
const PAGE = 100

interface Listener {
  readonly subscriber: Subscriber<DurableEvent>
  /** What arrives is passed on at once; before that it is read from the store. */
  isCaughtUp: boolean
  givenUpTo: number
}

/** Deliveries over an inbox. */
export const createDeliveries = (parts: DeliveriesParts): Deliveries => {
  const { inbox, ledger, emit, isObserved, commit, restore } = parts
  const listeners = new Map<Reader, Listener>()
  /** Per name, the last row it was given in this process. */
  const givenUpTo = new Map<string, number>()
  const hot = inbox.reader(HOT, []).reader
  /** Rows that are not committed yet, or were committed when nobody was there to tell. */
  const untold = new PassingSet(hot.waiting)

  const wantedBy = (reader: Reader, events: readonly WaEvent[]): boolean =>
    reader === hot
      ? events.some((event) => isDurable(event) && isObserved(event.type))
      : events.some(({ type }) => reader.interests.includes(type))

  const give = (reader: Reader, listener: Listener, { events, name }: Parsed, sequence: number): void => {
    const wanted = events.flatMap((event, index) => (isDurable(event) && reader.interests.includes(event.type) ? [{ event, index: placeOf(events, index) }] : []))
    const redelivered = inbox.isFromBefore(sequence) || sequence <= (givenUpTo.get(reader.name) ?? 0)
    listener.givenUpTo = sequence
    const open = new Set(wanted.map(({ event }) => event))
    // A row whose kinds the consumer no longer wants is done with.
    if (open.size === 0) inbox.done(reader, sequence)
    for (const { event, index } of wanted)
      listener.subscriber.next({
        event,
        key: `${name ?? `row ${sequence}`}${index}`,
        redelivered,
        ack: () => {
          if (open.delete(event) && open.size === 0) inbox.done(reader, sequence)
        },
      })
    givenUpTo.set(reader.name, Math.max(givenUpTo.get(reader.name) ?? 0, sequence))
  }

  const isWanted = (type: WaEvent['type']): boolean => {
    if (!DURABLE.has(type)) return false
    for (const { interests } of inbox.readers()) if (interests.includes(type)) return true
    return false
  }

  const tell = ({ parsed, sequence, inner }: Kept): void => {
    for (const event of parsed.events) emit(event)
    if (inner) for (const kept of inner) tell(kept)
    if (sequence === undefined) return
    untold.delete(sequence)
    inbox.done(hot, sequence)
    for (const [reader, listener] of listeners)
      if (listener.isCaughtUp && sequence > listener.givenUpTo && reader.waiting.has(sequence)) give(reader, listener, parsed, sequence)
  }

  /** Reads rows one after the other and hands each to `use`; rows that cannot be read are put aside. */
  const readRows = (sequences: readonly number[], use: (parsed: Parsed, sequence: number) => void): Observable<void> =>
    inbox.read(sequences).pipe(
      map((rows) => {
        for (const [index, row] of rows.entries()) {
          const sequence = sequences[index]!
          const parsed = row && restore(row)
          if (parsed) use(parsed, sequence)
          else {
            if (row) parts.quarantine(sequence, row)
            untold.delete(sequence)
            for (const reader of inbox.readers()) inbox.done(reader, sequence)
          }
        }
      }),
    )

  /** Hands a consumer what it is owed page by page, until it has all that was told. */
  const catchUp = (reader: Reader, listener: Listener): Observable<never> =>
    defer(() => {
      const owed: number[] = []
      for (const sequence of reader.waiting) {
        if (owed.length === PAGE) break
        if (sequence > listener.givenUpTo && !untold.has(sequence)) owed.push(sequence)
      }
      if (owed.length === 0) {
        listener.isCaughtUp = true
        return EMPTY
      }
      return readRows(owed, (parsed, sequence) => give(reader, listener, parsed, sequence)).pipe(
        concatMap(() => {
          listener.givenUpTo = Math.max(listener.givenUpTo, owed.at(-1)!)
          return catchUp(reader, listener)
        }),
      )
    })

  const attach = (name: string, types: readonly DurableType[]): Observable<DurableEvent> =>
    defer(() => {
      const { reader, writes } = inbox.reader(name, types)
      if (listeners.has(reader)) return throwError(() => new DurableNameTaken(name))
      return new Observable<DurableEvent>((subscriber) => {
        const listener: Listener = { subscriber, isCaughtUp: false, givenUpTo: 0 }
        listeners.set(reader, listener)
        subscriber.add(() => listeners.delete(reader))
        subscriber.add(
          concat(commit(writes).pipe(ignoreElements()), catchUp(reader, listener)).subscribe({
            error: (error: unknown) => subscriber.error(error),
          }),
        )
      })
    })

  const keepOne = (parsed: Parsed): Kept => {
    const { events, name } = parsed
    const readers = events.length === 0 ? [] : [...inbox.readers()].filter((reader) => wantedBy(reader, events))
    if (readers.length === 0) return { parsed, sequence: undefined, writes: [] }
    const { sequence, write } = inbox.append(encodeInboxRecord(parsed), readers)
    untold.add(sequence)
    return { parsed, sequence, writes: name === undefined ? [write] : [write, ledger.enter(name)] }
  }

  /** What came inside goes into the same transaction; what was told before is left out. */
  const keepWithInner = (parsed: Parsed, recovered: readonly Parsed[]): Kept => {
    const outer = keepOne(parsed)
    const inner = recovered.flatMap((each) => (isRepeat(ledger, each) ? [] : [keepOne(each)]))
    return { ...outer, inner, writes: [...outer.writes, ...inner.flatMap(({ writes, parsed: { writes: learnt } }) => [...learnt, ...writes])] }
  }

  return {
    keep: (parsed) => (parsed.recovered ? keepWithInner(parsed, parsed.recovered) : keepOne(parsed)),
    isWanted,
    tell,
    replay: () =>
      defer(() => from(pagesOf([...untold]))).pipe(
        concatMap((page) => readRows(page, (parsed, sequence) => tell({ parsed: repeated(parsed), sequence, writes: [] }))),
        ignoreElements(),
      ),
    attach,
    forget: (name) =>
      defer(() => {
        for (const [reader, { subscriber }] of listeners) if (reader.name === name) subscriber.complete()
        return commit(inbox.forget(name))
      }),
  }
}

/**
 * Tells the events of one stanza apart, the same in every process: by type and by place among those of the
 * type, since which other types are built depends on who listens. The plain event of a stanza needs no word.
 */
const placeOf = (events: readonly WaEvent[], index: number): string => {
  const { type } = events[index]!
  let place = 0
  for (let earlier = 0; earlier < index; earlier += 1) if (events[earlier]!.type === type) place += 1
  const word = UNMARKED.has(type) ? '' : `#${type}`
  return place === 0 ? word : `${word}#${place}`
}

/** Types whose events have a name of their own already. */
const UNMARKED: ReadonlySet<string> = new Set(['message', 'undecryptable_message', 'receipt'])

const pagesOf = (sequences: readonly number[]): ReadonlyArray<readonly number[]> =>
  Array.from({ length: Math.ceil(sequences.length / PAGE) }, (_, page) => sequences.slice(page * PAGE, (page + 1) * PAGE))

/** A message that was not told when it arrived says so. */
const repeated = (parsed: Parsed): Parsed => ({
  ...parsed,
  events: parsed.events.map((event) => (event.type === 'message' ? { ...event, redelivered: true } : event)),
})
