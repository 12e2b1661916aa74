import { Observable } from 'rxjs'

import { randomBytes } from '#crypto'
import type { Release } from '../pipeline/keyed-locks.ts'
import type { Departure } from '../pipeline/outbox.ts'
import { withSecretAndToken } from '../pipeline/reporting-token.ts'
import type { Message } from '../proto/types.generated.ts'
import { atOnce, followedBy, mapped, valueOf, whichEnds } from '../reactive/at-once.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { sameJid, sameUser, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { encryptCopies, readyDevices, requireSome, type Copy, type Encrypted, type EncryptedCopy, type ReadyDevices } from './encrypt-for-devices.ts'
import { findDevices, type Recipients } from './find-devices.ts'
import type { Audience } from './audience.ts'
import type { Live } from './live.ts'
import { directExtras } from './message-extras.ts'
import type { DeviceOutcome, SendGoal } from './send-progress.ts'

/** What is sent, to whom. */
export interface Draft {
  readonly chat: Jid
  readonly message: Message
  /** `text`, `media`, `reaction` … (protocol document 05, section 4.1). */
  readonly stanzaType: string
  readonly id?: string
  readonly until?: SendGoal | undefined
  /** Who may read a status post. */
  readonly audience?: Audience | undefined
}

/** A draft with everything that stays the same however often it is tried. */
export type Prepared = Draft & { readonly id: string }

/** A draft that was encrypted, durable together with its ratchets. */
export interface EncryptedDraft {
  /** How many devices can read it. */
  readonly devices: number
  readonly skipped: readonly DeviceOutcome[]
  readonly departure: Departure
}

/** Later edits, votes, reactions and reports are bound to this secret (protocol document 05, section 5.1). */
export const withSecret = (message: Message): Message => withSecretAndToken(message, () => randomBytes(32))

/** Encrypts a draft for all devices of a person and our own others, and puts it into the outbox, in one transaction with the ratchets. */
export const encryptDirectDraft = (live: Live, draft: Prepared): Observable<EncryptedDraft> => {
  const { chatLanes, directory } = live.session
  return followedBy(chatLanes.acquire([directory.canonical(userOf(draft.chat)).toString()]), (release) => whichEnds(() => encryptInTurn(live, draft, release), release))
}

const encryptInTurn = (live: Live, draft: Prepared, release: Release): Observable<EncryptedDraft> =>
  followedBy(findDevices(live, draft.chat), (recipients) => {
    const content = live.session.messageCodec.encode(draft.message)
    const copies: readonly Copy[] = [
      ...recipients.devices.map((device) => ({ device, payload: content })),
      ...copiesForOwn(live, draft, recipients.to, recipients.ownDevices),
    ]
    return followedBy(readyDevices(live, copies.map(({ device }) => device)), (ready) =>
      whichEnds(
        () => followedBy(encryptCopies(live, copies, ready), (encrypted) => putIntoOutbox(live, { draft, content, recipients, ready, encrypted }, release)),
        // Does nothing when the loan was kept.
        ready.loan.release,
      ),
    )
  })

interface Finished {
  readonly draft: Prepared
  readonly content: Uint8Array
  readonly recipients: Recipients
  readonly ready: ReadyDevices
  readonly encrypted: Encrypted
}

const putIntoOutbox = (live: Live, { draft, content, recipients: { to, peerPn, devices }, ready, encrypted }: Finished, release: Release): Observable<EncryptedDraft> => {
  // Own devices may fail; the recipient's must not all do.
  requireSome(encrypted.copies.filter(({ device }) => sameUser(device, to)).length, encrypted, devices.length)
  const outgoing = encodeStanza(messageStanza(live, draft, to, peerPn, encrypted.copies, directExtras(live, draft, to, content)))
  const departure: Departure = { id: draft.id, chat: draft.chat, stanzaType: draft.stanzaType, outgoing, content }
  const durable$ = live.session.commit([...ready.loan.writes(), live.session.outbox.put(departure)])
  ready.loan.keep()
  return mapped(givenOver(durable$, release), () => ({ devices: encrypted.copies.length, skipped: encrypted.skipped, departure }))
}

/**
 * Lets the next message of a chat begin while this one becomes durable, so that many share a transaction: what was
 * handed to the queue first is told first.
 */
export const givenOver = (durable$: Observable<void>, release: Release): Observable<void> =>
  valueOf(durable$)
    ? durable$
    : new Observable((subscriber) => {
        const waiting = durable$.subscribe(subscriber)
        release()
        return waiting
      })

/** A message for those it went past. */
export interface ForMissed {
  /** The encoded stanza. */
  readonly outgoing: Uint8Array
  readonly copies: ReadonlyArray<Pick<EncryptedCopy, 'device' | 'type'>>
}

/**
 * Encrypts a message that is out already for devices it went past, as a stanza of its own under the same id
 * (protocol document 05, section 7.4); emits it when the ratchets are durable, or undefined when there is nobody to
 * write to.
 *
 * @param sent the encoded stanza that went past them
 */
export const encryptForMissed = (live: Live, draft: Prepared, sent: Uint8Array): Observable<ForMissed | undefined> => {
  const served = copiesIn(decodeStanza(sent))
  const isMissed = ({ device }: Copy): boolean => !served.some((copy) => sameJid(copy.device, device))
  return followedBy(findDevices(live, draft.chat), ({ to, peerPn, devices, ownDevices }): Observable<ForMissed | undefined> => {
    const content = live.session.messageCodec.encode(draft.message)
    const copies = [...devices.map((device) => ({ device, payload: content })), ...copiesForOwn(live, draft, to, ownDevices)].filter(isMissed)
    if (copies.length === 0) return NOBODY_MISSED
    return followedBy(readyDevices(live, copies.map(({ device }) => device)), (ready) =>
      whichEnds(
        () =>
          followedBy(encryptCopies(live, copies, ready), (encrypted): Observable<ForMissed | undefined> => {
            if (encrypted.copies.length === 0) return NOBODY_MISSED
            const outgoing = encodeStanza(messageStanza(live, draft, to, peerPn, encrypted.copies, directExtras(live, draft, to, content)))
            const durable$ = live.session.commit(ready.loan.writes())
            ready.loan.keep()
            return mapped(durable$, () => ({ outgoing, copies: encrypted.copies }))
          }),
        ready.loan.release,
      ),
    )
  })
}

/** Everybody has it. */
export const NOBODY_MISSED = atOnce<ForMissed | undefined>(undefined)

/** The copies for single devices in a finished stanza. */
export const copiesIn = (message: Stanza): ForMissed['copies'] =>
  childrenOf(message, 'participants')
    .flatMap((participants) => childrenOf(participants, 'to'))
    .flatMap((to) => {
      const device = attributesOf(to).optionalJid('jid')
      const isFirst = childrenOf(to, 'enc').some(({ attrs }) => attrs['type'] === 'pkmsg')
      return device ? [{ device, type: isFirst ? ('pkmsg' as const) : ('msg' as const) }] : []
    })

const copiesForOwn = (live: Live, { message }: Prepared, to: Jid, ownDevices: readonly Jid[]): readonly Copy[] => {
  if (ownDevices.length === 0) return []
  const payload = wrapForOwn(live, to, message)
  return ownDevices.map((device) => ({ device, payload }))
}

/** What our own other devices get: the message wrapped with where it went (protocol document 05, section 5.3). */
export const wrapForOwn = ({ session }: Live, to: Jid, { messageContextInfo, ...content }: Message): Uint8Array =>
  session.messageCodec.encode({
    deviceSentMessage: { destinationJid: to.toString(), message: content },
    ...(messageContextInfo && { messageContextInfo }),
  })

const messageStanza = (
  live: Live,
  { id, stanzaType }: Prepared,
  to: Jid,
  peerPn: Jid | undefined,
  copies: readonly EncryptedCopy[],
  extras: ReadonlyArray<Stanza | undefined>,
): Stanza => {
  const { signedIdentity } = live.session.link()
  const isFirst = copies.some(({ type }) => type === 'pkmsg')
  return stanza('message', { to, id, type: stanzaType, peer_recipient_pn: peerPn }, [
    stanza(
      'participants',
      {},
      copies.map(({ device, type, ciphertext }) => stanza('to', { jid: device }, [stanza('enc', { v: '2', type }, ciphertext)])),
    ),
    isFirst ? stanza('device-identity', {}, signedIdentity) : undefined,
    ...extras,
  ])
}
