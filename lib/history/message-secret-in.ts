import { codes, textOfCodes } from '../bytes/short-text.ts'
import { FieldCursor } from './field-spans.ts'

/** The secret of a message and where it belongs, as a piece of history has it. */
export interface HistorySecret {
  /** The conversation's address. */
  readonly chat: string
  /** Who wrote it, in a group; absent for the other person of a direct chat. */
  readonly participant: string | undefined
  readonly isFromMe: boolean
  readonly id: string
  /** 32 bytes. */
  readonly secret: Uint8Array
  readonly atSeconds: number
  /** A poll or an event: it is answered for longer. */
  readonly isLasting: boolean
}

/** What is found in a message before its conversation is known. */
export type FoundSecret = Omit<HistorySecret, 'chat'>

/** Field numbers (protocol document 09, section 9, wire shortcuts). */
const MESSAGE_OF_ENTRY = 1
const WEB = { key: 1, message: 2, timestamp: 3, participant: 5, secret: 49 } as const
const KEY = { fromMe: 2, id: 3, participant: 4 } as const
const CONTEXT = { info: 35, secret: 3 } as const
const TEXT = 1
const IS_FORWARDED = 22
const POLLS_AND_EVENTS: readonly number[] = [49, 60, 64, 75, 111, 119]

/** Wrappers, and where in them the message is. */
const WRAPPERS: ReadonlyMap<number, number> = new Map([[31, 2], [37, 1], [40, 1], [53, 1], [55, 1], [58, 1]])

/** Where the context of a message is, by the field of the content; 17 in most. */
const CONTEXTS: ReadonlyMap<number, number> = new Map([
  ...[3, 4, 5, 6, 7, 8, 9, 13, 18, 26, 30, 38, 66, 83].map((field): [number, number] => [field, 17]),
  [75, 1],
  ...[25, 29, 43].map((field): [number, number] => [field, 3]),
  [39, 4],
  ...[49, 60, 64, 111, 119].map((field): [number, number] => [field, 5]),
  [78, 6],
  [28, 7],
  ...[36, 42].map((field): [number, number] => [field, 8]),
  [86, 11],
  ...[45, 48].map((field): [number, number] => [field, 15]),
])

const MOST_DEPTH = 8
const SECRET_BYTES = 32
const LONGEST_NAME = codes.length

/** A range of bytes; empty: there is none. */
interface Span {
  start: number
  end: number
}

const spanOf = ({ start, end }: Span): Span => ({ start, end })
const lengthOf = ({ start, end }: Span): number => end - start
const NOWHERE: Span = { start: 0, end: 0 }

const decoder = new TextDecoder()
const textOf = (bytes: Uint8Array, span: Span): string | undefined => {
  const length = lengthOf(span)
  if (length === 0 || length > LONGEST_NAME) return undefined
  // Ids and addresses are ASCII, and short.
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[span.start + index]!
    if (byte > 0x7f) return decoder.decode(bytes.subarray(span.start, span.end))
    codes[index] = byte
  }
  return textOfCodes(length)
}

/**
 * Finds the secret of a message in a `HistorySyncMsg` without decoding it; undefined when it has none that is of
 * use: no id, forwarded, not 32 bytes, of a time nobody wants.
 *
 * @throws HistoryRejected `malformed`
 */
export const messageSecretIn = (entry: Uint8Array, isWanted: (atSeconds: number, isLasting: boolean) => boolean = () => true): FoundSecret | undefined => {
  const web = fieldIn(new FieldCursor(entry), MESSAGE_OF_ENTRY)
  if (!web) return undefined
  let key: FieldCursor | undefined
  let message: FieldCursor | undefined
  let author = NOWHERE
  let beside = NOWHERE
  let atSeconds = 0
  while (web.next()) {
    const { field, wireType } = web
    if (wireType === 0) {
      if (field === WEB.timestamp) atSeconds = web.number
    } else if (wireType === 2) {
      if (field === WEB.key) key = web.within()
      else if (field === WEB.message) message = web.within()
      else if (field === WEB.participant) author = spanOf(web)
      else if (field === WEB.secret) beside = spanOf(web)
    }
  }
  if (!key) return undefined
  const content = message ? factsOf(message, 0) : NOTHING
  const secret = lengthOf(beside) === SECRET_BYTES ? beside : content.secret
  if (lengthOf(secret) !== SECRET_BYTES || content.isForwarded || !isWanted(atSeconds, content.isLasting)) return undefined
  let isFromMe = false
  let id: string | undefined
  let participant: string | undefined
  while (key.next()) {
    const { field, wireType } = key
    if (wireType === 0) {
      if (field === KEY.fromMe) isFromMe = key.number === 1
    } else if (wireType === 2) {
      if (field === KEY.id) id = textOf(entry, key)
      else if (field === KEY.participant) participant = textOf(entry, key)
    }
  }
  if (id === undefined) return undefined
  return { id, isFromMe, participant: participant ?? textOf(entry, author), secret: entry.slice(secret.start, secret.end), atSeconds, isLasting: content.isLasting }
}

interface Facts {
  readonly secret: Span
  readonly isForwarded: boolean
  readonly isLasting: boolean
}

const NOTHING: Facts = { secret: NOWHERE, isForwarded: false, isLasting: false }

const factsOf = (message: FieldCursor, depth: number): Facts => {
  let secret = NOWHERE
  let inner: FieldCursor | undefined
  let context: FieldCursor | undefined
  let isLasting = false
  while (message.next()) {
    if (message.wireType !== 2) continue
    const { field } = message
    // A text has neither.
    if (field === TEXT) continue
    if (field === CONTEXT.info) {
      const found = fieldIn(message.within(), CONTEXT.secret)
      if (found) secret = { start: found.from, end: found.limit }
      continue
    }
    const wrapped = WRAPPERS.get(field)
    if (wrapped !== undefined) inner = fieldIn(message.within(), wrapped)
    const place = CONTEXTS.get(field)
    if (place !== undefined) context = fieldIn(message.within(), place)
    if (POLLS_AND_EVENTS.includes(field)) isLasting = true
  }
  const below = inner && depth < MOST_DEPTH ? factsOf(inner, depth + 1) : NOTHING
  let isForwarded = below.isForwarded
  if (context) while (context.next()) if (context.field === IS_FORWARDED && context.wireType === 0) isForwarded = context.number === 1
  return { secret: lengthOf(secret) > 0 ? secret : below.secret, isForwarded, isLasting: isLasting || below.isLasting }
}

/** The last field of this number, opened. */
const fieldIn = (cursor: FieldCursor, wanted: number): FieldCursor | undefined => {
  let found: FieldCursor | undefined
  while (cursor.next()) if (cursor.field === wanted && cursor.wireType === 2) found = cursor.within()
  return found
}
