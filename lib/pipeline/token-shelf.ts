import { last, map, tap, type Observable } from 'rxjs'

import { hmacSha256 } from '#crypto'
import { equalBytes, utf8 } from '../bytes/bytes.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { isLid, userOf, type Jid } from '../stanza/jid.ts'
import type { LidDirectory } from './lid-directory.ts'

/** Tokens of trust, between us and each person (protocol documents 05, section 9, and 13, section 8). */
export interface TokenShelf {
  /** The token a person gave us, unless it has expired. */
  readonly tokenOf: (person: Jid) => Uint8Array | undefined
  /** What stands in for a token where we have none: bound to the person's LID by the salt of our account. */
  readonly substituteFor: (person: Jid) => Uint8Array | undefined
  /** Takes a token a person gave us; returns what to store, nothing when it is no news. */
  readonly take: (person: Jid, token: Uint8Array, atSeconds: number) => readonly Write[]
  /** Whether a person is to be given a token of ours: we gave none in this period. */
  readonly isDue: (person: Jid) => boolean
  /** When we last gave a person one, in seconds since 1970, unless that has expired. */
  readonly givenAtSeconds: (person: Jid) => number | undefined
  /** We gave a person a token; returns what to store. */
  readonly gave: (person: Jid, atSeconds: number) => readonly Write[]
  /** The salt as a piece of history has it: taken only where we have none (protocol document 09, section 9). */
  readonly backfillSalt: (salt: Uint8Array) => readonly Write[]
  /** The salt our phone shares with us, undefined when it takes it back; returns what to store. */
  readonly keepSalt: (salt: Uint8Array | undefined) => readonly Write[]
}

/** What a shelf needs to know of its client. */
export interface TokenShelfParts {
  readonly directory: Pick<LidDirectory, 'alternate' | 'canonical'>
  readonly nowMs: () => number
  /** A/B properties by number. */
  readonly valueOf: (code: number) => string | undefined
}

interface Entry {
  /** Empty while we have none. */
  readonly token: Uint8Array
  readonly atSeconds: number
  readonly givenAtSeconds: number | undefined
}

/** A/B properties (protocol document 13, section 8): how long a period is, in seconds, and how many a token lives. */
const PERIODS = { taken: [865, 909], given: [996, 997] } as const
const [STANDARD_SECONDS, MOST_SECONDS, STANDARD_COUNT] = [604_800, 15_552_000, 4]

/** The key of the salt among the keys of people, which are addresses. */
const SALT_KEY = 'salt'

/** Longest token kept; those seen are far shorter. */
const MOST_BYTES = 4_096

/** Substitutes kept; they follow from the salt. */
const CACHED_SUBSTITUTES = 1_000

/** The shelf as stored; emits once, when it is complete. */
export const loadTokenShelf = (store: OpenStore, parts: TokenShelfParts): Observable<TokenShelf> => {
  const entries = new Map<string, Entry>()
  let salt: Uint8Array | undefined
  return scanPages(store, 'tokens').pipe(
    tap((rows) => {
      for (const { key, value } of rows) {
        const entry = key === SALT_KEY ? undefined : decodeEntry(value)
        if (key === SALT_KEY) salt = value
        else if (entry) entries.set(key, entry)
      }
    }),
    last(),
    map(() => createTokenShelf(parts, entries, salt)),
  )
}

/** A shelf with what is given. */
export const createTokenShelf = ({ directory, nowMs, valueOf }: TokenShelfParts, entries = new Map<string, Entry>(), kept?: Uint8Array): TokenShelf => {
  let salt = kept
  const substitutes = new Map<string, Uint8Array>()

  const periodOf = (seconds: number, duration: number): number => Math.floor(seconds / duration)
  const periods = (kind: keyof typeof PERIODS): { readonly duration: number; readonly count: number } => {
    const [duration, count] = PERIODS[kind].map((code) => Number(valueOf(code)))
    return {
      duration: duration !== undefined && duration >= 1 ? Math.min(duration, MOST_SECONDS) : STANDARD_SECONDS,
      count: count !== undefined && count >= 1 ? Math.floor(count) : STANDARD_COUNT,
    }
  }
  const isExpired = (seconds: number, kind: keyof typeof PERIODS): boolean => {
    const { duration, count } = periods(kind)
    return seconds < (periodOf(nowMs() / 1000, duration) - (count - 1)) * duration
  }

  const keyOf = (person: Jid): string => userOf(directory.canonical(person)).toString()
  /** What is kept under the phone number belongs to the LID as well, once that is known. */
  const entryOf = (person: Jid): Entry | undefined => {
    const entry = entries.get(keyOf(person))
    if (entry) return entry
    const alternate = directory.alternate(directory.canonical(person))
    return alternate && entries.get(userOf(alternate).toString())
  }
  const put = (person: Jid, entry: Entry): readonly Write[] => {
    const key = keyOf(person)
    entries.set(key, entry)
    return [{ table: 'tokens', key, value: encodeEntry(entry) }]
  }

  return {
    tokenOf: (person) => {
      const entry = entryOf(person)
      return entry && entry.token.length > 0 && !isExpired(entry.atSeconds, 'taken') ? entry.token : undefined
    },
    substituteFor: (person) => {
      const lid = directory.canonical(person)
      if (!salt || !isLid(lid)) return undefined
      const made = substitutes.get(lid.user)
      if (made) return made
      const substitute = hmacSha256(salt, utf8(`${lid.user}@lid`))
      if (substitutes.size >= CACHED_SUBSTITUTES) substitutes.delete(substitutes.keys().next().value!)
      substitutes.set(lid.user, substitute)
      return substitute
    },
    take: (person, token, atSeconds) => {
      const known = entryOf(person)
      if (token.length === 0 || token.length > MOST_BYTES) return []
      const isSame = known !== undefined && equalBytes(known.token, token)
      if (known && known.token.length > 0 && atSeconds < known.atSeconds) return []
      if (isSame && atSeconds === known.atSeconds) return []
      return put(person, { token: token.slice(), atSeconds, givenAtSeconds: known?.givenAtSeconds })
    },
    isDue: (person) => {
      const given = entryOf(person)?.givenAtSeconds
      const { duration } = periods('given')
      return given === undefined || periodOf(nowMs() / 1000, duration) > periodOf(given, duration)
    },
    givenAtSeconds: (person) => {
      const given = entryOf(person)?.givenAtSeconds
      return given === undefined || isExpired(given, 'given') ? undefined : given
    },
    gave: (person, atSeconds) => put(person, { ...(entryOf(person) ?? { token: NO_TOKEN, atSeconds: 0 }), givenAtSeconds: atSeconds }),
    backfillSalt: (next) => {
      if (salt) return []
      salt = next.slice()
      return [{ table: 'tokens', key: SALT_KEY, value: salt }]
    },
    keepSalt: (next) => {
      salt = next?.slice()
      substitutes.clear()
      return [{ table: 'tokens', key: SALT_KEY, value: salt }]
    },
  }
}

const NO_TOKEN = new Uint8Array(0)
const HEAD_BYTES = 16

/** Two times of eight bytes, the second no number when we gave none, then the token. */
const encodeEntry = ({ token, atSeconds, givenAtSeconds = NaN }: Entry): Uint8Array => {
  const row = new Uint8Array(HEAD_BYTES + token.length)
  const view = new DataView(row.buffer)
  view.setFloat64(0, atSeconds)
  view.setFloat64(8, givenAtSeconds)
  row.set(token, HEAD_BYTES)
  return row
}

/** A damaged row counts as absent: tokens are given again. */
const decodeEntry = (row: Uint8Array): Entry | undefined => {
  if (row.length < HEAD_BYTES) return undefined
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  const [atSeconds, givenAtSeconds] = [view.getFloat64(0), view.getFloat64(8)]
  return Number.isFinite(atSeconds) ? { token: row.slice(HEAD_BYTES), atSeconds, givenAtSeconds: Number.isFinite(givenAtSeconds) ? givenAtSeconds : undefined } : undefined
}
