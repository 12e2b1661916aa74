import { isLid, isPhoneNumber, userOf, type Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'

/** A token somebody gave us. */
export interface GivenToken {
  readonly token: Uint8Array
  readonly atSeconds: number
}

/** The reading of a notification. */
export type TokenReading =
  | { readonly kind: 'news'; readonly person: Jid; readonly tokens: readonly GivenToken[] }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }
  /** It is about something else. */
  | { readonly kind: 'nothing' }

/** Most tokens taken from one notification. */
const MOST_TOKENS = 16

/**
 * Reads `privacy_token` (protocol document 11, section 12). A token without a time, without content or of
 * another type is skipped, its siblings are not.
 */
export const readPrivacyTokens = (notification: Stanza): TokenReading => {
  if (notification.attrs['type'] !== 'privacy_token') return { kind: 'nothing' }
  const read = attributesOf(notification)
  const from = read.jid('from')
  const lid = read.optionalJid('sender_lid')
  const list = childOf(notification, 'tokens')
  if (!list) read.faults.push('notification: tokens is missing')
  if (read.faults.length === 0 && !isLid(from) && !isPhoneNumber(from)) read.faults.push('notification: from is not a person')
  if (!list || read.faults.length > 0) return { kind: 'malformed', faults: read.faults }
  const person = userOf(lid && isLid(lid) && lid.user !== '' ? lid : from)
  const tokens = childrenOf(list, 'token')
    .slice(0, MOST_TOKENS)
    .flatMap((child): readonly GivenToken[] => {
      const token = bytesOf(child)
      const reader = attributesOf(child)
      const [type, atSeconds] = [reader.optionalText('type'), reader.integer('t')]
      return type === 'trusted_contact' && token && token.length > 0 && reader.faults.length === 0 && atSeconds >= 0 ? [{ token, atSeconds }] : []
    })
  return { kind: 'news', person, tokens }
}
