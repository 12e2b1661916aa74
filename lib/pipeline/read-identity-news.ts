import type { AccountLink } from '../account/account.ts'
import type { IdentityChangeEvent } from '../events/identity-events.ts'
import { isLid, isPhoneNumber, userOf } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { isOwn } from './read-source.ts'

/** The reading of a notification. */
export type IdentityReading =
  | { readonly kind: 'news'; readonly event: IdentityChangeEvent }
  | { readonly kind: 'malformed'; readonly faults: readonly string[] }
  /** It is about something else, about ourselves or about a linked device. */
  | { readonly kind: 'nothing' }

/** Reads that somebody has a new identity (protocol document 11, section 5, step 1). */
export const readIdentityNews = (notification: Stanza, link: () => AccountLink): IdentityReading => {
  if (notification.attrs['type'] !== 'encrypt' || !childOf(notification, 'identity')) return { kind: 'nothing' }
  const read = attributesOf(notification)
  const from = read.jid('from')
  const lid = read.optionalJid('lid')
  const displayName = read.optionalText('display_name')
  if (read.faults.length === 0 && !isLid(from) && !isPhoneNumber(from)) read.faults.push('notification: from is not a person')
  if (read.faults.length > 0) return { kind: 'malformed', faults: read.faults }
  if (from.device !== 0 || isOwn(link(), from)) return { kind: 'nothing' }
  const lidUser = lid && isLid(lid) ? userOf(lid) : isLid(from) ? from : undefined
  return {
    kind: 'news',
    event: {
      type: 'identity_change',
      user: from,
      ...(lidUser && { lidUser }),
      ...(displayName !== undefined && { displayName }),
      implicit: false,
      offline: notification.attrs['offline'] !== undefined,
    },
  }
}
