import type { Observable } from 'rxjs'

import type { Account } from '../account/account.ts'
import { SignalFailed, type SignalFault } from '../errors/signal-error.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { EncDecryptFailureReason, MessageInfo } from '../events/message-event.ts'
import type { Message } from '../proto/types.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { atOnce, mapped } from '../reactive/at-once.ts'
import { unpad } from '../signal/padding.ts'
import { decryptPrekeyMessage, decryptSignalMessage } from '../signal/session-record.ts'
import { readPrekeyMessage } from '../signal/wire-messages.ts'
import { equalBytes } from '../bytes/bytes.ts'
import type { OpenStore, Write } from '../store/store.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, type Stanza } from '../stanza/stanza.ts'
import { openBotMessage, type BotKeys } from './open-bot-message.ts'
import { openFromGroup, takeDistribution, type GroupKeys, type GroupOpening } from './open-from-group.ts'
import { findPrekeys, usedPrekeyWrite } from './prekey-shelf.ts'
import type { SessionLoan } from './session-pool.ts'

/** What became of one `enc` of a message. */
export type EncResult =
  | {
      readonly kind: 'opened'
      readonly encIndex: number
      readonly encType: string
      /** The protobuf bytes, padding removed. */
      readonly payload: Uint8Array
      readonly message: Message
      /** Changes to store besides the ratchet: a used prekey. */
      readonly writes: readonly Write[]
      /** What is wrong with the sender key it brings. */
      readonly fault?: string
    }
  /** The ratchet was here before: the message was taken already. */
  | { readonly kind: 'duplicate'; readonly encIndex: number; readonly encType: string }
  | {
      readonly kind: 'undecryptable'
      readonly encIndex: number
      readonly encType: string
      readonly reason: EncDecryptFailureReason
      readonly fault?: SignalFault
      readonly cause?: unknown
      /** The ratchet moved although the content is useless, so asking again would not help. */
      readonly isOpened: boolean
      /** The sender is a linked device that its owner's list does not have. */
      readonly isUnknownDevice?: boolean
    }

/** What opening needs besides the ratchets. */
export interface EncKeys extends GroupKeys, BotKeys {
  readonly account: () => Account
  readonly store: OpenStore
  /** The `Message` codec, loaded when the connection was opened. */
  readonly messageCodec: ProtoCodec<Message>
}

/** The keys of one message on loan. */
export interface Opening {
  readonly info: MessageInfo
  readonly sessions: SessionLoan
  /** Where the sender's ratchet may be: its LID first, then its phone number. */
  readonly addresses: readonly string[]
  /** The sender is another device of our account, which may be far ahead. */
  readonly isOwnDevice: boolean
  /** Absent in a direct chat. */
  readonly group: GroupOpening | undefined
}

/**
 * Opens one `enc` with the keys on loan. Emits one result and never errors for the sake of the message; an
 * error means that the store failed.
 */
export const openEnc = (enc: Stanza, encIndex: number, opening: Opening, keys: EncKeys): Observable<EncResult> => {
  const read = attributesOf(enc)
  const encType = read.text('type')
  const version = read.optionalText('v')
  const ciphertext = bytesOf(enc)
  const undecryptable = (reason: EncDecryptFailureReason, cause?: unknown, isOpened = false, isUnknownDevice = false): EncResult => ({
    kind: 'undecryptable',
    encIndex,
    encType,
    reason,
    isOpened,
    ...(isUnknownDevice && { isUnknownDevice }),
    ...(cause instanceof SignalFailed && { fault: cause.fault }),
    ...(cause !== undefined && { cause }),
  })
  if (read.faults.length > 0 || !ciphertext) return atOnce(undecryptable('malformed_node'))

  const opened$ = openAs(encType, ciphertext, opening, keys)
  if (!opened$) return atOnce(undecryptable('unsupported_enc_type'))

  return mapped(opened$, (opened): EncResult => {
    if (opened.kind === 'failed') {
      const { cause } = opened
      if (cause.fault === 'duplicate_message') return { kind: 'duplicate', encIndex, encType }
      return undecryptable(reasonOf(cause.fault), cause, false, opened.isUnknownDevice)
    }
    try {
      const payload = version === '3' || encType === 'msmsg' ? opened.plaintext : unpad(opened.plaintext)
      const message = keys.messageCodec.decode(payload)
      const fault = takeDistribution(message, opening.group)
      return { kind: 'opened', encIndex, encType, payload, message, writes: opened.writes, ...(fault !== undefined && { fault }) }
    } catch (cause) {
      if (cause instanceof SignalFailed || cause instanceof ProtoMalformed)
        return undecryptable('plaintext_unusable', cause, true)
      throw cause
    }
  })
}

type Opened =
  | { readonly kind: 'plain'; readonly plaintext: Uint8Array; readonly writes: readonly Write[] }
  | { readonly kind: 'failed'; readonly cause: SignalFailed; readonly isUnknownDevice?: boolean }

const NO_WRITES: readonly Write[] = []

const withoutWrites = <Failure extends { readonly kind: 'failed' }>(opened: { readonly kind: 'plain'; readonly plaintext: Uint8Array } | Failure) =>
  opened.kind === 'plain' ? { ...opened, writes: NO_WRITES } : opened

const openAs = (encType: string, ciphertext: Uint8Array, opening: Opening, keys: EncKeys): Observable<Opened> | undefined => {
  switch (encType) {
    case 'pkmsg':
      return openPrekeyMessage(ciphertext, opening, keys)
    case 'msg':
      return atOnce(openMessage(ciphertext, opening, keys))
    case 'skmsg':
      return opening.group && mapped(openFromGroup(ciphertext, opening.group, keys), withoutWrites)
    case 'msmsg':
      return mapped(openBotMessage(ciphertext, opening.info, keys), withoutWrites)
    default:
      return undefined
  }
}

/** Runs a Signal operation; its refusal is a value, anything else is a defect and passes. */
const attempt = (operation: () => Opened): Opened => {
  try {
    return operation()
  } catch (cause) {
    if (cause instanceof SignalFailed) return { kind: 'failed', cause }
    throw cause
  }
}

/**
 * Opens a `msg` under the first address that has the session. A session found under the phone number
 * moves to the LID together with the identity (protocol document 04, section 8).
 */
const openMessage = (ciphertext: Uint8Array, { sessions: loan, addresses, isOwnDevice }: Opening, keys: EncKeys): Opened => {
  let failure: Opened | undefined
  for (const address of addresses) {
    const { session, identity } = loan.peer(address)
    if (!session) continue
    const opened = attempt(() => {
      const { record, plaintext } = decryptSignalMessage(session, ciphertext, localOf(keys.account()), { isOwnDevice })
      loan.put(addresses[0]!, { session: record })
      return { kind: 'plain', plaintext, writes: NO_WRITES }
    })
    if (opened.kind === 'plain') {
      if (address !== addresses[0]) {
        loan.put(addresses[0]!, { identity: loan.peer(addresses[0]!).identity ?? identity })
        loan.put(address, { session: undefined, identity: undefined })
      }
      return opened
    }
    failure = opened
    if (opened.cause.fault === 'duplicate_message') return opened
  }
  return failure ?? { kind: 'failed', cause: new SignalFailed('no_session') }
}

const openPrekeyMessage = (ciphertext: Uint8Array, { sessions: loan, addresses, isOwnDevice }: Opening, keys: EncKeys): Observable<Opened> => {
  const address = addresses[0]!
  const account = keys.account()
  let oneTimeId: number | undefined
  try {
    oneTimeId = readPrekeyMessage(ciphertext).prekeyId
  } catch (cause) {
    if (cause instanceof SignalFailed) return atOnce({ kind: 'failed', cause })
    throw cause
  }
  return mapped(findPrekeys(keys.store, account, oneTimeId), (prekeys) =>
    attempt(() => {
      const { session, identity } = loan.peer(address)
      const elsewhere = session ? undefined : addresses.slice(1).find((other) => loan.peer(other).session)
      const known = session ?? (elsewhere === undefined ? undefined : loan.peer(elsewhere).session)
      const opened = decryptPrekeyMessage(known, ciphertext, localOf(account), prekeys, { isOwnDevice })
      // A changed identity is accepted, as every client does; the old one is replaced only after the
      // message proved itself under the new one (protocol document 04, section 9).
      const before = identity ?? (elsewhere === undefined ? undefined : loan.peer(elsewhere).identity)
      if (!identity && before) loan.put(address, { identity: before })
      // A late message of a session from before the change says nothing about now.
      const isNews = !before || (opened.isNew && !equalBytes(before, opened.remoteIdentity))
      loan.put(address, { session: opened.record, ...(isNews && { identity: opened.remoteIdentity }) })
      if (elsewhere !== undefined) loan.put(elsewhere, { session: undefined, identity: undefined })
      const writes = opened.usedPrekeyId === undefined ? NO_WRITES : [usedPrekeyWrite(opened.usedPrekeyId)]
      return { kind: 'plain', plaintext: opened.plaintext, writes }
    }),
  )
}

const localOf = ({ identity, registrationId }: Account) => ({ identity, registrationId })

/** Our word for each refusal (events catalogue, section 12). */
const reasonOf = (fault: SignalFault): EncDecryptFailureReason => {
  switch (fault) {
    case 'no_session':
    case 'no_message_secret':
    case 'no_sender_key':
    case 'untrusted_identity':
    case 'bad_mac':
    case 'invalid_message':
      return fault
    case 'unknown_prekey':
    case 'unknown_signed_prekey':
      return 'unknown_pre_key'
    case 'malformed':
      return 'malformed_ciphertext'
    case 'too_far_in_future':
    case 'duplicate_message':
      return 'invalid_message'
    case 'bad_signature':
    case 'bad_padding':
      return 'signal_error'
  }
}
