import { catchError, concat, concatMap, defer, EMPTY, filter, ignoreElements, map, of, throwError, timer, type Observable } from 'rxjs'

import { equalBytes } from '../bytes/bytes.ts'
import { ServerRefused, RequestTimedOut } from '../errors/request-errors.ts'
import { NoDeviceReachable } from '../errors/send-errors.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { verifyDeviceIdentity } from '../pairing/device-identity.ts'
import type { ExplanationFact, RetryRefusal } from '../events/explanation.ts'
import { ackOf } from '../pipeline/answers.ts'
import type { ExplanationBook } from '../pipeline/explanation-book.ts'
import type { Departed, Departure } from '../pipeline/outbox.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isOwn } from '../pipeline/read-source.ts'
import type { RetryRequest } from '../pipeline/read-retry-request.ts'
import { addressOf, type SessionLoan } from '../pipeline/session-pool.ts'
import { followedBy, mapped, whichEnds } from '../reactive/at-once.ts'
import { concatMapBy } from '../reactive/concat-map-by.ts'
import { distributionMessage } from '../signal/own-sender-key.ts'
import { startSession } from '../signal/x3dh.ts'
import { isBroadcast, isGroup, isPhoneNumber, sameUser, userOf, withDevice } from '../stanza/jid.ts'
import { redactJid } from '../stanza/redact.ts'
import { stanza, type AttributeInput, type Stanza } from '../stanza/stanza.ts'
import { encryptCopies, readyDevices, requireSome, type ReadyDevices } from './encrypt-for-devices.ts'
import { wrapForOwn } from './encrypt-draft.ts'
import { codeOf, sent } from './explain-messages.ts'
import { findGroup } from './find-fan-out.ts'
import type { Live } from './live.ts'
import { trustNode } from './message-extras.ts'
import type { Settings } from './options.ts'
import { createRetryBook, type RetryBook } from './retry-book.ts'

/** What answering needs. */
export interface AnswerRetriesParts {
  readonly live: Live
  readonly settings: Pick<Settings, 'scheduler' | 'logger'>
  readonly explanations: ExplanationBook
}

/**
 * Sends messages again to devices that could not read them, after mending the session with them (protocol
 * document 06, section 8). A request is acknowledged when it was dealt with, so that a crash in between
 * makes the server repeat it. Bounded per message and device; one at a time for each device and chat, so that what
 * waits for a busy group holds up nothing else.
 */
export const answerRetries = ({ live, settings, explanations }: AnswerRetriesParts, handled$: Observable<Parsed>): Observable<never> =>
  defer(() => {
    const book = createRetryBook(settings.scheduler)
    return handled$.pipe(
      filter((parsed): parsed is Parsed & { readonly retryRequest: RetryRequest } => parsed.retryRequest !== undefined),
      concatMapBy(
        ({ retryRequest: { requester, chat } }) => `${requester.toString()} ${chat.toString()}`,
        ({ stanza: receipt, retryRequest }) =>
          concat(
            answer(live, retryRequest, book, explanations).pipe(
              catchError((error: unknown) => {
                // The device asks again, with fresh keys, or its user sees that something is missing.
                if (!isHarmless(error)) return throwError(() => error)
                explanations.noteKnown(sent(retryRequest), { kind: 'not_sent_again', device: retryRequest.requester, ...codeOf(error) })
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

const answer = (live: Live, request: RetryRequest, book: RetryBook, explanations: ExplanationBook): Observable<never> => {
  const { session } = live
  const { requester, count, keys } = request
  const note = (fact: ExplanationFact): void => explanations.note(sent(request), fact)
  const refusal = book.refuses(request)
  // A storm does not even cost a look into the store.
  if (refusal === 'asks_for_too_much') {
    explanations.noteKnown(sent(request), { kind: 'retry_refused', device: requester, because: refusal })
    return EMPTY
  }
  const refuse = (because: RetryRefusal): Observable<never> => {
    note({ kind: 'retry_refused', device: requester, because })
    return EMPTY
  }
  const isOwnDevice = isOwn(session.link(), requester)
  return findContent(live, request).pipe(
    concatMap((found) => {
      // Of messages nobody ever sent nothing is written down.
      if (!found) return EMPTY
      if (refusal) return refuse(refusal)
      note({ kind: 'retry_received', device: requester, count, withKeys: keys !== undefined })
      return findPlace(live, request).pipe(concatMap((place) => (place ? of({ ...found, ...place }) : refuse('not_its_message'))))
    }),
    concatMap((found) => {
      const pauseMs = isGroup(request.chat) ? book.groupPauseMs(request.chat) : 0
      if (pauseMs === undefined) return refuse('group_is_busy')
      return pauseMs === 0 ? of(found) : timer(pauseMs, session.scheduler).pipe(map(() => found))
    }),
    concatMap((found) =>
      isDeviceKnown(live, request).pipe(
        concatMap((isKnown) => (isKnown || keys ? mend(live, request, isOwnDevice, book) : refuse('unknown_device'))),
        map((how) => {
          note({ kind: 'session_mended', device: requester, how })
          return found
        }),
      ),
    ),
    concatMap((found) =>
      payloadFor(live, request, found.content, isOwnDevice).pipe(
        concatMap((payload) =>
          followedBy(readyDevices(live, [requester]), (ready) =>
            // Does nothing when the loan was kept.
            whichEnds(() => encryptAgain(live, request, { ...found, payload }, ready, note), ready.loan.release),
          ),
        ),
      ),
    ),
    concatMap((resend: Stanza) => live.write(resend)),
  )
}

const encryptAgain = (
  live: Live,
  { id, chat, requester, count }: RetryRequest,
  { stanzaType, audience, attributes, payload }: Found & Where & { readonly payload: Uint8Array },
  ready: ReadyDevices,
  note: (fact: ExplanationFact) => void,
): Observable<Stanza> =>
  followedBy(encryptCopies(live, [{ device: requester, payload }], ready), (encrypted) => {
    const { session } = live
    requireSome(encrypted.copies.length, encrypted, 1)
    const { type, ciphertext } = encrypted.copies[0]!
    const resend = stanza('message', { ...attributes, id, type: stanzaType }, [
      stanza('enc', { v: '2', type, count }, ciphertext),
      type === 'pkmsg' ? stanza('device-identity', {}, session.link().signedIdentity) : undefined,
      audience === undefined ? undefined : stanza('meta', { status_setting: audience }),
      isOwn(session.link(), requester) ? undefined : trustNode(live, chat),
    ])
    const durable$ = session.commit(ready.loan.writes())
    ready.loan.keep()
    return mapped(durable$, () => {
      note({ kind: 'sent_again', device: requester, encType: type })
      return resend
    })
  })

const isSamePerson = ({ session }: Live, one: RetryRequest['chat'], other: RetryRequest['chat']): boolean =>
  sameUser(session.directory.canonical(one), session.directory.canonical(other))

/** What the device gets; of a chat of many also our key, so that it reads what follows at once (protocol document 06, section 8.4). */
const payloadFor = (live: Live, { chat }: RetryRequest, content: Uint8Array, isOwnDevice: boolean): Observable<Uint8Array> => {
  const { messageCodec, ownKeys } = live.session
  const isForMany = isGroup(chat) || isBroadcast(chat)
  return (isForMany ? ownKeys.look(chat) : of(undefined)).pipe(
    map((own) => {
      const plain = isOwnDevice ? wrapForOwn(live, chat, messageCodec.decode(content)) : content
      if (!own) return plain
      const senderKeyDistributionMessage = { groupId: chat.toString(), axolotlSenderKeyDistributionMessage: distributionMessage(own.key) }
      return messageCodec.encode({ ...messageCodec.decode(plain), senderKeyDistributionMessage })
    }),
  )
}

interface Found {
  readonly content: Uint8Array
  readonly stanzaType: string
  readonly audience?: string | undefined
}

/** The message, if it is remembered and went to the chat the device speaks of. */
const findContent = (live: Live, { id, chat }: RetryRequest): Observable<Found | undefined> => {
  const { outbox } = live.session
  const waiting = outbox.find(id)
  const kept$: Observable<Departure | Departed | undefined> = waiting ? of(waiting) : outbox.departed(id)
  return kept$.pipe(
    map((kept) => (kept?.content && isSamePerson(live, kept.chat, chat) ? { content: kept.content, stanzaType: kept.stanzaType, audience: kept.audience } : undefined)),
  )
}

interface Where {
  /** How the stanza is addressed. */
  readonly attributes: AttributeInput
}

/**
 * How the device is reached, if the message was for it at all: a direct chat's devices and our own by
 * themselves, a device of a group's member through the group, a reader of a post through the feed (protocol
 * document 06, section 8.4).
 */
const findPlace = (live: Live, { chat, requester }: RetryRequest): Observable<Where | undefined> => {
  const { link, ownKeys } = live.session
  const isOwnDevice = isOwn(link(), requester)
  if (!isGroup(chat) && !isBroadcast(chat)) {
    if (isOwnDevice) return of({ attributes: { to: requester, recipient: chat } })
    return of(isSamePerson(live, requester, chat) ? { attributes: { to: requester } } : undefined)
  }
  if (isBroadcast(chat))
    return ownKeys.holders(chat).pipe(
      map((holders) => {
        const { canonical, alternate } = live.session.directory
        const isReader = [requester, canonical(requester), alternate(requester)].some((jid) => jid && holders.has(jid.toString()))
        return isOwnDevice || isReader ? { attributes: { to: chat, participant: requester } } : undefined
      }),
    )
  // It may be forgotten, as when the server said that devices were missed: only what we wrote there is asked for.
  return findGroup(live, chat).pipe(
    concatMap((group): Observable<Where | undefined> => {
      if ((isOwnDevice || group.members.some((member) => isSamePerson(live, member, requester))))
        return of({ attributes: { to: chat, participant: requester, addressing_mode: group.addressingMode } })
      // Somebody under a number nobody knows has our key: it is not used any more (protocol document 06, section 8.3).
      return isPhoneNumber(requester) ? mapped(live.session.commit(ownKeys.retire(chat)), () => undefined) : of(undefined)
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

type Mending = (ExplanationFact & { readonly kind: 'session_mended' })['how']

/** Makes the session one the device can read with; emits once that is durable. */
const mend = ({ session }: Live, request: RetryRequest, isOwnDevice: boolean, book: RetryBook): Observable<Mending> => {
  const { pool, directory, commit } = session
  const address = addressOf(directory.canonical(request.requester))
  const phone = addressOf(directory.canonical(withDevice(request.requester, 0)))
  return pool.borrow([address, phone]).pipe(
    concatMap((loan) => {
      try {
        if (request.keys) install(request, { address, phone, isOwnDevice, loan }, session.account())
        else discard(request, address, loan, book)
        const how: Mending = request.keys ? 'from_its_keys' : loan.peer(address).session ? 'kept' : 'from_the_server'
        const durable$ = commit(loan.writes())
        loan.keep()
        return durable$.pipe(map(() => how))
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
