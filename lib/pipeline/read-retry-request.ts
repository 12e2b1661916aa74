import type { AccountLink } from '../account/account.ts'
import { fromBigEndian } from '../bytes/bytes.ts'
import { readBundle } from '../requests/prekey-requests.ts'
import type { PrekeyBundle } from '../signal/prekey-bundle.ts'
import { isBroadcast, isGroup, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, type Stanza } from '../stanza/stanza.ts'
import { isOwn } from './read-source.ts'

/** Somebody could not read a message of ours and asks for it again. */
export interface RetryRequest {
  readonly id: string
  /** The person, group or list the message was for. */
  readonly chat: Jid
  /** The device that asks, in the address form it is to be answered in. */
  readonly requester: Jid
  /** How often it asked, from 1 on. */
  readonly count: number
  readonly registrationId: number
  /** Fresh keys of the device, when it sent any. */
  readonly keys?: { readonly bundle: PrekeyBundle; readonly deviceIdentity?: Uint8Array }
}

/** What a retry receipt comes to. */
export type RetryReading =
  | { readonly kind: 'request'; readonly request: RetryRequest }
  /** Nothing to answer: about a call, or a device of ours that does not say which chat it means. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }

/** Reads a `<receipt type="retry">` (protocol document 06, section 8.1). */
export const readRetryRequest = (receipt: Stanza, link: Pick<AccountLink, 'id' | 'lid'>): RetryReading => {
  const retry = childOf(receipt, 'retry')
  if (!retry) return { kind: 'nothing' }
  const read = attributesOf(receipt)
  const id = read.text('id')
  const from = read.jid('from')
  const participant = read.optionalJid('participant')
  const recipient = read.optionalJid('recipient')
  const readRetry = attributesOf(retry)
  const count = readRetry.integer('count')
  const registration = bytesOf(childOf(receipt, 'registration'))
  const keys = childOf(receipt, 'keys')
  const faults = [...read.faults, ...readRetry.faults]
  if (registration?.length !== 4) faults.push('receipt: registration is missing or not 4 bytes')
  if ((isGroup(from) || isBroadcast(from)) && !participant) faults.push('receipt: participant is missing')
  const bundle = keys && readBundle(keys, receipt, faults)
  if (faults.length > 0) return { kind: 'malformed', faults }
  const deviceIdentity = keys && bytesOf(childOf(keys, 'device-identity'))
  const shared = {
    id,
    count,
    registrationId: fromBigEndian(registration!),
    ...(bundle && { keys: { bundle, ...(deviceIdentity && { deviceIdentity: deviceIdentity.slice() }) } }),
  }
  if (isGroup(from) || isBroadcast(from)) return { kind: 'request', request: { ...shared, chat: from, requester: participant! } }
  if (isOwn(link, from)) return recipient ? { kind: 'request', request: { ...shared, chat: userOf(recipient), requester: from } } : { kind: 'nothing' }
  return { kind: 'request', request: { ...shared, chat: userOf(from), requester: from } }
}
