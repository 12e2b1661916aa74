import type { Observable } from 'rxjs'

import type { Departure } from '../pipeline/outbox.ts'
import { isUsable, type FanOut, type Reader } from '../pipeline/fan-out.ts'
import { joinLoans } from '../pipeline/loan.ts'
import type { Release } from '../pipeline/keyed-locks.ts'
import type { OwnGroupKey, OwnKeyLoan } from '../pipeline/own-sender-keys.ts'
import { createSenderKey, distributionMessage, encryptForGroup, type OwnSenderKey } from '../signal/own-sender-key.ts'
import { pad } from '../signal/padding.ts'
import { atOnce, followedBy, mapped, whichEnds } from '../reactive/at-once.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import type { Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import { copiesIn, givenOver, NOBODY_MISSED, type EncryptedDraft, type ForMissed, type Prepared } from './encrypt-draft.ts'
import { encryptCopies, NOBODY_READY, readyDevices, type Encrypted, type EncryptedCopy, type ReadyDevices } from './encrypt-for-devices.ts'
import { findFanOut } from './find-fan-out.ts'
import type { Live } from './live.ts'
import { groupExtras } from './message-extras.ts'

/**
 * Encrypts a draft once for a whole group, gives our key to the devices that lack it, and puts both into the
 * outbox: ratchets, key, who has it and the finished stanza in one transaction (protocol document 05,
 * section 7). One message of a group after the other, so that two never give out the key twice.
 */
export const encryptGroupDraft = (live: Live, draft: Prepared): Observable<EncryptedDraft> => encryptForMany(live, draft, groupWay)

/**
 * A message that is out already, once more under its id for devices of readers that were not known then: our key for
 * them, and the message under a later key of its chain (protocol document 05, section 7.5). Emits undefined when
 * everybody had our key.
 */
export const encryptForMissedReaders = (live: Live, draft: Prepared, way: WayToMany): Observable<ForMissed | undefined> =>
  followedBy(way.find(live, draft), ({ readers }) =>
    followedBy(live.session.ownKeys.holders(draft.chat), (holders): Observable<ForMissed | undefined> => {
      if (readers.every(({ name }) => holders.has(name))) return NOBODY_MISSED
      return mapped(encryptForMany(live, draft, way), ({ departure: { outgoing } }) => ({ outgoing, copies: copiesIn(decodeStanza(outgoing)) }))
    }),
  )

/** The same for members of a group. */
export const encryptForMissedMembers = (live: Live, draft: Prepared): Observable<ForMissed | undefined> => encryptForMissedReaders(live, draft, groupWay)

/** How a kind of chat with many readers is written to. */
export interface WayToMany {
  readonly find: (live: Live, draft: Prepared) => Observable<FanOut>
  /** Whether the readers are still the same, after keys were fetched. */
  readonly isCurrent: (live: Live, draft: Prepared, fanOut: FanOut) => boolean
  readonly toStanza: (live: Live, draft: Prepared, fanOut: FanOut, copies: readonly EncryptedCopy[], forAll: ForAll) => Stanza
}

/** The same for any chat with many readers and a key of ours. */
export const encryptForMany = (live: Live, draft: Prepared, way: WayToMany): Observable<EncryptedDraft> =>
  followedBy(live.session.chatLanes.acquire([draft.chat.toString()]), (release) => whichEnds(() => attempt(live, draft, way, release), release))

const attempt = (live: Live, draft: Prepared, way: WayToMany, release: Release): Observable<EncryptedDraft> => {
  const { ownKeys } = live.session
  return followedBy(way.find(live, draft), (fanOut) =>
    followedBy(ownKeys.look(draft.chat), (current) => {
      const lacking = fanOut.judge(usableOf(fanOut, current)?.marks ?? NOBODY).lacking
      return followedBy(whenReady(live, lacking), (ready) =>
        whichEnds(
          () => followedBy(ownKeys.borrow(draft.chat), (key) => encryptWith(live, draft, way, { fanOut, ready, key, prepared: lacking, release })),
          // Also when nobody waits for our key any more.
          ready.loan.release,
        ),
      )
    }),
  )
}

const NOBODY: ReadonlySet<string> = new Set()

/** Our key if it may be used on; without it a new one is made and given to everybody. */
const usableOf = (fanOut: FanOut, current: OwnGroupKey | undefined): OwnGroupKey | undefined => (current && isUsable(fanOut, current) ? current : undefined)

/** Nobody to give the key to: no ratchet is touched. */
const whenReady = (live: Live, lacking: readonly Reader[]): Observable<ReadyDevices> =>
  lacking.length === 0 ? atOnce(NOBODY_READY) : readyDevices(live, lacking.map(({ device }) => device))

interface Parts {
  readonly fanOut: FanOut
  readonly ready: ReadyDevices
  readonly key: OwnKeyLoan
  /** Whose ratchets are on loan. */
  readonly prepared: readonly Reader[]
  /** Lets the next message of the chat begin. */
  readonly release: Release
}

const encryptWith = (live: Live, draft: Prepared, way: WayToMany, { fanOut, ready, key: keyLoan, prepared, release }: Parts): Observable<EncryptedDraft> => {
  const { session } = live
  const { chat, message } = draft
  const loan = joinLoans(ready.loan, keyLoan)
  const encryptAll = (): Observable<EncryptedDraft> => {
    const { key, marks } = usableOf(fanOut, keyLoan.current) ?? { key: createSenderKey(), marks: NOBODY }
    const { lacking } = fanOut.judge(marks)
    const isPrepared = new Set(prepared)
    // Somebody came or went, or asked for the key, while keys were fetched.
    if (!way.isCurrent(live, draft, fanOut) || !lacking.every((reader) => isPrepared.has(reader))) {
      loan.release()
      return attempt(live, draft, way, release)
    }
    return followedBy(giveKey(live, chat, key, lacking, ready), (encrypted) => {
      const content = session.messageCodec.encode(message)
      const { key: next, ciphertext } = encryptForGroup(key, pad(content))
      keyLoan.put({ key: next, marks: lacking.length === 0 ? marks : withGiven(marks, lacking, encrypted) })
      const outgoing = encodeStanza(way.toStanza(live, draft, fanOut, encrypted.copies, { ciphertext, content }))
      const departure: Departure = { id: draft.id, chat, stanzaType: draft.stanzaType, outgoing, content, ...(draft.audience?.setting && { audience: draft.audience.setting }) }
      const durable$ = session.commit([...loan.writes(), session.outbox.put(departure)])
      loan.keep()
      const { skipped } = encrypted
      return mapped(givenOver(durable$, release), () => ({ devices: fanOut.readers.length - skipped.length, skipped, departure }))
    })
  }
  // Does nothing when the loan was kept.
  return whichEnds(encryptAll, loan.release)
}

/** Encrypts our key for each device that lacks it. */
const giveKey = (live: Live, chat: Jid, key: OwnSenderKey, lacking: readonly Reader[], ready: ReadyDevices): Observable<Encrypted> => {
  if (lacking.length === 0) return NOBODY_LACKS
  const payload = live.session.messageCodec.encode({
    senderKeyDistributionMessage: { groupId: chat.toString(), axolotlSenderKeyDistributionMessage: distributionMessage(key) },
  })
  return encryptCopies(live, lacking.map(({ device }) => ({ device, payload })), ready)
}

const NOBODY_LACKS = atOnce<Encrypted>({ copies: [], skipped: [] })

/**
 * Linked devices count as served even if that failed, they ask when they miss something; a phone counts only
 * if it was (protocol document 05, section 7.3).
 */
const withGiven = (marks: ReadonlySet<string>, lacking: readonly Reader[], { skipped }: Encrypted): ReadonlySet<string> => {
  const missed = new Set(skipped.map(({ device }) => device.toString()))
  const given = lacking.filter(({ name, phone }) => name !== phone || !missed.has(name))
  return new Set([...marks, ...given.map(({ name }) => name)])
}

/** A message encrypted for all who have our key, and what is in it. */
export interface ForAll {
  readonly ciphertext: Uint8Array
  readonly content: Uint8Array
}

const groupWay: WayToMany = {
  find: (live, { chat }) => findFanOut(live, chat),
  isCurrent: ({ session }, { chat }, { group }) => session.groups.present(chat) === group,
  toStanza: (live, draft, fanOut, copies, forAll) => groupStanza(live, draft, fanOut, copies, forAll),
}

const groupStanza = (
  live: Live,
  { chat, id, stanzaType, message }: Prepared,
  { group, hash }: FanOut,
  copies: readonly EncryptedCopy[],
  { ciphertext, content }: ForAll,
): Stanza => {
  const { signedIdentity, id: number, lid } = live.session.link()
  return stanza('message', { to: chat, id, type: stanzaType, addressing_mode: group.addressingMode, phash: hash }, [
    copies.length === 0 ? undefined : stanza('participants', {}, copies.map(toStanza)),
    copies.some(({ type }) => type === 'pkmsg') ? stanza('device-identity', {}, signedIdentity) : undefined,
    stanza('enc', { v: '2', type: 'skmsg' }, ciphertext),
    groupExtras({ message, id }, group.addressingMode === 'lid' ? lid : number, chat, content),
  ])
}

/** A copy for one device, as a child of `participants`. */
export const toStanza = ({ device, type, ciphertext }: EncryptedCopy): Stanza => stanza('to', { jid: device }, [stanza('enc', { v: '2', type }, ciphertext)])
