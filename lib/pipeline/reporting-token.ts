import { hkdfSha256, hmacSha256 } from '#crypto'
import type { Message } from '../proto/types.generated.ts'
import { userOf, type Jid } from '../stanza/jid.ts'
import { stanza, type Stanza } from '../stanza/stanza.ts'
import { reportContent } from './report-content.ts'

/** What a reporting token is made of. */
export interface Reportable {
  readonly message: Message
  /** The same as bytes, without padding. */
  readonly content: Uint8Array
  readonly id: string
  /** We, in the address form of the chat. */
  readonly sender: Jid
  /** The person or group written to. */
  readonly chat: Jid
}

const VERSION = 2
const TOKEN_BYTES = 16
const KEY_BYTES = 32

/** Contents that cannot be reported (protocol document 05, section 10). */
const isExempt = ({ reactionMessage, encReactionMessage, pollUpdateMessage, encEventResponseMessage, keepInChatMessage }: Message): boolean =>
  (reactionMessage ?? encReactionMessage ?? pollUpdateMessage ?? encEventResponseMessage ?? keepInChatMessage) !== undefined

/** A message with its secret, which says that it has a token; those that can have none do not. */
export const withSecretAndToken = (message: Message, drawSecret: () => Uint8Array): Message => {
  const { messageContextInfo: known } = message
  const messageSecret = known?.messageSecret ?? drawSecret()
  const own = isExempt(message) ? { messageSecret } : { messageSecret, reportingTokenVersion: VERSION }
  // Most have no context yet; adding a property behind a spread costs as much as encrypting does.
  return known || 'messageContextInfo' in message ? { ...message, messageContextInfo: { ...known, ...own } } : { messageContextInfo: own, ...message }
}

/** The key of a token, 32 bytes. @param secret the message's own, 32 bytes */
export const reportingKey = (secret: Uint8Array, id: string, sender: Jid, chat: Jid): Uint8Array =>
  hkdfSha256(secret, undefined, `${id}${userOf(sender)}${userOf(chat)}Report Token`, KEY_BYTES)

/** The token over what a report covers, 16 bytes. */
export const reportingTokenOf = (key: Uint8Array, covered: Uint8Array): Uint8Array => hmacSha256(key, covered).slice(0, TOKEN_BYTES)

/**
 * Proves to the server, once somebody reports a message, that it was really sent; without a report nobody can
 * tell anything from it (protocol document 05, section 10). Undefined for what cannot be reported.
 */
export const reportingToken = ({ message, content, id, sender, chat }: Reportable): Uint8Array | undefined => {
  const secret = message.messageContextInfo?.messageSecret
  if (!secret || isExempt(message)) return undefined
  const covered = reportContent(content)
  return covered.length === 0 ? undefined : reportingTokenOf(reportingKey(secret, id, sender, chat), covered)
}

/** The node a message carries its token in. */
export const reportingNode = (reportable: Reportable): Stanza | undefined => {
  const token = reportingToken(reportable)
  return token && stanza('reporting', {}, [stanza('reporting_token', { v: VERSION }, token)])
}
