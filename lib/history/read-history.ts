import { concat } from '../bytes/bytes.ts'
import { HistoryRejected } from '../errors/history-error.ts'
import { createWireReader } from './wire-reader.ts'

/** Field numbers of `HistorySync` and `Conversation` (protocol document 09, section 3). */
const CONVERSATIONS = 2
const MESSAGES = 2
const BYTES = 2

/** Bounds of reading. */
export interface ReadLimits {
  /** Bytes of the largest field that is held whole; default 64 MiB. */
  readonly mostFieldBytes?: number
  /** Bytes of everything but conversations; default 32 MiB. */
  readonly mostRemainderBytes?: number
}

const MOST_FIELD_BYTES = 64 * 1024 * 1024
const MOST_REMAINDER_BYTES = 32 * 1024 * 1024

/** A part of a piece of history; the bytes are valid until the next part is asked for. */
export type HistoryPart =
  /** A `Conversation`, whole. */
  | { readonly kind: 'conversation'; readonly bytes: Uint8Array }
  /** A `HistorySync` without conversations: everything else; comes last, once. */
  | { readonly kind: 'remainder'; readonly bytes: Uint8Array }

/** The same, one level deeper: memory follows the largest message. */
export type HistoryMessagePart =
  /** A `HistorySyncMsg` of the conversation whose header comes after its messages. */
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** A `Conversation` without messages. */
  | { readonly kind: 'conversation'; readonly bytes: Uint8Array }
  | { readonly kind: 'remainder'; readonly bytes: Uint8Array }

/**
 * Reads a `HistorySync` from its chunks, conversations one at a time and in the order of the wire.
 *
 * @throws HistoryRejected also what the chunks throw
 */
export function* readHistory(chunks: Iterator<Uint8Array>, { mostFieldBytes = MOST_FIELD_BYTES, mostRemainderBytes = MOST_REMAINDER_BYTES }: ReadLimits = {}): Generator<HistoryPart, void, undefined> {
  const reader = createWireReader(chunks, mostFieldBytes)
  const remainder = collect(mostRemainderBytes)
  for (let head = reader.peek(); head; head = reader.peek()) {
    const { field, wireType, headBytes, bodyBytes } = head
    if (field === CONVERSATIONS && wireType === BYTES) yield { kind: 'conversation', bytes: reader.take(headBytes + bodyBytes).subarray(headBytes) }
    else remainder.add(reader.take(headBytes + bodyBytes))
  }
  yield { kind: 'remainder', bytes: remainder.bytes() }
}

/** Reads a `HistorySync` message by message; the header of a conversation comes after its messages. @throws HistoryRejected */
export function* readHistoryMessages(chunks: Iterator<Uint8Array>, { mostFieldBytes = MOST_FIELD_BYTES, mostRemainderBytes = MOST_REMAINDER_BYTES }: ReadLimits = {}): Generator<HistoryMessagePart, void, undefined> {
  const reader = createWireReader(chunks, mostFieldBytes)
  const remainder = collect(mostRemainderBytes)
  for (let head = reader.peek(); head; head = reader.peek()) {
    const { field, wireType, headBytes, bodyBytes } = head
    if (field !== CONVERSATIONS || wireType !== BYTES) {
      remainder.add(reader.take(headBytes + bodyBytes))
      continue
    }
    reader.take(headBytes)
    const end = reader.position() + bodyBytes
    const header = collect(mostFieldBytes)
    while (reader.position() < end) {
      const inner = reader.peek()
      if (!inner || reader.position() + inner.headBytes + inner.bodyBytes > end) throw new HistoryRejected('malformed')
      const bytes = reader.take(inner.headBytes + inner.bodyBytes)
      if (inner.field === MESSAGES && inner.wireType === BYTES) yield { kind: 'message', bytes: bytes.subarray(inner.headBytes) }
      else header.add(bytes)
    }
    yield { kind: 'conversation', bytes: header.bytes() }
  }
  yield { kind: 'remainder', bytes: remainder.bytes() }
}

/** Copies of fields, put together at the end. */
const collect = (mostBytes: number) => {
  const parts: Uint8Array[] = []
  let length = 0
  return {
    add: (bytes: Uint8Array): void => {
      length += bytes.length
      if (length > mostBytes) throw new HistoryRejected('too_large')
      parts.push(bytes.slice())
    },
    bytes: (): Uint8Array => concat(...parts),
  }
}
