import { concatMap, map, of, type Observable } from 'rxjs'

import type { AccountLink } from '../account/account.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { readKeyIndexList, type KeyIndexes } from '../pairing/device-identity.ts'
import type { Write } from '../store/store.ts'
import { STATUS, userOf, withDevice, type Jid } from '../stanza/jid.ts'
import { participantHash } from '../stanza/participant-hash.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { FindByContactHash } from './contact-hashes.ts'
import type { DeviceDirectory } from './device-directory.ts'
import type { DeviceList } from './device-list.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { Loan } from './loan.ts'
import type { OwnSenderKeys } from './own-sender-keys.ts'
import { listOfDevices, withDevices, withoutDevices } from './patch-device-list.ts'
import { readDeviceNews, type DeviceNews } from './read-device-news.ts'
import { readIdentityNews } from './read-identity-news.ts'
import { isOwn } from './read-source.ts'
import { readPrivacyTokens } from './read-privacy-tokens.ts'
import type { TokenShelf } from './token-shelf.ts'
import { addressOf, type SessionLoan, type SessionPool } from './session-pool.ts'

/** What a notification about people came to. */
export interface Followed {
  /** What to store with its acknowledgement. */
  readonly writes: readonly Write[]
  /** Ratchets that were put away; kept by whoever commits. */
  readonly loan?: Loan
  /** What to tell, where the notification alone does not say. */
  readonly events?: readonly WaEvent[]
}

/** Keeps devices and sessions right by what the server says about people. */
export interface PeopleFollower {
  /** Undefined for a stanza that is about something else. Emits once, with ratchets on loan. */
  readonly follow: (stanza: Stanza) => Observable<Followed> | undefined
}

/** What following needs. */
export interface PeopleFollowerParts {
  readonly link: () => AccountLink
  readonly directory: LidDirectory
  readonly devices: DeviceDirectory
  readonly pool: SessionPool
  readonly ownKeys: Pick<OwnSenderKeys, 'unmarkPeople' | 'retire'>
  readonly tokens: Pick<TokenShelf, 'take'>
  readonly findByHash: FindByContactHash
  readonly nowMs: () => number
}

/**
 * Follows changes of device lists and identities (protocol document 11, sections 5 to 7): lists are patched,
 * so that the next message needs no question; sessions of devices that went are put away.
 */
export const createPeopleFollower = (parts: PeopleFollowerParts): PeopleFollower => ({
  follow: (stanza) => {
    if (stanza.tag !== 'notification') return undefined
    switch (stanza.attrs['type']) {
      case 'encrypt': {
        const reading = readIdentityNews(stanza, parts.link)
        return reading.kind === 'news' ? followIdentity(parts, reading.event) : undefined
      }
      case 'devices':
      case 'account_sync': {
        const reading = readDeviceNews(stanza, parts.link)
        return reading.kind === 'news' ? followDevices(parts, reading.news) : undefined
      }
      case 'privacy_token': {
        const reading = readPrivacyTokens(stanza)
        return reading.kind === 'news' ? of({ writes: reading.tokens.flatMap(({ token, atSeconds }) => parts.tokens.take(reading.person, token, atSeconds)) }) : undefined
      }
      default:
        return undefined
    }
  },
})

const NOTHING: readonly Write[] = []

const followDevices = (parts: PeopleFollowerParts, news: DeviceNews): Observable<Followed> => {
  const { directory, devices, findByHash, link } = parts
  if (news.kind === 'own') return followOwn(parts, news)
  const learnt = directory.learn(news.user, news.lid)
  if (news.kind === 'outdated') {
    const contact = findByHash(news.contactHash)
    return of({ writes: [...learnt, ...(contact ? devices.forget(formsOf(directory, contact)) : NOTHING)] })
  }
  const forms = formsOf(directory, news.user)
  return knownIndexes(parts, news.user, news.signedList).pipe(
    concatMap(({ indexes, isForged }) =>
      devices.lists(forms).pipe(
        concatMap((lists) => {
          // A list nobody asked for yet, or that is to be asked for anyway, is not made up from a change.
          if (lists.every((list) => !list || list.isOutdated)) return of({ writes: learnt })
          if (isForged) return of({ writes: [...learnt, ...devices.forget(forms)] })
          const next = lists.map((list) => list && (news.kind === 'added' ? withDevices(list, news.devices, indexes) : withoutDevices(list, news.devices)))
          const writes = next.flatMap((list, index) => {
            if (!list || list.isOutdated) return []
            return isAsHashed(list, forms, [news.hash, news.lidHash]) ? devices.put(forms[index]!, list) : devices.forget([forms[index]!])
          })
          const gone = goneFrom(lists, next).filter((id) => !isOwn(link(), news.user) || id !== link().id.device)
          return putAway(parts, addressesOf(forms, gone)).pipe(map((loan) => ({ writes: [...learnt, ...writes], loan })))
        }),
      ),
    ),
  )
}

const followOwn = (parts: PeopleFollowerParts, { devices: named, signedList }: DeviceNews & { readonly kind: 'own' }): Observable<Followed> => {
  const { devices, link, nowMs } = parts
  const { id, lid } = link()
  const forms = [userOf(lid), userOf(id)]
  return knownIndexes(parts, lid, signedList).pipe(
    concatMap(({ indexes, isForged }) => {
      if (isForged) return of({ writes: devices.forget(forms) })
      return devices.lists(forms).pipe(
        concatMap((lists) => {
          const list = listOfDevices(named, indexes, nowMs())
          const rawId = list.rawId ?? lists.find((kept) => kept?.rawId !== undefined)?.rawId
          const writes = forms.flatMap((form) => devices.put(form, { ...list, rawId }))
          // We have no session with ourselves, whatever a list says about us.
          const gone = goneFrom(lists, [list, list]).filter((device) => device !== id.device)
          return putAway(parts, addressesOf(forms, gone)).pipe(map((loan) => ({ writes, loan })))
        }),
      )
    }),
  )
}

/** Both addresses of a person, as far as they are known. */
export const formsOf = (directory: Pick<LidDirectory, 'alternate'>, user: Jid): readonly Jid[] => {
  const bare = userOf(user)
  const alternate = directory.alternate(bare)
  return alternate ? [bare, alternate] : [bare]
}

/** What a signed list says, checked against the identity of the phone as far as we know it. */
const knownIndexes = (
  { pool, directory }: PeopleFollowerParts,
  user: Jid,
  signedList: Uint8Array | undefined,
): Observable<{ readonly indexes: KeyIndexes | undefined; readonly isForged: boolean }> =>
  signedList
    ? pool.identities([addressOf(withDevice(directory.canonical(user), 0))]).pipe(
        map(([identity]) => {
          const indexes = readKeyIndexList(signedList, identity)
          return { indexes, isForged: indexes === undefined }
        }),
      )
    : of({ indexes: undefined, isForged: false })

/** Whether a list is the one the server means; it names it under either address, or not at all. */
const isAsHashed = ({ ids }: DeviceList, forms: readonly Jid[], hashes: ReadonlyArray<string | undefined>): boolean => {
  const told = hashes.filter((hash) => hash !== undefined)
  if (told.length === 0) return true
  const own = forms.map((form) => participantHash(ids.map((id) => withDevice(form, id))))
  return told.some((hash) => own.includes(hash))
}

/** Linked devices that were in a list and are no more. */
const goneFrom = (before: ReadonlyArray<DeviceList | undefined>, after: ReadonlyArray<DeviceList | undefined>): readonly number[] => [
  ...new Set(before.flatMap((list, index) => list?.ids.filter((id) => id !== 0 && !after[index]?.ids.includes(id)) ?? [])),
]

/** Devices of a person under all of their addresses. */
export const addressesOf = (forms: readonly Jid[], ids: readonly number[]): readonly string[] =>
  forms.flatMap((form) => ids.map((id) => addressOf(withDevice(form, id))))

const GONE = { session: undefined, identity: undefined }

/** Sessions with devices that are there no more. */
const putAway = ({ pool }: PeopleFollowerParts, addresses: readonly string[]): Observable<SessionLoan> =>
  pool.borrow(addresses).pipe(
    map((loan) => {
      for (const address of addresses) loan.put(address, GONE)
      return loan
    }),
  )

/**
 * Somebody has a new phone: their linked devices are gone and asked for again, the old identity and what was
 * begun with it are put away, and our keys for groups are given to them again. Told only when there was an
 * old identity (protocol document 11, section 5, steps 2 to 4 and 6).
 */
const followIdentity = (parts: PeopleFollowerParts, event: WaEvent & { readonly type: 'identity_change' }): Observable<Followed> => {
  const { directory, devices, pool, ownKeys } = parts
  const learnt = directory.learn(event.user, event.lidUser)
  const lidUser = event.lidUser ?? directory.lidOf(event.user)
  const told = lidUser ? { ...event, lidUser } : event
  const forms = [...new Map([...formsOf(directory, event.user), ...(lidUser ? formsOf(directory, lidUser) : [])].map((form) => [form.toString(), form])).values()]
  return devices.lists(forms).pipe(
    concatMap((lists) => {
      const phones = addressesOf(forms, [0])
      const linked = addressesOf(forms, goneFrom(lists, []))
      return pool.borrow([...phones, ...linked]).pipe(
        map((loan): Followed => {
          const isKnown = phones.some((address) => loan.peer(address).identity !== undefined)
          for (const address of isKnown ? [...phones, ...linked] : linked) loan.put(address, GONE)
          ownKeys.unmarkPeople(forms)
          const writes = [...learnt, ...devices.forget(forms), ...(isKnown ? ownKeys.retire(STATUS) : NOTHING)]
          return { writes, loan, events: isKnown ? [told] : [] }
        }),
      )
    }),
  )
}
