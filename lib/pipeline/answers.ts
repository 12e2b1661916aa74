import type { AccountLink } from '../account/account.ts'
import type { MessageInfo } from '../events/message-event.ts'
import { isNewsletter, isStatus, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, stanza, type Stanza } from '../stanza/stanza.ts'

/** Codes of a refusal, see protocol document 06, section 9. */
export const nackCode = {
  parsingError: 487,
  unrecognizedStanza: 488,
  invalidProtobuf: 491,
  missingMessageSecret: 495,
  unhandledError: 500,
} as const

const attribute = (received: Stanza, name: string): string | Jid | undefined => received.attrs[name]

/** The acknowledgement every `receipt`, `notification` and `call` gets (protocol document 02, section 4.4). */
export const ackOf = (received: Stanza): Stanza => {
  const from = attribute(received, 'from')
  const participant = attribute(received, 'participant')
  const isIdentityChange =
    received.tag === 'notification' && received.attrs['type'] === 'encrypt' && childOf(received, 'identity') !== undefined
  const repeatsFrom = received.tag === 'receipt' && String(participant) === String(from)
  return stanza('ack', {
    class: received.tag,
    id: attribute(received, 'id'),
    to: from,
    participant: repeatsFrom && !isRetry(received) ? undefined : participant,
    recipient: attribute(received, 'recipient'),
    type: isIdentityChange ? undefined : attribute(received, 'type'),
  })
}

const isRetry = ({ attrs }: Stanza): boolean => attrs['type'] === 'retry' || attrs['type'] === 'enc_rekey_retry'

/** The acknowledgement of a `<message>` that gets no receipt. */
export const messageAckOf = (received: Stanza, link: Pick<AccountLink, 'id'>): Stanza =>
  stanza('ack', { from: link.id, ...messageAckAttributes(received) })

/** The refusal of a `<message>` that cannot be used; the server does not send it again. */
export const messageNackOf = (received: Stanza, link: Pick<AccountLink, 'id'>, code: number): Stanza =>
  stanza('ack', { from: link.id, error: code, ...messageAckAttributes(received) })

const messageAckAttributes = (received: Stanza) => ({
  class: received.tag,
  id: attribute(received, 'id'),
  to: attribute(received, 'from'),
  participant: attribute(received, 'participant'),
  recipient: attribute(received, 'recipient'),
  type: attribute(received, 'type'),
})

/** The refusal of a stanza nobody knows. */
export const nackOf = (received: Stanza, code: number): Stanza =>
  stanza('ack', { class: received.tag, id: attribute(received, 'id'), to: attribute(received, 'from'), error: code })

/**
 * The answer to a message that was taken: a delivery receipt, which also is its acknowledgement, or
 * an `ack` where no receipt applies (protocol document 06, sections 9 and 10.1).
 *
 * @param isActive presence "available" was sent on this connection
 */
export const deliveryOf = (
  received: Stanza,
  { source, id, category }: Pick<MessageInfo, 'source' | 'id' | 'category'>,
  link: Pick<AccountLink, 'id'>,
  isActive: boolean,
): readonly Stanza[] => {
  if (isNewsletter(source.chat)) return [messageAckOf(received, link)]
  const from = attribute(received, 'from')
  if (source.isFromMe) {
    if (category === 'peer') return [stanza('receipt', { id, to: from, type: 'peer_msg' })]
    return source.recipient
      ? [stanza('receipt', { id, to: from, type: 'sender', recipient: source.recipient })]
      : [messageAckOf(received, link)]
  }
  const participant = source.isGroup ? attribute(received, 'participant') : undefined
  if (isStatus(source.chat))
    return [stanza('receipt', { id, to: from, participant, context: 'status' }), messageAckOf(received, link)]
  return [stanza('receipt', { id, to: from, participant, type: isActive ? undefined : 'inactive' })]
}

/** The answer to a ping of the server; without an id when the ping had none. */
export const pongOf = (iq: Stanza): Stanza =>
  stanza('iq', { to: attributesOf(iq).optionalJid('from'), type: 'result', id: attribute(iq, 'id') })
