import { concat, last, map, tap, type Observable } from 'rxjs'

import { createAllocator } from '../bytes/allocate.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { PassingMap } from '../collections/passing-map.ts'
import { RecentMap } from '../collections/recent-map.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { CommitQueue } from '../store/commit-queue.ts'
import type { Quarantine } from '../store/quarantine.ts'
import { scanPages } from '../store/scan-pages.ts'
import { sequenceKey, sequenceOf } from '../store/sequence.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childrenOf, stanza } from '../stanza/stanza.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'

/** A finished message on its way: written again, the same bytes under the same id, until the server takes it. */
export interface Departure {
  readonly id: string
  readonly chat: Jid
  /** `text`, `media`, `reaction` … */
  readonly stanzaType: string
  /** The encoded stanza. */
  readonly outgoing: Uint8Array
  /** The encoded `Message` inside. */
  readonly content: Uint8Array
  /** Of a status post: the setting its readers were chosen by. */
  readonly audience?: string
}

/** A message the server took. */
export interface Departed {
  readonly chat: Jid
  readonly atSeconds: number
  readonly stanzaType: string
  readonly audience?: string
  /** The encoded `Message`; absent when it was too long to be kept. */
  readonly content?: Uint8Array
}

/** What was encrypted but not taken by the server, and what was taken lately. */
export interface Outbox {
  /** Keeps a message; returns what goes into the transaction of its ratchets. */
  readonly put: (departure: Departure) => Write
  readonly find: (id: string) => Departure | undefined
  /** What an earlier connection or process left behind, in order. */
  readonly waiting: () => readonly Departure[]
  /** The server took it. */
  readonly accepted: (id: string, atSeconds: number) => void
  /** It will not be sent (again). */
  readonly drop: (id: string) => void
  /** A message that was taken, if it is still remembered. */
  readonly departed: (id: string) => Observable<Departed | undefined>
  /** Ids of what was taken since, and is still remembered; oldest first. */
  readonly departedSince: (seconds: number) => readonly string[]
}

/** How many taken messages are remembered, and for how long: for a second send under their id, and for peers that ask again. */
const REMEMBERED = 5_000
const REMEMBERED_SECONDS = 7 * 86_400

const FORGOTTEN_EVERY = 64

/** The newest of them are in memory too: somebody may ask before they are in the store. */
const AT_HAND = 512

/** A longer message is remembered without its content. */
const LONGEST_CONTENT = 65_536

const NEVER_SENT = atOnce(undefined)

/** What an outbox needs. */
export interface OutboxParts {
  readonly store: OpenStore
  /** Hands changes to the next commit. */
  readonly ride: CommitQueue['ride']
  readonly quarantine: Quarantine
  readonly nowMs: () => number
}

/** The outbox as stored; emits once. Rows that cannot be read are put aside. */
export const loadOutbox = ({ store, ride, quarantine, nowMs }: OutboxParts): Observable<Outbox> => {
  const waiting = new PassingMap<string, Waiting>()
  const departed = new Map<string, number>()
  let newest = 0
  return concat(
    scanPages(store, 'outbox').pipe(
      tap((rows) => {
        for (const { key, value } of rows) {
          const sequence = sequenceOf(key) ?? 0
          const departure = sequence === 0 ? undefined : readable(() => decodeDeparture(value))
          newest = Math.max(newest, sequence)
          if (departure) waiting.set(departure.id, { sequence, ...departure })
          else quarantine.put('outbox', key, value)
        }
      }),
    ),
    scanPages(store, 'sent_messages').pipe(
      tap((rows) => {
        for (const { key, value } of rows) departed.set(key, readable(() => decodeDeparted(value))?.atSeconds ?? 0)
      }),
    ),
  ).pipe(
    last(),
    map(() => createOutbox(store, ride, nowMs, waiting, new Map([...departed].sort(([, one], [, other]) => one - other)), newest)),
  )
}

interface Waiting extends Departure {
  readonly sequence: number
}

const createOutbox = (
  store: OpenStore,
  ride: CommitQueue['ride'],
  nowMs: () => number,
  waiting: PassingMap<string, Waiting>,
  /** Oldest first. */
  departed: Map<string, number>,
  newest: number,
): Outbox => {
  let sequence = newest
  /** As rows: what they are made of would keep the blocks of memory the messages passed through. */
  const atHand = new RecentMap<string, Uint8Array>(AT_HAND)
  const allocate = createAllocator(8_192)
  const write = (change: Write): void => ride(() => [change])

  const leave = (id: string): Waiting | undefined => {
    const entry = waiting.get(id)
    if (!entry) return undefined
    waiting.delete(id)
    write({ table: 'outbox', key: sequenceKey(entry.sequence), value: undefined })
    return entry
  }

  /** Looking for the oldest is not free: it is done now and then. */
  let sinceForgotten = FORGOTTEN_EVERY
  const forgetOld = (): void => {
    sinceForgotten += 1
    if (sinceForgotten < FORGOTTEN_EVERY) return
    sinceForgotten = 0
    const since = nowMs() / 1000 - REMEMBERED_SECONDS
    for (const [id, atSeconds] of departed) {
      if (departed.size <= REMEMBERED && atSeconds >= since) return
      departed.delete(id)
      write({ table: 'sent_messages', key: id, value: undefined })
    }
  }

  return {
    put: (departure) => {
      // Written anew under its id, it takes the row it had: a second one would be left over, and sent by the next process.
      const place = waiting.get(departure.id)?.sequence ?? (sequence += 1)
      waiting.set(departure.id, { sequence: place, ...departure })
      return { table: 'outbox', key: sequenceKey(place), value: encodeDeparture(departure) }
    },
    find: (id) => waiting.get(id),
    waiting: () => waiting.values(),
    accepted: (id, atSeconds) => {
      const entry = leave(id)
      if (!entry) return
      departed.delete(id)
      departed.set(id, atSeconds)
      const encoded = encodeDeparted(keptOf(entry, atSeconds))
      const row = allocate(encoded.length)
      row.set(encoded)
      atHand.set(id, row)
      write({ table: 'sent_messages', key: id, value: row })
      forgetOld()
    },
    drop: (id) => void leave(id),
    departed: (id) => {
      const kept = atHand.get(id)
      if (kept) return atOnce(readable(() => decodeDeparted(kept)))
      if (!departed.has(id)) return NEVER_SENT
      return mapped(answerOf(store.read('sent_messages', id)), (row) => row && readable(() => decodeDeparted(row)))
    },
    departedSince: (seconds) => [...departed].flatMap(([id, atSeconds]) => (atSeconds >= seconds ? [id] : [])),
  }
}

const encodeDeparture = ({ id, chat, stanzaType, outgoing, content, audience }: Departure): Uint8Array =>
  encodeStanza(stanza('departure', { id, to: chat, type: stanzaType, audience }, [stanza('stanza', {}, outgoing), stanza('content', {}, content)]))

const decodeDeparture = (row: Uint8Array): Departure => {
  const kept = decodeStanza(row)
  const read = attributesOf(kept)
  const id = read.text('id')
  const chat = read.jid('to')
  const stanzaType = read.text('type')
  const audience = read.optionalText('audience')
  const [outgoing, content] = childrenOf(kept).map(bytesOf)
  if (read.faults.length > 0 || !outgoing || !content) throw new StanzaCodecError('unexpected_eof')
  return { id, chat, stanzaType, outgoing, content, ...(audience !== undefined && { audience }) }
}

const keptOf = ({ chat, stanzaType, content, audience }: Departure, atSeconds: number): Departed => ({
  chat,
  stanzaType,
  ...(audience !== undefined && { audience }),
  atSeconds,
  ...(content.length <= LONGEST_CONTENT && { content }),
})

const encodeDeparted = ({ chat, stanzaType, content, atSeconds, audience }: Departed): Uint8Array =>
  encodeStanza(stanza('departed', { to: chat, t: atSeconds, type: stanzaType, audience }, content))

const decodeDeparted = (row: Uint8Array): Departed => {
  const kept = decodeStanza(row)
  const read = attributesOf(kept)
  const chat = read.jid('to')
  const atSeconds = read.integer('t')
  const stanzaType = read.text('type')
  if (read.faults.length > 0) throw new StanzaCodecError('unexpected_eof')
  const content = bytesOf(kept)
  const audience = read.optionalText('audience')
  return { chat, atSeconds, stanzaType, ...(audience !== undefined && { audience }), ...(content && { content }) }
}

/** What a decoder makes of a row; undefined when it is damaged. */
const readable = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch (error) {
    if (error instanceof StanzaCodecError) return undefined
    throw error
  }
}
