import type { Message, MessageKey } from '../proto/types.generated.ts'
import type { Jid } from '../stanza/jid.ts'

/** Who wrote a message, where. */
export interface MessageSource {
  /** The person, group or list the message belongs to; never a device. */
  readonly chat: Jid
  /** The device that wrote it. */
  readonly sender: Jid
  readonly isFromMe: boolean
  readonly isGroup: boolean
  readonly addressingMode?: 'pn' | 'lid'
  /** The sender's other address: phone number for a LID, LID for a phone number. */
  readonly senderAlt?: Jid
  /** The recipient's other address, in copies of what we wrote on another device. */
  readonly recipientAlt?: Jid
  readonly broadcastListOwner?: Jid
  readonly recipient?: Jid
}

/** `<bot>` of a message: a streamed answer of an AI bot. */
export interface MessageBotInfo {
  readonly editType?: 'first' | 'inner' | 'last' | 'full'
  readonly editTargetId?: string
  readonly editSenderTimestamp?: Date
}

/** `<meta>` and `<reporting>` of a message; empty when there is none. */
export interface MessageMetaInfo {
  readonly targetId?: string
  readonly targetSender?: Jid
  readonly targetChat?: Jid
  readonly threadMessageId?: string
  readonly threadMessageSender?: Jid
  readonly pollType?: string
  readonly eventType?: string
  readonly contentType?: string
  readonly appdata?: string
  readonly origin?: string
  readonly originalTimestamp?: Date
  readonly reportingTag?: Uint8Array
  readonly reportingToken?: Uint8Array
  readonly reportingTokenVersion?: number
}

/** The certificate of a business name, as received. */
export interface VerifiedName {
  readonly name?: string
  readonly serial?: string
  readonly issuer?: string
  readonly certificate?: Uint8Array
}

/** Everything about a message but its content. */
export interface MessageInfo {
  readonly source: MessageSource
  readonly id: string
  readonly serverId?: number
  readonly type?: string
  readonly pushName?: string
  readonly timestamp: Date
  /** `peer` for a message between devices of one account. */
  readonly category?: string
  readonly multicast: boolean
  readonly mediaType?: string
  /** 1 edit, 2 pin, 3 newsletter edit, 7 revoke by the sender, 8 revoke by an admin. */
  readonly edit?: string
  readonly botInfo?: MessageBotInfo
  readonly metaInfo: MessageMetaInfo
  readonly verifiedName?: VerifiedName
  readonly deviceSentMeta?: { readonly destinationJid: string; readonly phash: string }
  /** Seconds after which the message disappears. */
  readonly ephemeralExpiration?: number
  readonly isOffline: boolean
  readonly unavailableRequestId?: string
  readonly serverTimestampUs?: bigint
  readonly verifiedLevel?: string
  readonly verifiedNameSerial?: number
  readonly peerRecipientPn?: Jid
  readonly commentTarget?: MessageKey
  /** Readers of a status post or broadcast list, on copies of what our own phone wrote there. */
  readonly bclParticipants?: readonly Jid[]
  readonly isStatus?: boolean
}

/** One message, decrypted; in arrival order per chat. */
export interface MessageEvent {
  readonly type: 'message'
  readonly message: Message
  readonly info: MessageInfo
  /** Whether it came live or out of the backlog. */
  readonly origin: 'live' | 'offline'
  /** True when the inbox repeats an event after a crash. */
  readonly redelivered: boolean
}

/** Why a ciphertext could not be opened (events catalogue, section 12). */
export type EncDecryptFailureReason =
  | 'malformed_node'
  | 'unsupported_enc_type'
  | 'malformed_ciphertext'
  | 'no_session'
  | 'no_sender_key'
  | 'unknown_pre_key'
  | 'untrusted_identity'
  | 'bad_mac'
  | 'invalid_message'
  | 'no_message_secret'
  | 'local_crypto_failure'
  | 'signal_error'
  | 'storage_failure'
  | 'plaintext_unusable'
  | 'not_attempted'

/** A message that cannot be shown (yet); a recovery arrives as a `message` with the same id. */
export interface UndecryptableMessageEvent {
  readonly type: 'undecryptable_message'
  readonly info: MessageInfo
  /** Absent when the server had no content for this device. */
  readonly reason?: EncDecryptFailureReason
  /** The failure underneath. */
  readonly cause?: unknown
  readonly recovery?: 'retry_receipt' | 'placeholder_request' | 'none'
  readonly isUnavailable: boolean
  readonly unavailableType: 'unknown' | 'view_once' | 'hosted' | 'bot'
  /** `hide`: show nothing, also no placeholder. */
  readonly decryptFailMode: 'show' | 'hide'
}

/** One ciphertext that was opened, before its content is decoded; opt-in. */
export interface DecryptedPayloadEvent {
  readonly type: 'decrypted_payload'
  readonly info: MessageInfo
  /** Position of the `enc` in its stanza. */
  readonly encIndex: number
  readonly encType: string
  readonly state?: string
  readonly sessionType?: string
  /** The plaintext without padding. */
  readonly payload: Uint8Array
}

/** One ciphertext that was not opened; opt-in, repeats per delivery. */
export interface EncDecryptFailedEvent {
  readonly type: 'enc_decrypt_failed'
  readonly info: MessageInfo
  readonly encIndex: number
  readonly encType?: string
  readonly reason: EncDecryptFailureReason
}

/** A message of ours is about to leave. */
export interface MessageSentEvent {
  readonly type: 'message_sent'
  readonly to: Jid
  readonly id?: string
  readonly message: Message
}
