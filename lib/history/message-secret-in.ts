import { walkFields } from './field-spans.ts'

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
const LONGEST_NAME = 256

const decoder = new TextDecoder()
const textOf = (bytes: Uint8Array | undefined): string | undefined => (bytes && bytes.length > 0 && bytes.length <= LONGEST_NAME ? decoder.decode(bytes) : undefined)

/**
 * Finds the secret of a message in a `HistorySyncMsg` without decoding it; undefined when it has none that is of
 * use: no id, forwarded, not 32 bytes.
 *
 * @throws HistoryRejected `malformed`
 */
export const messageSecretIn = (entry: Uint8Array): FoundSecret | undefined => {
  const web = fieldIn(entry, MESSAGE_OF_ENTRY)
  if (!web) return undefined
  let key: Uint8Array | undefined
  let message: Uint8Array | undefined
  let author: Uint8Array | undefined
  let beside: Uint8Array | undefined
  let atSeconds = 0
  walkFields(web, (field, bytes, number) => {
    if (field === WEB.key) key = bytes
    else if (field === WEB.message) message = bytes
    else if (field === WEB.timestamp) atSeconds = number
    else if (field === WEB.participant) author = bytes
    else if (field === WEB.secret) beside = bytes
  })
  if (!key) return undefined
  const content = message ? factsOf(message, 0) : NOTHING
  const secret = beside?.length === SECRET_BYTES ? beside : content.secret
  if (secret?.length !== SECRET_BYTES || content.isForwarded) return undefined
  let isFromMe = false
  let id: string | undefined
  let participant: string | undefined
  walkFields(key, (field, bytes, number) => {
    if (field === KEY.fromMe) isFromMe = number === 1
    else if (field === KEY.id) id = textOf(bytes)
    else if (field === KEY.participant) participant = textOf(bytes)
  })
  if (id === undefined) return undefined
  return { id, isFromMe, participant: participant ?? textOf(author), secret: secret.slice(), atSeconds, isLasting: content.isLasting }
}

interface Facts {
  readonly secret: Uint8Array | undefined
  readonly isForwarded: boolean
  readonly isLasting: boolean
}

const NOTHING: Facts = { secret: undefined, isForwarded: false, isLasting: false }

const factsOf = (message: Uint8Array, depth: number): Facts => {
  let secret: Uint8Array | undefined
  let inner: Uint8Array | undefined
  let context: Uint8Array | undefined
  let isLasting = false
  walkFields(message, (field, bytes) => {
    if (!bytes) return
    if (field === CONTEXT.info) secret = fieldIn(bytes, CONTEXT.secret)
    else {
      const wrapped = WRAPPERS.get(field)
      if (wrapped !== undefined) inner = fieldIn(bytes, wrapped)
      const place = CONTEXTS.get(field)
      if (place !== undefined) context = fieldIn(bytes, place)
      if (POLLS_AND_EVENTS.includes(field)) isLasting = true
    }
  })
  const below = inner && depth < MOST_DEPTH ? factsOf(inner, depth + 1) : NOTHING
  let isForwarded = below.isForwarded
  if (context)
    walkFields(context, (field, _, number) => {
      if (field === IS_FORWARDED) isForwarded = number === 1
    })
  return { secret: secret ?? below.secret, isForwarded, isLasting: isLasting || below.isLasting }
}

const fieldIn = (bytes: Uint8Array, wanted: number): Uint8Array | undefined => {
  let found: Uint8Array | undefined
  walkFields(bytes, (field, value) => {
    if (field === wanted) found = value
  })
  return found
}
