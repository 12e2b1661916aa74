import { catchError, concat, concatMap, defer, EMPTY, filter, finalize, ignoreElements, map, of, throwError, type Observable } from 'rxjs'

import { equalBytes } from '../bytes/bytes.ts'
import { ServerRefused, RequestTimedOut } from '../errors/request-errors.ts'
import { NoDeviceReachable } from '../errors/send-errors.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { verifyDeviceIdentity } from '../pairing/device-identity.ts'
import { ackOf } from '../pipeline/answers.ts'
import { concatMapBy } from '../reactive/concat-map-by.ts'
import type { Departed, Departure } from '../pipeline/outbox.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isOwn } from '../pipeline/read-source.ts'
import type { RetryRequest } from '../pipeline/read-retry-request.ts'
import { addressOf, type SessionLoan } from '../pipeline/session-pool.ts'
import { startSession } from '../signal/x3dh.ts'
import { isBroadcast, isGroup, sameUser, userOf, withDevice } from '../stanza/jid.ts'
import { redactJid } from '../stanza/redact.ts'
import { stanza, type AttributeInput, type Stanza } from '../stanza/stanza.ts'
import { encryptCopies, readyDevices, requireSome } from './encrypt-for-devices.ts'
import { wrapForOwn } from './encrypt-draft.ts'
import type { Live } from './live.ts'
import { trustNode } from './message-extras.ts'
import type { Settings } from './options.ts'
import { createRetryBook, type RetryBook } from './retry-book.ts'

/** What answering needs. */
export interface AnswerRetriesParts {
  readonly live: Live
  readonly settings: Pick<Settings, 'scheduler' | 'logger'>
}

/**
 * Sends messages again to devices that could not read them, after mending the session with them (protocol
 * document 06, section 8). A request is acknowledged when it was dealt with, so that a crash in between
 * makes the server repeat it. Bounded per message and device; one at a time for each device.
 */
export const answerRetries = ({ live, settings }: AnswerRetriesParts, handled$: Observable<Parsed>): Observable<never> =>
  defer(() => {
    const book = createRetryBook(settings.scheduler)
    return handled$.pipe(
      filter((parsed): parsed is Parsed & { readonly retryRequest: RetryRequest } => parsed.retryRequest !== undefined),
      concatMapBy(
        ({ retryRequest }) => retryRequest.requester.toString(),
        ({ stanza: receipt, retryRequest }) =>
          concat(
            answer(live, retryRequest, book).pipe(
              catchError((error: unknown) => {
                // The device asks again, with fresh keys, or its user sees that something is missing.
                if (!isHarmless(error)) return throwError(() => error)
                settings.logger?.debug({ device: redactJid(retryRequest.requester), code: error.code }, 'a message could not be sent again')
                return EMPTY
              }),
            ),
            live.write(ackOf(receipt)),
          ),
      ),
      ignoreElements(),
    )
  })

type Harmless = SignalFailed | NoDeviceReachable | ServerRefused | RequestTimedOut

/** Errors that concern this one answer only. */
const isHarmless = (error: unknown): error is Harmless =>
  error instanceof SignalFailed || error instanceof NoDeviceReachable || error instanceof ServerRefused || error instanceof RequestTimedOut

const answer = (live: Live, request: RetryRequest, book: RetryBook): Observable<never> => {
  const { session } = live
  const { requester } = request
  if (isBroadcast(request.chat) || !book.allows(request)) return EMPTY
  const isOwnDevice = isOwn(session.link(), requester)
  return findContent(live, request).pipe(
    concatMap((found) => (found ? findPlace(live, request).pipe(map((place) => place && { ...found, ...place })) : of(undefined))),
    concatMap((found) => {
      if (!found) return EMPTY
      return isDeviceKnown(live, request).pipe(
        concatMap((isKnown) => (isKnown || request.keys ? mend(live, request, isOwnDevice, book).pipe(map(() => found)) : EMPTY)),
      )
    }),
    concatMap(({ content, stanzaType, attributes }) => {
      const payload = isOwnDevice ? wrapForOwn(live, request.chat, session.messageCodec.decode(content)) : content
      return readyDevices(live, [requester]).pipe(
        concatMap((ready) =>
          encryptCopies(live, [{ device: requester, payload }], ready).pipe(
            concatMap((encrypted) => {
              requireSome(encrypted.copies.length, encrypted, 1)
              const [copy] = encrypted.copies
              const resend = stanza('message', { ...attributes, id: request.id, type: stanzaType }, [
                stanza('enc', { v: '2', type: copy!.type, count: request.count }, copy!.ciphertext),
                copy!.type === 'pkmsg' ? stanza('device-identity', {}, session.link().signedIdentity) : undefined,
                isOwnDevice ? undefined : trustNode(live, request.chat),
              ])
              const durable$ = session.commit(ready.loan.writes())
              ready.loan.keep()
              return durable$.pipe(map(() => resend))
            }),
            // Does nothing when the loan was kept.
            finalize(ready.loan.release),
          ),
        ),
      )
    }),
    concatMap((resend: Stanza) => live.write(resend)),
  )
}

const isSamePerson = ({ session }: Live, one: RetryRequest['chat'], other: RetryRequest['chat']): boolean =>
  sameUser(session.directory.canonical(one), session.directory.canonical(other))

interface Found {
  readonly content: Uint8Array
  readonly stanzaType: string
}

/** The message, if it is remembered and went to the chat the device speaks of. */
const findContent = (live: Live, { id, chat }: RetryRequest): Observable<Found | undefined> => {
  const { outbox } = live.session
  const waiting = outbox.find(id)
  const kept$: Observable<Departure | Departed | undefined> = waiting ? of(waiting) : outbox.departed(id)
  return kept$.pipe(
    map((kept) => (kept?.content && isSamePerson(live, kept.chat, chat) ? { content: kept.content, stanzaType: kept.stanzaType } : undefined)),
  )
}

interface Where {
  /** How the stanza is addressed. */
  readonly attributes: AttributeInput
}

/**
 * How the device is reached, if the message was for it at all: a direct chat's devices and our own by
 * themselves, a device of a group's member through the group (protocol document 06, section 8.4). The
 * group's key is not sent along; the device was unmarked, so the next message brings it.
 */
const findPlace = (live: Live, { chat, requester }: RetryRequest): Observable<Where | undefined> => {
  const { link, groups } = live.session
  const isOwnDevice = isOwn(link(), requester)
  if (!isGroup(chat)) {
    if (isOwnDevice) return of({ attributes: { to: requester, recipient: chat } })
    return of(isSamePerson(live, requester, chat) ? { attributes: { to: requester } } : undefined)
  }
  return groups.known(chat).pipe(
    map((group) => {
      if (!group || !(isOwnDevice || group.members.some((member) => isSamePerson(live, member, requester)))) return undefined
      return { attributes: { to: chat, participant: requester, addressing_mode: group.addressingMode } }
    }),
  )
}

/** A device we never heard of: its user's list is asked for again with the next message. */
const isDeviceKnown = ({ session }: Live, { requester }: RetryRequest): Observable<boolean> => {
  const user = userOf(requester)
  return session.devices.known([user]).pipe(
    concatMap(([devices]) => {
      if (requester.device === 0 || !devices || devices.some(({ device }) => device === requester.device)) return of(true)
      return session.forgetDevices(user).pipe(map(() => false))
    }),
  )
}

/** Makes the session one the device can read with; emits once that is durable. */
const mend = ({ session }: Live, request: RetryRequest, isOwnDevice: boolean, book: RetryBook): Observable<unknown> => {
  const { pool, directory, commit } = session
  const address = addressOf(directory.canonical(request.requester))
  const phone = addressOf(directory.canonical(withDevice(request.requester, 0)))
  return pool.borrow([address, phone]).pipe(
    concatMap((loan) => {
      try {
        if (request.keys) install(request, { address, phone, isOwnDevice, loan }, session.account())
        else discard(request, address, loan, book)
        const durable$ = commit(loan.writes())
        loan.keep()
        return durable$
      } finally {
        loan.release()
      }
    }),
  )
}

interface Place {
  readonly address: string
  readonly phone: string
  readonly isOwnDevice: boolean
  readonly loan: SessionLoan
}

/** Begins a session from the keys the device sent. @throws SignalFailed when they do not prove themselves */
const install = (
  { keys, requester, registrationId }: RetryRequest,
  { address, phone, isOwnDevice, loan }: Place,
  local: Parameters<typeof startSession>[2],
): void => {
  const { bundle, deviceIdentity } = keys!
  const { session } = loan.peer(address)
  if (!bundle.oneTimePrekey || registrationId === 0) throw new SignalFailed('malformed')
  // A device of ours does not change its number; somebody who claims so is not it.
  if (isOwnDevice && session && session.current.remoteRegistrationId !== registrationId) throw new SignalFailed('untrusted_identity')
  if (requester.device !== 0 && (!deviceIdentity || verifyDeviceIdentity(deviceIdentity, bundle.identity, loan.peer(phone).identity) !== 'valid'))
    throw new SignalFailed('untrusted_identity')
  loan.put(address, { session: startSession(session, bundle, local), identity: bundle.identity })
}

/** Gives a session up that evidently does not work, so that the next one is made from fresh keys of the server. */
const discard = ({ id, count, registrationId, requester }: RetryRequest, address: string, loan: SessionLoan, book: RetryBook): void => {
  const { session } = loan.peer(address)
  if (!session) return
  const { aliceBaseKey, remoteRegistrationId } = session.current
  const seen = book.baseKeyOf(address, id)
  const isStuck = count > 2 && seen !== undefined && equalBytes(seen, aliceBaseKey)
  if (count === 2) book.rememberBaseKey(address, id, aliceBaseKey)
  else if (seen !== undefined && !isStuck) book.forgetBaseKey(address, id)
  if (remoteRegistrationId !== registrationId || isStuck || (count >= 2 && book.mayRecreate(requester))) loan.put(address, { session: undefined })
}
