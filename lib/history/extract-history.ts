import { HistoryRejected } from '../errors/history-error.ts'
import { walkFields } from './field-spans.ts'
import { keepNewest } from './keep-newest.ts'
import { messageSecretIn, type FoundSecret, type HistorySecret } from './message-secret-in.ts'
import { createWireReader } from './wire-reader.ts'

/** A token of trust in a conversation. */
export interface HistoryToken {
  readonly chat: string
  readonly token: Uint8Array
  readonly atSeconds: number
}

/** What a client needs for itself of a piece of history, whoever reads the rest (protocol document 09, section 9). */
export interface HistoryExtract {
  /** Our own name; absent when it does not say, or only the placeholder. */
  readonly ownName: string | undefined
  readonly nctSalt: Uint8Array | undefined
  /** Proves to a host of files that we are this companion. */
  readonly companionNonce: string | undefined
  readonly tokens: readonly HistoryToken[]
  /** Newest last, at most 10,000 of each kind. */
  readonly secrets: readonly HistorySecret[]
  /** Pairs of phone number and LID, as addresses. */
  readonly mappings: ReadonlyArray<readonly [phoneNumber: string, lid: string]>
  readonly conversations: number
  readonly messages: number
  /** Messages and entries that could not be read. */
  readonly skipped: number
  /** Inflated bytes. */
  readonly sizeBytes: number
}

/** What it depends on. */
export interface ExtractParts {
  /** User part of our phone number. */
  readonly ownUser: string
  /** Secrets of messages older than these are of no use. */
  readonly oldestSeconds: { readonly lasting: number; readonly other: number }
  /** How much inflating is done in one step, in bytes; default 1 MiB. */
  readonly stepBytes?: number
}

/** Field numbers (protocol document 09, section 3). */
const TOP = { conversations: 2, pushnames: 7, mappings: 15, nonce: 16, salt: 19, inlineContacts: 20 } as const
const CHAT = { id: 1, messages: 2, token: 21, tokenAt: 22, phoneNumber: 39, lid: 42, accountLid: 49 } as const

const MOST_FIELD_BYTES = 16 * 1024 * 1024
const MOST_PAIRS = 200_000
const MOST_TOKENS = 100_000
const MOST_SECRETS = 10_000
const STEP_BYTES = 1024 * 1024
const LONGEST_TEXT = 4_096
/** Messages of one conversation may come before its id. */
const MOST_PARKED = 1_024
/** Longest token and salt taken. */
const MOST_SECRET_BYTES = 4_096

/** Nobody gives tokens there. */
const WITHOUT_TOKENS: readonly string[] = ['g.us', 'newsletter', 'bot', 'broadcast']

const decoder = new TextDecoder()
const text = (bytes: Uint8Array | undefined): string | undefined => (bytes && bytes.length > 0 && bytes.length <= LONGEST_TEXT ? decoder.decode(bytes) : undefined)

/**
 * Picks what the client itself needs from a piece of history, in one pass and without decoding messages.
 * Yields between steps, so that whoever drives it can let others work; returns when the last chunk is read.
 *
 * @throws HistoryRejected also what the chunks throw
 */
export function* extractHistory(chunks: Iterator<Uint8Array>, { ownUser, oldestSeconds, stepBytes = STEP_BYTES }: ExtractParts): Generator<void, HistoryExtract, undefined> {
  const reader = createWireReader(chunks, MOST_FIELD_BYTES)
  const tokens: HistoryToken[] = []
  const mappings: (readonly [string, string])[] = []
  const [lasting, other] = [keepNewest<HistorySecret>(MOST_SECRETS), keepNewest<HistorySecret>(MOST_SECRETS)]
  let ownName: string | undefined
  let nctSalt: Uint8Array | undefined
  let companionNonce: string | undefined
  let [conversations, messages, skipped, nextStop] = [0, 0, 0, stepBytes]

  /** What cannot be read inside of one entry concerns that entry only. */
  const unlessMalformed = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch (error) {
      if (!(error instanceof HistoryRejected)) throw error
      skipped += 1
      return undefined
    }
  }

  const pair = (phoneNumber: string | undefined, lid: string | undefined): void => {
    if (phoneNumber !== undefined && lid !== undefined && mappings.length < MOST_PAIRS) mappings.push([phoneNumber, lid])
  }

  const keep = (chat: string, found: FoundSecret): void => {
    const newest = found.isLasting ? lasting : other
    newest.add({ chat, ...found })
  }

  const isWanted = (atSeconds: number, isLasting: boolean): boolean =>
    isLasting ? atSeconds >= oldestSeconds.lasting && lasting.wants(atSeconds) : atSeconds >= oldestSeconds.other && other.wants(atSeconds)

  for (let head = reader.peek(); head; head = reader.peek()) {
    const { field, wireType, headBytes, bodyBytes } = head
    if (field === TOP.conversations && wireType === 2) {
      conversations += 1
      reader.take(headBytes)
      const end = reader.position() + bodyBytes
      const chat = emptyChat()
      const parked: FoundSecret[] = []
      while (reader.position() < end) {
        const inner = reader.peek()
        const size = inner ? inner.headBytes + inner.bodyBytes : Infinity
        if (!inner || reader.position() + size > end) throw new HistoryRejected('malformed')
        if (inner.field === CHAT.messages && inner.wireType === 2) {
          messages += 1
          const entry = reader.take(size).subarray(inner.headBytes)
          const found = unlessMalformed(() => messageSecretIn(entry, isWanted))
          if (found && chat.id !== undefined) keep(chat.id, found)
          else if (found && parked.length < MOST_PARKED) parked.push(found)
        } else if (IN_CHAT.has(inner.field)) {
          walkFields(reader.take(size), (number, bytes, value) => {
            if (number === CHAT.id) chat.id = text(bytes)
            else if (number === CHAT.phoneNumber) chat.phoneNumber = text(bytes)
            else if (number === CHAT.lid) chat.lid = text(bytes)
            else if (number === CHAT.accountLid) chat.accountLid = text(bytes)
            else if (number === CHAT.token) chat.token = bytes && bytes.length <= MOST_SECRET_BYTES ? bytes.slice() : undefined
            else if (number === CHAT.tokenAt) chat.tokenAtSeconds = value
          })
        } else reader.skip(size)
        if (reader.position() >= nextStop) {
          nextStop = reader.position() + stepBytes
          yield
        }
      }
      const { id, token, tokenAtSeconds } = chat
      if (id !== undefined) {
        for (const found of parked) keep(id, found)
        const server = id.slice(id.lastIndexOf('@') + 1)
        if (token && token.length > 0 && tokenAtSeconds !== undefined && !WITHOUT_TOKENS.includes(server) && tokens.length < MOST_TOKENS)
          tokens.push({ chat: id, token, atSeconds: tokenAtSeconds })
      }
      pair(chat.phoneNumber, chat.lid ?? chat.accountLid)
    } else if (wireType === 2 && AT_TOP.has(field)) {
      const value = reader.take(headBytes + bodyBytes).subarray(headBytes)
      if (field === TOP.salt) nctSalt = value.length > 0 && value.length <= MOST_SECRET_BYTES ? value.slice() : nctSalt
      else if (field === TOP.nonce) companionNonce = text(value) ?? companionNonce
      else
        unlessMalformed(() => {
          let [first, second]: (string | undefined)[] = []
          walkFields(value, (number, bytes) => {
            if (number === 1) first = text(bytes)
            else if (number === 2) second = text(bytes)
          })
          if (field !== TOP.pushnames) pair(first, second)
          else if (second !== undefined && second !== '-' && (first === `${ownUser}@s.whatsapp.net` || first === `${ownUser}@c.us`)) ownName = second
        })
    } else reader.skip(headBytes + bodyBytes)
    if (reader.position() >= nextStop) {
      nextStop = reader.position() + stepBytes
      yield
    }
  }
  const secrets = [...other.newest(), ...lasting.newest()]
  return { ownName, nctSalt, companionNonce, tokens, secrets, mappings, conversations, messages, skipped, sizeBytes: reader.position() }
}

interface Chat {
  id: string | undefined
  phoneNumber: string | undefined
  lid: string | undefined
  accountLid: string | undefined
  token: Uint8Array | undefined
  tokenAtSeconds: number | undefined
}

const emptyChat = (): Chat => ({ id: undefined, phoneNumber: undefined, lid: undefined, accountLid: undefined, token: undefined, tokenAtSeconds: undefined })

const IN_CHAT: ReadonlySet<number> = new Set([CHAT.id, CHAT.token, CHAT.tokenAt, CHAT.phoneNumber, CHAT.lid, CHAT.accountLid])
const AT_TOP: ReadonlySet<number> = new Set([TOP.pushnames, TOP.mappings, TOP.nonce, TOP.salt, TOP.inlineContacts])
