import type { AccountLink } from '../account/account.ts'
import type { MessageEvent, MessageInfo, UndecryptableMessageEvent } from '../events/message-event.ts'
import type { NewsletterMessageUpdateEvent } from '../events/newsletter-events.ts'
import type { MalformedStanzaEvent } from '../events/raw-events.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { Message_PeerDataOperationRequestType } from '../proto/enums.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import type { Message, Message_HistorySyncNotification } from '../proto/types.generated.ts'
import { isNewsletter, parseJid, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import { deliveryOf, messageAckOf, messageNackOf, nackCode } from './answers.ts'
import type { AppStateKeys } from './app-state-keys.ts'
import type { HistoryShelf } from './history-shelf.ts'
import type { RingingCalls } from './calls/ringing-calls.ts'
import type { OpenedStanza } from './decrypt.ts'
import type { LidDirectory } from './lid-directory.ts'
import type { EncResult } from './open-enc.ts'
import type { MessageSecrets } from './message-secrets.ts'
import { messageNameOf, otherMessageNameOf } from './name-of.ts'
import { kindOfUpdate, readLiveMessages } from './notifications/read-live-messages.ts'
import type { Parsed } from './parsed.ts'
import type { PlaceholderWish } from './placeholder-book.ts'
import { isFromOwnPhone, isPlaceholderAnswer, readPhoneAnswer, withoutCiphertexts, type PhoneAnswers } from './recover-placeholders.ts'

type OpenedMessage = OpenedStanza & { readonly kind: 'message' }
type Opened = EncResult & { readonly kind: 'opened' }
type Undecryptable = EncResult & { readonly kind: 'undecryptable' }

/** What the parser of messages needs to know of the client. */
export interface ParseMessageParts {
  readonly link: () => AccountLink
  /** Presence "available" was sent on this connection. */
  readonly isActive: () => boolean
  readonly nowMs: () => number
  /** Whether anybody would get an event of this kind; nothing is built for nobody. */
  readonly isObserved: (type: WaEvent['type']) => boolean
  /** The retry receipt for a message that could not be opened; absent when it was asked for too often. */
  readonly retryReceipt: (message: Stanza, info: MessageInfo, failure: Undecryptable) => Stanza | undefined
  /** Whether our own phone may be asked for a message. */
  readonly canAskPhone: (info: MessageInfo) => boolean
  /** The other address of somebody, if it is known; absent where nothing is received. */
  readonly alternate?: (jid: Jid) => Jid | undefined
  /** Keeps the secrets of messages; absent where nothing is received. */
  readonly secrets?: Pick<MessageSecrets, 'keep'>
  /** Takes in keys of the app state; absent where nothing is received. */
  readonly learnKeys?: AppStateKeys['learn']
  /** Keeps what our phone says of history; absent where nothing is received. */
  readonly keepHistory?: HistoryShelf['keep']
  /** Reads what our phone answers; absent where nothing is received. */
  readonly phoneAnswers?: PhoneAnswers
  /** Our push name as it is known; unknown when absent. */
  readonly ownName?: () => string | undefined
  /** Takes note of two addresses of one person; returns what to store. Nothing is learned when absent. */
  readonly learn?: LidDirectory['learn']
  /** Calls that ring; none does when absent. */
  readonly ringing?: RingingCalls
  /** Reads messages that are not encrypted; they are left out when absent. */
  readonly messageCodec?: ProtoCodec<Message>
}

/** Turns an opened message into its events and answers (protocol document 06, sections 4 and 5). */
export const parseMessage = (parts: ParseMessageParts, { stanza, info, results, writes, loan }: OpenedMessage): Parsed => {
  const opened = results.filter((result): result is Opened => result.kind === 'opened')
  const failed = results.find((result): result is Undecryptable => result.kind === 'undecryptable')
  const optIn = optInEvents(parts, info, results)
  const base = { stanza, loan, results, information: NOTHING, writes: [...writes] }
  for (const result of opened) base.writes.push(...result.writes)
  const named = () => ({ name: messageNameOf(info, 'undecryptable'), otherName: () => otherMessageNameOf(info, 'undecryptable', parts.alternate ?? NOBODY_ELSE) })
  const link = parts.link()
  const answer = info.category === 'peer' ? opened.find(({ message }) => isPlaceholderAnswer(message)) : undefined
  if (answer && parts.phoneAnswers) {
    const { events: told, ...handedOver } = answerOf(parts, parts.phoneAnswers, stanza, info, answer.message)
    return { ...base, events: [...optIn, ...told], answers: deliveryOf(stanza, info, link, parts.isActive()), ...handedOver }
  }

  const events: Array<MessageEvent | MalformedStanzaEvent> = []
  for (const result of opened) events.push(...faultEvents(stanza, result), ...messageEvents(stanza, info, result))
  for (const event of events) if (event.type === 'message' && info.category !== 'peer') base.writes.push(...(parts.secrets?.keep(event.info, event.message) ?? NOTHING))
  for (const { message } of opened) {
    const share = isFromOwnDevice(info) ? message.protocolMessage?.appStateSyncKeyShare : undefined
    if (share) base.writes.push(...(parts.learnKeys?.(share) ?? []))
  }
  const notification = isFromOwnDevice(info) ? historyIn(opened) : undefined
  if (notification && parts.keepHistory) {
    base.writes.push(...parts.keepHistory(info.id, notification))
    return { ...base, history: info.id, events: [...optIn, ...events], answers: deliveryOf(stanza, info, link, parts.isActive()) }
  }
  // What was opened may be only the key of what was not.
  if (failed && !events.some(({ type }) => type === 'message')) {
    // Nobody can see an expired post any more: it is not asked for again, nor told (protocol document 06, section 4).
    if (isExpired(info, parts.nowMs())) return { ...base, events: [...optIn, ...events], answers: [messageAckOf(stanza, link)] }
    const { event, ...rest } = explainFailure(parts, stanza, info, failed)
    return { ...base, ...named(), events: [...optIn, ...events, event], ...rest }
  }
  if (results.length === 0) {
    const update = isNewsletter(info.source.chat) ? updateOfPost(stanza, info) : undefined
    if (update) return { ...base, events: parts.isObserved(update.type) ? [update] : [], answers: [messageAckOf(stanza, link)] }
    const unavailable = childOf(stanza, 'unavailable')
    if (unavailable && isExpired(info, parts.nowMs())) return { ...base, events: optIn, answers: [messageAckOf(stanza, link)] }
    const { event, ...rest } = unavailable ? explainAbsence(parts, stanza, unavailable, info) : { event: emptyEvent(stanza), answers: [messageAckOf(stanza, link)] }
    return { ...base, ...named(), events: [...optIn, event], ...rest }
  }
  // Only duplicates: taken before, so it is acknowledged again without a second event.
  // Every message comes by here, and spreading costs (CONTRIBUTING, rules).
  const name = events.length > 0 ? messageNameOf(info, 'message') : undefined
  return {
    stanza,
    loan,
    results,
    information: NOTHING,
    writes: base.writes,
    name,
    otherName: name === undefined ? undefined : () => otherMessageNameOf(info, 'message', parts.alternate ?? NOBODY_ELSE),
    events: optIn.length === 0 ? events : [...optIn, ...events],
    answers: deliveryOf(stanza, info, link, parts.isActive()),
  }
}

const NOTHING: readonly never[] = []

const NOBODY_ELSE = (): undefined => undefined

/** Of a post in a channel the server says whether it is ours; it proves nothing. */
const isFromOwnDevice = ({ source }: MessageInfo): boolean => source.isFromMe && !isNewsletter(source.chat)

const STATUS_LIFE_MS = 24 * 3_600_000

const isExpired = ({ isStatus, timestamp }: MessageInfo, nowMs: number): boolean => isStatus === true && nowMs - timestamp.getTime() > STATUS_LIFE_MS

/** What became of a post, without the post itself (protocol document 06, section 4.2). */
const updateOfPost = (stanza: Stanza, { source }: MessageInfo): NewsletterMessageUpdateEvent | undefined => {
  const [update] = readLiveMessages({ tag: 'live_updates', attrs: {}, content: [stanza] }, undefined)
  const kind = update && kindOfUpdate(update)
  return kind && { type: 'newsletter_message_update', newsletterJid: source.chat, serverId: update.serverId, kind, update }
}

/** A message without any `enc` for this device and without a word why: we know nothing of its kind. */
const emptyEvent = (stanza: Stanza): WaEvent => ({ type: 'unhandled_stanza', node: stanza, reason: 'a message without content for this device' })

/** What our phone handed over, each message as if it had come on its own; its receipts were sent long ago. */
const answerOf = (parts: ParseMessageParts, answers: PhoneAnswers, stanza: Stanza, info: MessageInfo, message: Message): Pick<Parsed, 'events' | 'recovered' | 'missing'> => {
  if (!isFromOwnPhone(info)) return { events: [malformed(stanza, 'message: only our own phone hands messages over')] }
  const { recovered, missing, faults } = readPhoneAnswer(answers, parts.link(), message, info)
  return {
    events: faults.length === 0 ? [] : [{ type: 'malformed_stanza', node: stanza, faults }],
    recovered: recovered.map((opened) => ({ ...parseMessage(parts, opened), answers: [] })),
    missing,
  }
}

const malformed = (node: Stanza, fault: string): MalformedStanzaEvent => ({ type: 'malformed_stanza', node, faults: [fault] })

/** A sender key that cannot be used: what it was for will be asked for again. */
const faultEvents = (stanza: Stanza, { fault }: Opened): readonly MalformedStanzaEvent[] =>
  fault === undefined ? NOTHING : [{ type: 'malformed_stanza', node: stanza, faults: [fault] }]

const messageEvents = (stanza: Stanza, info: MessageInfo, { message }: Opened): ReadonlyArray<MessageEvent | MalformedStanzaEvent> => {
  const { deviceSentMessage } = message
  // Only our own devices may speak in our name.
  if (deviceSentMessage && !isFromOwnDevice(info))
    return [malformed(stanza, 'message: somebody else claims to be a device of ours')]
  const content = deviceSentMessage ? unwrapDeviceSent(message) : message
  if (isOnlyKeyDistribution(content)) return []
  // Between our devices alone; nobody else has a say in it (protocol document 08, section 2).
  if (content.protocolMessage?.appStateSyncKeyShare || content.protocolMessage?.appStateSyncKeyRequest || isRecovery(content))
    return isFromOwnDevice(info) ? [] : [malformed(stanza, 'message: only devices of ours exchange keys of the app state')]
  // Never a message of a chat (protocol document 09, section 1).
  if (content.protocolMessage?.historySyncNotification) return isFromOwnDevice(info) ? [] : [malformed(stanza, 'message: only our own phone sends history')]
  const destination = deviceSentMessage?.destinationJid
  const chat = destination !== undefined && !info.source.recipient ? parseJid(destination) : undefined
  const expiration = content.extendedTextMessage?.contextInfo?.expiration
  const complete: MessageInfo = {
    ...info,
    ...(chat && { source: { ...info.source, chat } }),
    ...(destination !== undefined && { deviceSentMeta: { destinationJid: destination, phash: deviceSentMessage?.phash ?? '' } }),
    ...(expiration !== undefined && { ephemeralExpiration: expiration }),
  }
  return [
    { type: 'message', message: content, info: complete, origin: info.isOffline ? 'offline' : 'live', redelivered: false },
  ]
}

/**
 * The content of a copy from another device of ours. What the outer message says about its context
 * counts where the inner one is silent (protocol document 06, section 4).
 */
const unwrapDeviceSent = (message: Message): Message => {
  const inner = message.deviceSentMessage?.message ?? {}
  const outerContext = message.messageContextInfo
  if (!outerContext) return inner
  return { ...inner, messageContextInfo: { ...outerContext, ...inner.messageContextInfo } }
}

/** A whole collection of the app state, from our phone. */
const isRecovery = ({ protocolMessage }: Message): boolean =>
  protocolMessage?.peerDataOperationRequestResponseMessage?.peerDataOperationRequestType === Message_PeerDataOperationRequestType.COMPANION_SYNCD_SNAPSHOT_FATAL_RECOVERY

/** What our phone says of history in a message. */
const historyIn = (opened: readonly Opened[]): Message_HistorySyncNotification | undefined => {
  for (const { message } of opened) {
    const { historySyncNotification } = (message.deviceSentMessage?.message ?? message).protocolMessage ?? {}
    if (historySyncNotification) return historySyncNotification
  }
  return undefined
}

/** A message that only carried a group key says nothing to a user. */
const isOnlyKeyDistribution = (message: Message): boolean =>
  message.senderKeyDistributionMessage !== undefined &&
  Object.keys(message).every((name) => name === 'senderKeyDistributionMessage' || name === 'messageContextInfo')

const optInEvents = (parts: ParseMessageParts, info: MessageInfo, results: readonly EncResult[]): readonly WaEvent[] => {
  const wantsPayloads = parts.isObserved('decrypted_payload')
  const wantsFailures = parts.isObserved('enc_decrypt_failed')
  if (!wantsPayloads && !wantsFailures) return []
  return results.flatMap((result): readonly WaEvent[] => {
    const { encIndex, encType } = result
    if (result.kind === 'opened' && wantsPayloads)
      return [{ type: 'decrypted_payload', info, encIndex, encType, payload: result.payload }]
    if (result.kind === 'undecryptable' && wantsFailures)
      return [{ type: 'enc_decrypt_failed', info, encIndex, encType, reason: result.reason }]
    return []
  })
}

type Failure = Pick<Parsed, 'answers' | 'placeholder' | 'trouble'> & { readonly event: UndecryptableMessageEvent }

const explainFailure = (parts: ParseMessageParts, stanza: Stanza, info: MessageInfo, failure: Undecryptable): Failure => {
  const link = parts.link()
  const event = (recovery: 'retry_receipt' | 'placeholder_request' | 'none'): UndecryptableMessageEvent => ({
    type: 'undecryptable_message',
    info,
    reason: failure.reason,
    ...(failure.cause !== undefined && { cause: failure.cause }),
    recovery,
    isUnavailable: false,
    unavailableType: 'unknown',
    decryptFailMode: hidesFailure(stanza) ? 'hide' : 'show',
  })
  const trouble = { info, failure }
  // Only what a bot said hangs on another message, and bots are not asked again.
  if (failure.encType === 'msmsg' && failure.reason !== 'malformed_ciphertext' && !failure.isOpened)
    return { event: event('none'), trouble, answers: [messageNackOf(stanza, link, failure.reason === 'no_message_secret' ? nackCode.missingMessageSecret : nackCode.unhandledError)] }
  // The sender cannot mend these: what it sent is broken, so it would send the same again.
  if (failure.reason === 'malformed_ciphertext' || failure.reason === 'malformed_node')
    return { event: event('none'), trouble, answers: [messageNackOf(stanza, link, nackCode.parsingError)] }
  if (failure.isOpened) return { event: event('none'), trouble, answers: [messageNackOf(stanza, link, nackCode.invalidProtobuf)] }
  if (failure.reason === 'unsupported_enc_type') return { event: event('none'), trouble, answers: [messageAckOf(stanza, link)] }
  // A bot that writes into a group of people cannot be asked (protocol document 06, section 5).
  if (info.source.isGroup && info.source.sender.server === 'bot') return { event: event('none'), trouble, answers: [messageAckOf(stanza, link)] }
  // Asking ourselves is futile; the receipt clears the queue (protocol document 06, section 5).
  if (info.source.isFromMe && !info.source.isGroup) return { event: event('none'), trouble, answers: deliveryOf(stanza, info, link, parts.isActive()) }
  const retry = parts.retryReceipt(stanza, info, failure)
  const canAskPhone = parts.canAskPhone(info)
  if (!retry && canAskPhone) return { event: event('placeholder_request'), trouble, ...askPhone(parts, stanza, info) }
  return {
    event: event(retry ? 'retry_receipt' : 'none'),
    trouble: { ...trouble, ...(retry && { retry }) },
    answers: retry ? [retry, messageAckOf(stanza, link)] : [messageAckOf(stanza, link)],
    // If nothing comes of that soon, the phone is asked as well.
    ...(canAskPhone && { placeholder: { info, stanza: withoutCiphertexts(stanza), isUrgent: false } }),
  }
}

/** Leaves the acknowledgement to whoever asks the phone: the request is on its way before the server forgets. */
const askPhone = (parts: ParseMessageParts, stanza: Stanza, info: MessageInfo): { readonly answers: readonly Stanza[]; readonly placeholder: PlaceholderWish } => ({
  answers: [],
  placeholder: { info, stanza: withoutCiphertexts(stanza), isUrgent: true, acknowledgement: messageAckOf(stanza, parts.link()) },
})

const hidesFailure = (stanza: Stanza): boolean =>
  childrenOf(stanza, 'enc').some((enc) => attributesOf(enc).optionalText('decrypt-fail') === 'hide')

/** The server had no content for this device; what is no secret of the phone's can be had from it. */
const explainAbsence = (parts: ParseMessageParts, stanza: Stanza, unavailable: Stanza, info: MessageInfo): Failure => {
  const read = attributesOf(unavailable)
  const isHosted = read.optionalText('hosted') === 'true'
  const isViewOnce = read.optionalText('type') === 'view_once'
  const unavailableType = childOf(stanza, 'bot') ? 'bot' : isHosted ? 'hosted' : isViewOnce ? 'view_once' : 'unknown'
  const isAsked = unavailableType === 'unknown' && parts.canAskPhone(info)
  return {
    event: {
      type: 'undecryptable_message',
      info,
      recovery: isAsked ? 'placeholder_request' : 'none',
      isUnavailable: true,
      unavailableType,
      decryptFailMode: 'show',
    },
    trouble: { info, unavailableType },
    ...(isAsked ? askPhone(parts, stanza, info) : { answers: [messageAckOf(stanza, parts.link())] }),
  }
}
