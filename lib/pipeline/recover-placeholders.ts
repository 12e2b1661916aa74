import type { AccountLink } from '../account/account.ts'
import { ProtoMalformed } from '../errors/proto-error.ts'
import type { MessageInfo } from '../events/message-event.ts'
import { Message_PeerDataOperationRequestType } from '../proto/enums.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Message, WebMessageInfo } from '../proto/types.generated.ts'
import { isBroadcast, isGroup, parseJid, userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import type { OpenedStanza } from './decrypt.ts'
import { NO_LOAN } from './loan.ts'
import type { OpenWish, PlaceholderBook } from './placeholder-book.ts'
import { readMessageInfo } from './read-message-info.ts'

/** What reading the phone's answers needs. */
export interface PhoneAnswers {
  readonly book: Pick<PlaceholderBook, 'take' | 'takeAt'>
  readonly webMessageCodec: ProtoCodec<WebMessageInfo>
  readonly messageCodec: ProtoCodec<Message>
}

/** What our phone answered to a request for messages. */
export interface PhoneAnswer {
  readonly recovered: ReadonlyArray<OpenedStanza & { readonly kind: 'message' }>
  /** Messages the phone does not have either. */
  readonly missing: readonly OpenWish[]
  readonly faults: readonly string[]
}

/** More than we ever ask for in one request is not looked at. */
const MOST_RESULTS = 64

/** Whether this is an answer to a request for messages; only our own phone gives one. */
export const isPlaceholderAnswer = (message: Message): boolean =>
  message.protocolMessage?.peerDataOperationRequestResponseMessage?.peerDataOperationRequestType ===
  Message_PeerDataOperationRequestType.PLACEHOLDER_MESSAGE_RESEND

/** Whether a message comes from our own phone, for this device alone. */
export const isFromOwnPhone = ({ source, category }: MessageInfo): boolean => category === 'peer' && source.isFromMe && source.sender.device === 0

/**
 * The messages in an answer of our phone, as if each had just arrived (protocol document 06, section 7). What
 * nobody waits for any more, as after a restart, is told as well: the phone answers only what this device
 * asked for.
 */
export const readPhoneAnswer = ({ book, webMessageCodec, messageCodec }: PhoneAnswers, link: Pick<AccountLink, 'id' | 'lid'>, answer: Message, { isOffline }: MessageInfo): PhoneAnswer => {
  const { stanzaId = '', peerDataOperationResult = [] } = answer.protocolMessage?.peerDataOperationRequestResponseMessage ?? {}
  const recovered: (OpenedStanza & { readonly kind: 'message' })[] = []
  const missing: OpenWish[] = []
  const faults: string[] = []
  for (const [index, { placeholderMessageResendResponse }] of peerDataOperationResult.slice(0, MOST_RESULTS).entries()) {
    const bytes = placeholderMessageResendResponse?.webMessageInfoBytes
    if (!bytes || bytes.length === 0) {
      const wish = book.takeAt(stanzaId, index)
      if (wish) missing.push(wish)
      continue
    }
    try {
      const web = webMessageCodec.decode(bytes)
      const place = placeOf(web, link)
      if (!place || !web.message) {
        faults.push(`message: result ${index} of the phone is no message`)
        continue
      }
      const known = book.take(place.chat, place.sender, place.id)
      const received = withOffline(known?.stanza ?? stanzaOf(web, place), isOffline)
      const reading = readMessageInfo(received, link)
      if (reading.kind === 'malformed') {
        faults.push(...reading.faults)
        continue
      }
      const message = withSecretOf(web, web.message)
      recovered.push({
        kind: 'message',
        stanza: received,
        info: { ...reading.info, unavailableRequestId: stanzaId },
        results: [{ kind: 'opened', encIndex: 0, encType: 'placeholder', payload: messageCodec.encode(message), message, writes: [] }],
        writes: [],
        loan: NO_LOAN,
      })
    } catch (error) {
      if (!(error instanceof ProtoMalformed)) throw error
      faults.push(`message: result ${index} of the phone cannot be read`)
    }
  }
  return { recovered, missing, faults }
}

/** The phone may keep the secret of a message beside it. */
const withSecretOf = ({ messageSecret }: WebMessageInfo, message: Message): Message =>
  messageSecret && !message.messageContextInfo?.messageSecret ? { ...message, messageContextInfo: { ...message.messageContextInfo, messageSecret } } : message

interface Place {
  readonly chat: Jid
  readonly sender: Jid
  readonly id: string
  readonly isFromMe: boolean
}

const placeOf = ({ key, participant }: WebMessageInfo, link: Pick<AccountLink, 'lid'>): Place | undefined => {
  const chat = key?.remoteJid === undefined ? undefined : parseJid(key.remoteJid)
  if (!chat || !key?.id) return undefined
  const author = key.participant ?? participant
  const sender = key.fromMe ? link.lid : isMany(chat) ? (author === undefined ? undefined : parseJid(author)) : chat
  return sender && { chat, sender, id: key.id, isFromMe: key.fromMe === true }
}

const isMany = (chat: Jid): boolean => isGroup(chat) || isBroadcast(chat)

/** A stanza that says what the phone says, where the one that came is not known any more. */
const stanzaOf = ({ messageTimestamp = 0, pushName }: WebMessageInfo, { chat, sender, id, isFromMe }: Place): Stanza =>
  stanza('message', {
    from: isMany(chat) ? chat : userOf(isFromMe ? sender : chat),
    participant: isMany(chat) ? userOf(sender) : undefined,
    recipient: !isMany(chat) && isFromMe ? userOf(chat) : undefined,
    id,
    t: Number(messageTimestamp),
    notify: pushName,
  })

const withOffline = (received: Stanza, isOffline: boolean): Stanza => {
  const { offline: _, ...attrs } = received.attrs
  return { ...received, attrs: isOffline ? { ...attrs, offline: '1' } : attrs }
}

/** The stanza of a message without what only an open ratchet could read. */
export const withoutCiphertexts = (message: Stanza): Stanza =>
  message.content === undefined || message.content instanceof Uint8Array
    ? message
    : { ...message, content: message.content.filter(({ tag }) => !CIPHERTEXTS.includes(tag)) }

const CIPHERTEXTS: readonly string[] = ['enc', 'participants', 'device-identity', 'unavailable']
