import type { Account } from '../account/account.ts'
import { bigEndian } from '../bytes/bytes.ts'
import type { MessageInfo } from '../events/message-event.ts'
import type { SignalFault } from '../errors/signal-error.ts'
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

/** Counts and builds the receipts that ask for a message again; one counter per client. */
export const createRetryReceipts = (account: () => Account) => {
  const counts = new Map<string, number>()

  return (message: Stanza, info: MessageInfo, cause: RetryCause): Stanza | undefined => {
    const { source, id } = info
    const key = `${source.chat}|${id}|${source.sender}`
    const sent = Math.max(0, ...childrenOf(message, 'enc').map((enc) => attributesOf(enc).optionalInteger('count') ?? 0))
    const count = Math.max(counts.get(key) ?? 0, sent) + 1
    if (count > MOST_RETRIES) return undefined
    counts.delete(key)
    counts.set(key, count)
    if (counts.size > REMEMBERED) counts.delete(counts.keys().next().value!)

    const { registrationId } = account()
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
        stanza('registration', {}, bigEndian(registrationId, 4)),
      ],
    )
  }
}
