/**
 * History of 50 MB: reading it whole, in a stream and for what the client itself needs, beside protobufjs as Baileys
 * uses it.
 */
import { deflateSync, inflateSync } from 'node:zlib'

import { concat } from '../lib/bytes/bytes.ts'
import { extractHistory } from '../lib/history/extract-history.ts'
import { inflateHistory } from '../lib/history/inflate-history.ts'
import { readHistory } from '../lib/history/read-history.ts'
import { Conversation, HistorySync, HistorySyncMsg } from '../lib/proto/content.generated.ts'
import { madePieces } from '../lib/simulator/made-history.ts'
import type { Row } from './harness.ts'
import type { Peers } from './peers.ts'

export const MB = 1_000_000
const ROUNDS = 3
export const codecs = { history: HistorySync, conversation: Conversation, entry: HistorySyncMsg }

/** Conversations of 50 messages with texts as people write them, of so many bytes in all. */
export const piecesOf = function* (sizeBytes: number): Generator<Uint8Array> {
  for (let length = 0, seed = 0; length < sizeBytes; seed += 1) {
    // Time moves on, so that no two are alike.
    const bytes = madePieces({ atSeconds: 1_700_000_000 - seed * 3_600, conversations: 20, messagesPerChat: 50, textLength: 90 })[0]!.bytes
    length += bytes.length
    yield bytes
  }
}

const extract = (zlib: Uint8Array) => {
  const steps = extractHistory(inflateHistory(zlib), { ownUser: '1', oldestSeconds: { lasting: 0, other: 0 } })
  let step = steps.next()
  while (!step.done) step = steps.next()
  return step.value
}

const streamed = (zlib: Uint8Array): number => {
  let conversations = 0
  for (const { kind, bytes } of readHistory(inflateHistory(zlib))) if (kind === 'conversation') conversations += Conversation.decode(bytes).messages?.length ?? 0
  return conversations
}

const timed = (run: () => unknown): number => {
  const started = performance.now()
  run()
  return performance.now() - started
}

const race = (item: string, sizeBytes: number, contestants: Readonly<Record<string, () => unknown>>): readonly Row[] => {
  const times = new Map(Object.keys(contestants).map((library) => [library, [] as number[]]))
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const [library, run] of Object.entries(contestants)) {
      const ms = timed(run)
      // The first round warms up.
      if (round > 0) times.get(library)!.push(ms)
    }
  return [...times].map(([library, all]) => {
    const ms = all.toSorted((one, other) => one - other)[all.length >> 1]!
    return { item, library, opsPerSecond: 1000 / ms, note: `${Math.round(sizeBytes / MB / (ms / 1000))} MB/s` }
  })
}

interface BaileysHistory {
  readonly proto: { readonly HistorySync: { readonly decode: (bytes: Uint8Array) => object } }
  readonly processHistoryMessage: (history: object) => object
}

/** Decoding 50 MB, and all that is done with a piece when it arrives. */
export const run = async ({ baileys }: Peers = {}): Promise<readonly Row[]> => {
  const raw = concat(...piecesOf(50 * MB))
  const zlib = new Uint8Array(deflateSync(raw))
  const other = baileys as unknown as BaileysHistory | undefined
  return [
    ...race('history 50 MB, whole', raw.length, {
      rxwa: () => HistorySync.decode(raw),
      ...(other && { baileys: () => other.proto.HistorySync.decode(raw) }),
    }),
    ...race('history 50 MB deflated, every conversation', raw.length, {
      rxwa: () => streamed(zlib),
      ...(other && { baileys: () => other.proto.HistorySync.decode(inflateSync(zlib)) }),
    }),
    ...race('history 50 MB deflated, on arrival', raw.length, {
      // What the client itself needs; the rest is decoded by who wants it.
      rxwa: () => extract(zlib),
      ...(other && { baileys: () => other.processHistoryMessage(other.proto.HistorySync.decode(inflateSync(zlib))) }),
    }),
    ...race('history 50 MB, inflating alone', raw.length, { rxwa: () => [...inflateHistory(zlib)].length, 'node:zlib': () => inflateSync(zlib) }),
  ]
}
