import type { EncDecryptFailureReason } from '../events/message-event.ts'
import { SignalFailed, type SignalFault } from '../errors/signal-error.ts'
import { StanzaCodecError } from '../errors/stanza-codec-error.ts'
import type { Message } from '../proto/types.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { decodeStanza } from '../stanza/decode.ts'
import { encodeStanza } from '../stanza/encode.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { EncResult } from './open-enc.ts'
import type { Parsed } from './parsed.ts'

/** A stanza as the inbox keeps it: what arrived, with plaintexts in place of ciphertexts. */
export interface InboxRecord {
  readonly name: string | undefined
  readonly stanza: Stanza
  readonly results: readonly EncResult[]
  /** A retry receipt was sent for what could not be opened. */
  readonly isRetryRequested: boolean
  /** Our own phone was asked for it. */
  readonly isPhoneAsked: boolean
  /** The request our phone handed it over for. */
  readonly unavailableRequestId: string | undefined
  /** The call it ends rang until then. */
  readonly wasRinging: boolean
  /** When it was read, in milliseconds since 1970; absent when it says itself when it was sent. */
  readonly readAtMs: number | undefined
}

/**
 * The row of a stanza: itself a stanza, so that one codec serves. Ciphertexts are left out; they are of no
 * use once their ratchet has moved.
 */
export const encodeInboxRecord = ({ name, stanza: received, results, events, readAtMs }: Parsed): Uint8Array => {
  const failure = events.find((event) => event.type === 'undecryptable_message')
  const isRetryRequested = failure?.recovery === 'retry_receipt'
  const isPhoneAsked = failure?.recovery === 'placeholder_request'
  const request = events.find((event) => event.type === 'message')?.info.unavailableRequestId
  const wasRinging = events.some((event) => event.type === 'call_ended_elsewhere' || (event.type === 'missed_call' && event.reason === 'remote'))
  return encodeStanza(
    stanza('kept', { name, retry: isRetryRequested ? '1' : undefined, phone: isPhoneAsked ? '1' : undefined, request, ringing: wasRinging ? '1' : undefined, at: readAtMs }, [
      stanza('stanza', {}, encodeStanza(received.tag === 'message' && results.length > 0 ? withoutCiphertexts(received) : received)),
      ...results.map(encodeResult),
    ]),
  )
}

const withoutCiphertexts = (message: Stanza): Stanza => ({
  ...message,
  content: childrenOf(message).map((child) => {
    if (child.tag === 'enc') return { tag: child.tag, attrs: child.attrs }
    if (child.tag === 'participants') return { ...child, content: childrenOf(child).map(({ tag, attrs }) => ({ tag, attrs })) }
    return child.tag === 'device-identity' || child.tag === 'plaintext' ? { tag: child.tag, attrs: child.attrs } : child
  }),
})

const encodeResult = (result: EncResult): Stanza => {
  const attributes = { index: result.encIndex, type: result.encType }
  switch (result.kind) {
    case 'opened':
      return stanza('opened', attributes, result.payload)
    case 'duplicate':
      return stanza('duplicate', attributes)
    case 'undecryptable':
      return stanza('undecryptable', { ...attributes, reason: result.reason, fault: result.fault, opened: result.isOpened ? '1' : undefined })
  }
}

/**
 * Reads a row back.
 *
 * @throws StanzaCodecError, ProtoMalformed when it is damaged
 */
export const decodeInboxRecord = (row: Uint8Array, codec: ProtoCodec<Message>): InboxRecord => {
  const kept = decodeStanza(row)
  const [first, ...results] = childrenOf(kept)
  const received = bytesOf(first)
  if (kept.tag !== 'kept' || !received) throw new StanzaCodecError('invalid_node')
  return {
    name: attributesOf(kept).optionalText('name'),
    // Our own writer leaves the name of that server out.
    stanza: decodeStanza(received, { isInteropServerOptional: true }),
    results: results.map((result) => decodeResult(result, codec)),
    isRetryRequested: kept.attrs['retry'] !== undefined,
    isPhoneAsked: kept.attrs['phone'] !== undefined,
    unavailableRequestId: attributesOf(kept).optionalText('request'),
    wasRinging: kept.attrs['ringing'] !== undefined,
    readAtMs: attributesOf(kept).optionalInteger('at'),
  }
}

const decodeResult = (kept: Stanza, codec: ProtoCodec<Message>): EncResult => {
  const read = attributesOf(kept)
  const encIndex = read.integer('index')
  const encType = read.text('type')
  if (read.faults.length > 0) throw new StanzaCodecError('invalid_node')
  if (kept.tag === 'opened') {
    const payload = bytesOf(kept) ?? new Uint8Array(0)
    return { kind: 'opened', encIndex, encType, payload, message: codec.decode(payload), writes: [] }
  }
  if (kept.tag === 'duplicate') return { kind: 'duplicate', encIndex, encType }
  const fault = read.optionalText('fault') as SignalFault | undefined
  return {
    kind: 'undecryptable',
    encIndex,
    encType,
    // Written by us from the same closed lists.
    reason: read.text('reason') as EncDecryptFailureReason,
    isOpened: kept.attrs['opened'] !== undefined,
    ...(fault !== undefined && { fault, cause: new SignalFailed(fault) }),
  }
}
