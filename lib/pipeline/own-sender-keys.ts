import type { Observable } from 'rxjs'

import { utf8 } from '../bytes/bytes.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import { answerOf } from '../store/from-awaitable.ts'
import type { Quarantine } from '../store/quarantine.ts'
import type { OpenStore, Write } from '../store/store.ts'
import type { OwnSenderKey } from '../signal/own-sender-key.ts'
import { decodeOwnSenderKey, encodeOwnSenderKey } from '../signal/sender-key-codec.ts'
import type { Jid } from '../stanza/jid.ts'
import { createKeyedLocks, makeWhileHeld, type Release } from './keyed-locks.ts'
import type { Loan } from './loan.ts'
import { senderKeyName } from './sender-key-pool.ts'

/** Our key for a group, and who was given it. */
export interface OwnGroupKey {
  readonly key: OwnSenderKey
  /** Devices that have it, in the form they were addressed in. */
  readonly marks: ReadonlySet<string>
}

/** Our key for one group on loan. */
export interface OwnKeyLoan extends Loan {
  readonly current: OwnGroupKey | undefined
  readonly put: (next: OwnGroupKey) => void
}

/** The keys we write to groups with. */
export interface OwnSenderKeys {
  /** Emits one loan when nobody else has the key; whoever needs ratchets as well borrows those first. */
  readonly borrow: (group: Jid) => Observable<OwnKeyLoan>
  /** What is known without a loan, so it may be outdated at once. */
  readonly look: (group: Jid) => Observable<OwnGroupKey | undefined>
  /**
   * These devices may not have the key, whatever was marked: the next message brings it again. Not durable
   * by itself; a device that still lacks the key asks.
   */
  readonly unmark: (group: Jid, devices: readonly Jid[]) => void
  /** The same for everybody who was marked. */
  readonly unmarkAll: (chat: Jid) => void
  /** Devices the present key was ever given to, also those in doubt. */
  readonly holders: (group: Jid) => Observable<ReadonlySet<string>>
  /** The same for all devices of a person, in every group. */
  readonly unmarkPeople: (people: readonly Jid[]) => void
  /** A key is not used any more: the next message brings another one to everybody. Returns what to delete. */
  readonly retire: (chat: Jid) => readonly Write[]
}

/** What our keys need. */
export interface OwnSenderKeysParts {
  readonly store: OpenStore
  readonly quarantine: Quarantine
  /** Our device under its LID. */
  readonly self: () => Jid
}

/** Our keys in an open store: the key in `sender_keys`, who has it in `sender_key_marks`. */
export const createOwnSenderKeys = ({ store, quarantine, self }: OwnSenderKeysParts): OwnSenderKeys => {
  const locks = createKeyedLocks()
  const cache = new Map<string, OwnGroupKey | undefined>()
  const doubted = new Map<string, Set<string>>()
  /** People without the key, whatever was marked before; each with a number that grows. */
  const doubtedPeople = new Map<string, number>()
  let lastDoubt = 0
  /** Per group, up to which of those numbers its marks were cleared. */
  const cleared = new Map<string, number>()
  const retired = new Set<string>()

  /** What holds, without the marks in doubt. */
  const present = (name: string): OwnGroupKey | undefined => {
    const kept = cache.get(name)
    if (!kept || retired.has(name)) return undefined
    const doubts = doubted.get(name)
    const clearedUpTo = cleared.get(name) ?? 0
    if (!doubts && clearedUpTo === lastDoubt) return kept
    const isGood = (mark: string): boolean => doubts?.has(mark) !== true && (doubtedPeople.get(personOf(mark)) ?? 0) <= clearedUpTo
    const marks = [...kept.marks].filter(isGood)
    return marks.length === kept.marks.size ? kept : { ...kept, marks: new Set(marks) }
  }

  const load = (group: Jid): Observable<string> => {
    const name = group.toString()
    if (cache.has(name)) return atOnce(name)
    const keyName = senderKeyName(group, self())
    const entry$ = followedBy(answerOf(store.read('sender_keys', keyName)), (row): Observable<OwnGroupKey | undefined> => {
      const key = row && readable(() => decodeOwnSenderKey(row))
      if (row && !key) quarantine.put('sender_keys', keyName, row)
      if (!key) return atOnce(undefined)
      return mapped(answerOf(store.read('sender_key_marks', name)), (marks) => ({ key, marks: decodeMarks(marks, key) }))
    })
    return mapped(entry$, (entry) => {
      if (!cache.has(name)) cache.set(name, entry)
      return name
    })
  }

  const lend = (group: Jid, name: string, release: Release): OwnKeyLoan => {
    const before = cache.get(name)
    const current = present(name)
    const settled = [...(doubted.get(name) ?? [])]
    const [clearedUpTo, isRetired] = [lastDoubt, retired.has(name)]
    let next = current
    return {
      current,
      put: (changed) => (next = changed),
      writes: () => {
        const writes: Write[] = []
        if (next && next.key !== before?.key) writes.push({ table: 'sender_keys', key: senderKeyName(group, self()), value: encodeOwnSenderKey(next.key) })
        if (next && next.marks !== before?.marks) writes.push({ table: 'sender_key_marks', key: name, value: encodeMarks(next) })
        return writes
      },
      keep: () => {
        for (const device of settled) doubted.get(name)?.delete(device)
        if (doubted.get(name)?.size === 0) doubted.delete(name)
        cleared.set(name, clearedUpTo)
        if (isRetired) retired.delete(name)
        cache.set(name, next)
        release()
      },
      release,
    }
  }

  const doubt = (name: string, marks: Iterable<string>): void => {
    const doubts = doubted.get(name) ?? new Set()
    for (const mark of marks) doubts.add(mark)
    doubted.set(name, doubts)
  }

  return {
    borrow: (group) => makeWhileHeld(locks.acquire([group.toString()]), (release) => mapped(load(group), (name) => lend(group, name, release))),
    look: (group) => mapped(load(group), present),
    holders: (group) => mapped(load(group), (name) => cache.get(name)?.marks ?? NOBODY),
    unmark: (group, devices) => doubt(group.toString(), devices.map(String)),
    // Whoever was marked lies in the cache: it was just written to.
    unmarkAll: (chat) => doubt(chat.toString(), cache.get(chat.toString())?.marks ?? NOBODY),
    unmarkPeople: (people) => {
      lastDoubt += 1
      for (const { user, server } of people) {
        const person = `${user}@${server}`
        doubtedPeople.delete(person)
        doubtedPeople.set(person, lastDoubt)
        if (doubtedPeople.size > MOST_DOUBTED) doubtedPeople.delete(doubtedPeople.keys().next().value!)
      }
    },
    retire: (chat) => {
      const name = chat.toString()
      retired.add(name)
      return [
        { table: 'sender_keys', key: senderKeyName(chat, self()), value: undefined },
        { table: 'sender_key_marks', key: name, value: undefined },
      ]
    },
  }
}

/** People kept in doubt; one dropped too early asks for the key. */
const MOST_DOUBTED = 10_000

/** Whose device a mark is, in the same form. */
const personOf = (mark: string): string => {
  const at = mark.indexOf('@')
  const colon = mark.indexOf(':')
  return colon < 0 ? mark : `${mark.slice(0, colon)}${mark.slice(at)}`
}

const KEY_ID_BYTES = 4

/** The number of the key, then the devices, one a line. */
const encodeMarks = ({ key, marks }: OwnGroupKey): Uint8Array => {
  const devices = utf8([...marks].join('\n'))
  const row = new Uint8Array(KEY_ID_BYTES + devices.length)
  new DataView(row.buffer).setUint32(0, key.keyId)
  row.set(devices, KEY_ID_BYTES)
  return row
}

const decoder = new TextDecoder()
const NOBODY: ReadonlySet<string> = new Set()

/** Marks of another key, or that cannot be read, count for nothing: the key is given out again. */
const decodeMarks = (row: Uint8Array | undefined, { keyId }: OwnSenderKey): ReadonlySet<string> => {
  if (!row || row.length <= KEY_ID_BYTES || new DataView(row.buffer, row.byteOffset).getUint32(0) !== keyId) return NOBODY
  return new Set(decoder.decode(row.subarray(KEY_ID_BYTES)).split('\n'))
}

const readable = <T>(decode: () => T): T | undefined => {
  try {
    return decode()
  } catch {
    return undefined
  }
}
