import type { AccountLink } from '../account/account.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { readDeviceNews } from './read-device-news.ts'
import { readPrivacyTokens } from './read-privacy-tokens.ts'
import { readIdentityNews } from './read-identity-news.ts'

/** What a notification tells about devices and identities; undefined when it is about something else. */
export const peopleEvents = (notification: Stanza, link: () => AccountLink): readonly WaEvent[] | undefined => {
  const tokens = readPrivacyTokens(notification)
  // A token is kept, not told.
  if (tokens.kind === 'news') return []
  if (tokens.kind === 'malformed') return [{ type: 'malformed_stanza', node: notification, faults: tokens.faults }]
  const devices = readDeviceNews(notification, link)
  const reading = devices.kind === 'nothing' ? readIdentityNews(notification, link) : devices
  if (reading.kind === 'news') return [reading.event]
  // About ourselves, or about a linked device: nothing follows from it.
  if (reading.kind === 'nothing' && notification.attrs['type'] === 'encrypt' && childOf(notification, 'identity')) return []
  return reading.kind === 'malformed' ? [{ type: 'malformed_stanza', node: notification, faults: reading.faults }] : undefined
}
