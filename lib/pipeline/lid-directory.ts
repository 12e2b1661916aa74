import { last, map, tap, type Observable } from 'rxjs'

import { utf8 } from '../bytes/bytes.ts'
import { scanPages } from '../store/scan-pages.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { isLid, isPhoneNumber, Jid, withDevice } from '../stanza/jid.ts'

/** Which hidden-number address (LID) and which phone number are one person. */
export interface LidDirectory {
  readonly lidOf: (phoneNumber: Jid) => Jid | undefined
  readonly phoneNumberOf: (lid: Jid) => Jid | undefined
  /** The address Signal sessions live under: the LID when it is known, with the device kept. */
  readonly canonical: (jid: Jid) => Jid
  /** The user parts of all LIDs known, in the order they were learnt. */
  readonly lids: () => Iterable<string>
  /** The other address of a person, device kept, when it is known. */
  readonly alternate: (jid: Jid) => Jid | undefined
  /**
   * Takes note that two addresses are one person; the newest word counts. Order does not matter,
   * anything but one LID and one phone number is ignored. Returns what has to be stored.
   */
  readonly learn: (one: Jid | undefined, other: Jid | undefined) => readonly Write[]
}

/** The directory as stored; emits once, when it is complete. */
export const loadLidDirectory = (store: OpenStore): Observable<LidDirectory> => {
  const directory = createLidDirectory()
  return scanPages(store, 'lid_mappings').pipe(
    tap((rows) => {
      for (const { key, value } of rows) directory.learn(new Jid(key, 's.whatsapp.net'), new Jid(decoder.decode(value), 'lid'))
    }),
    last(),
    map(() => directory),
  )
}

const decoder = new TextDecoder()
const NOTHING: readonly Write[] = []

/** An empty directory. */
export const createLidDirectory = (): LidDirectory => {
  const lidByNumber = new Map<string, Jid>()
  const numberByLid = new Map<string, Jid>()

  const lidOf = (phoneNumber: Jid): Jid | undefined => lidByNumber.get(phoneNumber.user)
  const phoneNumberOf = (lid: Jid): Jid | undefined => numberByLid.get(lid.user)
  const alternate = (jid: Jid): Jid | undefined => {
    const other = isLid(jid) ? phoneNumberOf(jid) : isPhoneNumber(jid) ? lidOf(jid) : undefined
    return other && withDevice(other, jid.device)
  }

  return {
    lidOf,
    phoneNumberOf,
    lids: () => numberByLid.keys(),
    alternate,
    canonical: (jid) => (isPhoneNumber(jid) ? (alternate(jid) ?? jid) : jid),
    learn: (one, other) => {
      if (!one || !other) return NOTHING
      const lid = isLid(one) ? one : other
      const phoneNumber = lid === one ? other : one
      if (!isLid(lid) || !isPhoneNumber(phoneNumber) || lid.user === '' || phoneNumber.user === '') return NOTHING
      const known = lidByNumber.get(phoneNumber.user)
      if (known?.user === lid.user) return NOTHING
      // A number that moved to another LID leaves nothing of its old one behind.
      if (known) numberByLid.delete(known.user)
      // Nor does a LID that moved to another number.
      const before = numberByLid.get(lid.user)
      if (before) lidByNumber.delete(before.user)
      lidByNumber.set(phoneNumber.user, new Jid(lid.user, 'lid'))
      numberByLid.set(lid.user, new Jid(phoneNumber.user, 's.whatsapp.net'))
      return [
        ...(before ? [{ table: 'lid_mappings', key: before.user, value: undefined } as const] : []),
        { table: 'lid_mappings', key: phoneNumber.user, value: utf8(lid.user) },
      ]
    },
  }
}
