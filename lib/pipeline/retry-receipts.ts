import type { Account, AccountLink } from '../account/account.ts'
import { bigEndian } from '../bytes/bytes.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { SignalFault } from '../errors/signal-error.ts'
import type { Prekey } from '../signal/prekeys.ts'
import { KEY_TYPE } from '../signal/serialized-key.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childrenOf, stanza, type Stanza } from '../stanza/stanza.ts'

/** Why we ask again, as numbers on the wire (protocol document 06, section 6). */
const retryReason: Readonly<Partial<Record<SignalFault, number>>> = {
  no_session: 1,
  no_sender_key: 1,
  unknown_prekey: 3,
  unknown_signed_prekey: 3,
  invalid_message: 4,
  bad_signature: 5,
  too_far_in_future: 6,
  bad_mac: 7,
}

/** A sender key that is missing because nobody told us of the device. */
const UNKNOWN_COMPANION = 11

/** What is known of a failure. */
export interface RetryCause {
  readonly fault?: SignalFault
  readonly isUnknownDevice?: boolean
}

const reasonOf = ({ fault, isUnknownDevice }: RetryCause): number | undefined =>
  fault === 'no_sender_key' && isUnknownDevice ? UNKNOWN_COMPANION : fault && retryReason[fault]

/** Peers answer four times at most. */
const MOST_RETRIES = 4

/** Messages whose attempts are remembered; the oldest is forgotten first. */
const REMEMBERED = 500

/** What asking again needs of the account. */
export interface RetryReceiptParts {
  readonly account: () => Account
  /** A fresh one-time prekey, never offered to anybody else and durable before anything that is committed later. */
  readonly takePrekey: () => Prekey
}

/** The receipt that asks for a message again; undefined when it was asked for often enough. */
export type RetryReceipts = (message: Stanza, info: MessageInfo, cause: RetryCause) => Stanza | undefined

/** From the second time on our keys go along, so that the sender can begin anew. */
const KEYS_FROM = 2

/** Counts and builds the receipts that ask for a message again; one counter per open store. */
export const createRetryReceipts = ({ account, takePrekey }: RetryReceiptParts): RetryReceipts => {
  const counts = new Map<string, number>()

  return (message, info, cause) => {
    const { source, id } = info
    const key = `${source.chat}|${id}|${source.sender}`
    const sent = Math.max(0, ...childrenOf(message, 'enc').map((enc) => attributesOf(enc).optionalInteger('count') ?? 0))
    const count = Math.max(counts.get(key) ?? 0, sent) + 1
    if (count > MOST_RETRIES) return undefined
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > REMEMBERED) counts.delete(counts.keys().next().value!)

    const asking = account()
    return stanza(
      'receipt',
      {
        to: source.isGroup ? source.chat : source.sender,
        id,
        type: 'retry',
        participant: source.isGroup ? source.sender : undefined,
        category: info.category === 'peer' ? 'peer' : undefined,
      },
      [
        stanza('retry', { v: '1', count, id, t: Math.floor(info.timestamp.getTime() / 1000), error: reasonOf(cause) }),
        stanza('registration', {}, bigEndian(asking.registrationId, 4)),
        count >= KEYS_FROM && asking.link ? keysOf(asking, asking.link, takePrekey()) : undefined,
      ],
    )
  }
}

const keysOf = ({ identity, signedPrekey }: Account, { signedIdentity }: AccountLink, oneTime: Prekey): Stanza => {
  const key = (tag: string, { id, pair }: Prekey, signature?: Uint8Array): Stanza =>
    stanza(tag, {}, [
      stanza('id', {}, bigEndian(id, 3)),
      stanza('value', {}, pair.publicKey),
      signature && stanza('signature', {}, signature),
    ])
  return stanza('keys', {}, [
    stanza('type', {}, Uint8Array.of(KEY_TYPE)),
    stanza('identity', {}, identity.publicKey),
    key('key', oneTime),
    key('skey', signedPrekey, signedPrekey.signature),
    stanza('device-identity', {}, signedIdentity),
  ])
}
