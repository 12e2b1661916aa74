import type { Write } from '../store/store.ts'
import { isLid, isPhoneNumber, parseJid, userOf, type Jid } from '../stanza/jid.ts'
import { FIRST_ORDER } from './places.ts'
import { emptyChat, encodeRecord, type ChatRecord, type LabelRecord, type PersonRecord } from './records.ts'

/** Two chats that turned out to be one. */
export interface Merge {
  readonly kept: number
  readonly gone: number
}

/** All chats, people and labels, in memory; what changes is collected to be stored. */
export interface Book {
  readonly chats: () => Iterable<ChatRecord>
  readonly chatAt: (number: number) => ChatRecord | undefined
  readonly findChat: (jid: Jid) => ChatRecord | undefined
  /** The chat with this address, made when there is none. */
  readonly openChat: (jid: Jid) => ChatRecord
  readonly changeChat: (number: number, changes: Partial<ChatRecord>) => ChatRecord
  readonly removeChat: (number: number) => void
  readonly person: (jid: Jid) => PersonRecord
  readonly changePerson: (jid: Jid, changes: Partial<PersonRecord>) => void
  /** The address a person goes by: the LID where it is known. */
  readonly addressOf: (jid: Jid) => string
  /** Somebody goes by another address; what was known of them stays. */
  readonly addAddress: (known: Jid, added: Jid) => void
  readonly labels: () => Iterable<LabelRecord>
  readonly keepLabel: (label: LabelRecord) => void
  readonly removeLabel: (id: string) => void
  /** Two addresses are of one person; tells which chats have become one by that. */
  readonly learn: (one: Jid | undefined, other: Jid | undefined) => Merge | undefined
  /** A message of somebody takes a chat out of the archive. */
  readonly unarchives: () => boolean
  readonly setUnarchives: (unarchives: boolean) => void
  /** A place in the order of arrival: of what arrives, or of what is told of the past. */
  readonly nextOrder: (isPast: boolean) => number
  /** What is to be stored since the last call. */
  readonly takeWrites: () => readonly Write[]
  /** Chats that changed since the last call. */
  readonly takeChanged: () => ReadonlySet<number>
}

/** A book as it lies in the store. */
export interface StoredBook {
  readonly chats: readonly ChatRecord[]
  /** By address; somebody with two addresses is there twice. */
  readonly people: ReadonlyMap<string, PersonRecord>
  readonly labels: readonly LabelRecord[]
  readonly counters: Counters | undefined
}

/** What is counted, and what holds for all chats. */
export interface Counters {
  readonly chats: number
  readonly arrived: number
  readonly past: number
  readonly unarchives: boolean
}

/** Key of the counters in `chat_state`. */
export const COUNTERS = 'counters'

const addressText = (jid: Jid): string => userOf(jid).toString()

/** A book of what was stored. */
export const createBook = (stored: StoredBook): Book => {
  const chats = new Map(stored.chats.map((chat) => [chat.number, chat]))
  const numbers = new Map(stored.chats.flatMap(({ number, addresses }) => addresses.map((address) => [address, number] as const)))
  const people = new Map(stored.people)
  const labels = new Map(stored.labels.map((label) => [label.id, label]))
  let counters: Counters = stored.counters ?? { chats: 0, arrived: FIRST_ORDER, past: FIRST_ORDER, unarchives: false }
  const changedChats = new Set<number>()
  let changed = new Set<number>()
  const changedPeople = new Set<string>()
  const changedLabels = new Set<string>()
  let isCounted = false

  const count = (next: Partial<Counters>): void => {
    counters = { ...counters, ...next }
    isCounted = true
  }
  const touch = (chat: number): void => {
    changedChats.add(chat)
    changed.add(chat)
  }
  const keepChat = (chat: ChatRecord): ChatRecord => {
    chats.set(chat.number, chat)
    for (const address of chat.addresses) numbers.set(address, chat.number)
    touch(chat.number)
    return chat
  }
  const keepPerson = (person: PersonRecord): void => {
    for (const address of [person.lid, person.phoneNumber]) {
      if (address === undefined) continue
      people.set(address, person)
      changedPeople.add(address)
    }
  }
  const personAt = (jid: Jid): PersonRecord => {
    const address = addressText(jid)
    return people.get(address) ?? (isLid(jid) ? { lid: address } : { phoneNumber: address })
  }
  const addressOf = (jid: Jid): string => people.get(addressText(jid))?.lid ?? addressText(jid)
  const findChat = (jid: Jid): ChatRecord | undefined => {
    const number = numbers.get(addressText(jid)) ?? numbers.get(addressOf(jid))
    return number === undefined ? undefined : chats.get(number)
  }

  const learn = (one: Jid | undefined, other: Jid | undefined): Merge | undefined => {
    const [lid, phoneNumber] = one && isLid(one) ? [one, other] : [other, one]
    if (!lid || !phoneNumber || !isLid(lid) || !isPhoneNumber(phoneNumber)) return undefined
    const known = personAt(lid)
    const shown = addressText(phoneNumber)
    if (known.phoneNumber === shown) return undefined
    keepPerson({ ...personAt(phoneNumber), ...known, lid: addressText(lid), phoneNumber: shown })
    const [byLid, byNumber] = [numbers.get(addressText(lid)), numbers.get(shown)]
    const kept = byLid ?? byNumber
    if (kept === undefined) return undefined
    const chat = chats.get(kept)!
    keepChat({ ...chat, addresses: [...new Set([addressText(lid), shown, ...chat.addresses])] })
    return byLid === undefined || byNumber === undefined || byLid === byNumber ? undefined : { kept: byLid, gone: byNumber }
  }

  return {
    chats: () => chats.values(),
    chatAt: (number) => chats.get(number),
    findChat,
    openChat: (jid) => {
      const known = findChat(jid)
      if (known) return known
      const number = counters.chats
      count({ chats: number + 1 })
      const { lid, phoneNumber } = personAt(jid)
      const addresses = isLid(jid) || isPhoneNumber(jid) ? [lid, phoneNumber].filter((address) => address !== undefined) : [addressText(jid)]
      return keepChat({ ...emptyChat(number, addressText(jid)), addresses })
    },
    changeChat: (number, changes) => keepChat({ ...chats.get(number)!, ...changes }),
    removeChat: (number) => {
      for (const address of chats.get(number)?.addresses ?? []) if (numbers.get(address) === number) numbers.delete(address)
      chats.delete(number)
      touch(number)
    },
    person: personAt,
    changePerson: (jid, changes) => {
      const known = personAt(jid)
      if (Object.entries(changes).some(([name, value]) => known[name as keyof PersonRecord] !== value)) keepPerson({ ...known, ...changes })
      const chat = findChat(jid)
      if (chat) changed.add(chat.number)
    },
    addressOf,
    addAddress: (known, added) => {
      const chat = findChat(known)
      const address = addressText(added)
      if (chat && !numbers.has(address)) keepChat({ ...chat, addresses: [...chat.addresses, address] })
      const { name, pushName, businessName } = personAt(known)
      keepPerson({ name, pushName, businessName, ...personAt(added) })
    },
    labels: () => labels.values(),
    keepLabel: (label) => {
      labels.set(label.id, label)
      changedLabels.add(label.id)
    },
    removeLabel: (id) => {
      labels.delete(id)
      changedLabels.add(id)
    },
    learn,
    unarchives: () => counters.unarchives,
    setUnarchives: (unarchives) => count({ unarchives }),
    nextOrder: (isPast) => {
      if (isPast) count({ past: counters.past - 1 })
      else count({ arrived: counters.arrived + 1 })
      return isPast ? counters.past : counters.arrived
    },
    takeWrites: () => {
      const rowOf = (record: object | undefined): Uint8Array | undefined => record && encodeRecord(record)
      const writes: readonly Write[] = [
        ...[...changedChats].map((number): Write => ({ table: 'chats', key: String(number), value: rowOf(chats.get(number)) })),
        ...[...changedPeople].map((address): Write => ({ table: 'chat_people', key: address, value: rowOf(people.get(address)) })),
        ...[...changedLabels].map((id): Write => ({ table: 'chat_labels', key: id, value: rowOf(labels.get(id)) })),
        ...(isCounted ? [{ table: 'chat_state', key: COUNTERS, value: encodeRecord(counters) } as const] : []),
      ]
      for (const kept of [changedChats, changedPeople, changedLabels]) kept.clear()
      isCounted = false
      return writes
    },
    takeChanged: () => {
      const taken = changed
      changed = new Set()
      return taken
    },
  }
}

/** An address in a record, which was one when it was written. */
export const jidIn = (address: string | undefined): Jid | undefined => (address === undefined ? undefined : parseJid(address))
