import { generateKeyPair } from '#crypto'
import { equalBytes } from '../bytes/bytes.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { isAgreementRefusal } from './agreement.ts'
import { ratchetDecrypt, ratchetEncrypt } from './ratchet.ts'
import { limits } from './signal-limits.ts'
import { promote, type LocalIdentity, type SessionRecord, type SessionState } from './session-state.ts'
import { WireWriter } from './wire-fields.ts'
import { readPrekeyMessage, readSignalMessage, VERSION, type SignalMessage } from './wire-messages.ts'
import { acceptSession, type GenerateKeyPair, type PrekeyLookup } from './x3dh.ts'

/** An encrypted message and the record to store before it leaves. */
export interface EncryptedMessage {
  readonly record: SessionRecord
  /** `pkmsg` until the peer has answered. */
  readonly type: 'pkmsg' | 'msg'
  readonly ciphertext: Uint8Array
}

/** Encrypts for one device; the plaintext is already padded. */
export const encrypt = (record: SessionRecord, plaintext: Uint8Array, local: LocalIdentity, generate: GenerateKeyPair = generateKeyPair): EncryptedMessage => {
  const { state, bytes } = ratchetEncrypt(record.current, plaintext, local, generate)
  const { pending } = state
  const next = { ...record, current: state }
  if (!pending) return { record: next, type: 'msg', ciphertext: bytes }
  const writer = new WireWriter().byte(VERSION)
  if (pending.prekeyId !== undefined) writer.number(1, pending.prekeyId)
  writer
    .key(2, pending.baseKey)
    .key(3, local.identity.publicKey)
    .bytes(4, bytes)
    .number(5, local.registrationId)
    .number(6, pending.signedPrekeyId)
  return { record: next, type: 'pkmsg', ciphertext: writer.written() }
}

/** How a message is opened. */
export interface DecryptOptions {
  /** The sender is another device of our account: it may be further ahead. */
  readonly isOwnDevice?: boolean
}

/** An opened message and the record to store with it. */
export interface DecryptedMessage {
  readonly record: SessionRecord
  /** Still padded. */
  readonly plaintext: Uint8Array
}

const jumpOf = ({ isOwnDevice = false }: DecryptOptions): number => (isOwnDevice ? limits.ownJump : limits.jump)

/** Which of several refusals is told: the one that says most about the message (protocol document 04, section 5). */
const precedence: readonly ((refusal: SignalFailed) => boolean)[] = [
  ({ fault }) => fault === 'duplicate_message',
  isAgreementRefusal,
  ({ fault }) => fault === 'bad_mac',
  ({ fault }) => fault === 'too_far_in_future',
  ({ fault }) => fault === 'invalid_message',
]

/**
 * Opens a `msg`: the current state first, then those before it; an older one that fits becomes current.
 *
 * @throws SignalFailed; the record stays as it was
 */
export const decryptSignalMessage = (
  record: SessionRecord | undefined,
  bytes: Uint8Array,
  local: LocalIdentity,
  options: DecryptOptions = {},
): DecryptedMessage => {
  const message = readSignalMessage(bytes)
  if (!record) throw new SignalFailed('no_session')
  const jump = jumpOf(options)
  const refusals: SignalFailed[] = []
  for (const state of [record.current, ...record.archived]) {
    // Walking far ahead in each of forty old states would take seconds for a message that fits none of them.
    const opened = attempt(state, message, local, state === record.current ? jump : limits.jump)
    if (opened instanceof SignalFailed) refusals.push(opened)
    else return { record: replace(record, state, opened.state), plaintext: opened.bytes }
  }
  const told = precedence.map((isTold) => refusals.find(isTold)).find((refusal) => refusal)
  throw told ?? new SignalFailed('invalid_message', { cause: refusals[0] })
}

const attempt = (state: SessionState, message: SignalMessage, local: LocalIdentity, jump: number) => {
  try {
    return ratchetDecrypt(state, message, local, jump)
  } catch (error) {
    if (error instanceof SignalFailed) return error
    throw error
  }
}

/** The record after one of its states moved on; an archived one comes to the front. */
const replace = (record: SessionRecord, before: SessionState, after: SessionState): SessionRecord => {
  if (before === record.current) return { ...record, current: after }
  return promote({ current: record.current, archived: record.archived.filter((state) => state !== before) }, after)
}

/** An opened first message. */
export interface DecryptedPrekeyMessage extends DecryptedMessage {
  /** The one-time prekey that must not be used again, if the message began a session with one. */
  readonly usedPrekeyId: number | undefined
  /** It began a session; otherwise it belongs to one that was there. */
  readonly isNew: boolean
  /**
   * The identity the session was made with, 32 bytes. Not the one on the envelope: of a message for a
   * known session no MAC covers that, so anybody on the way could put in another.
   */
  readonly remoteIdentity: Uint8Array
  /** The registration id on the envelope; no MAC covers it. */
  readonly registrationId: number
}

/**
 * Opens a `pkmsg`. One that belongs to a known session uses it and no prekey; otherwise it begins a new
 * one and the old is archived.
 *
 * @throws SignalFailed; the record stays as it was
 */
export const decryptPrekeyMessage = (
  record: SessionRecord | undefined,
  bytes: Uint8Array,
  local: LocalIdentity,
  prekeys: PrekeyLookup,
  options: DecryptOptions = {},
): DecryptedPrekeyMessage => {
  const first = readPrekeyMessage(bytes)
  const states = record ? [record.current, ...record.archived] : []
  const known = states.find(({ aliceBaseKey }) => equalBytes(aliceBaseKey, first.baseKey))
  const { state, bytes: plaintext } = ratchetDecrypt(known ?? acceptSession(first, local, prekeys), first.message, local, jumpOf(options))
  return {
    record: known && record ? replace(record, known, state) : promote(record, state),
    plaintext,
    usedPrekeyId: known ? undefined : first.prekeyId,
    isNew: known === undefined,
    remoteIdentity: state.remoteIdentity,
    registrationId: first.registrationId,
  }
}
