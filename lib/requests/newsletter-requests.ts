import type { Jid } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** How long live updates are granted for, in seconds: when the server says nothing, and within these bounds when it does. */
const [STANDARD, LEAST, MOST] = [300, 30, 600]

/**
 * Asks to be told at once what becomes of the posts of a channel; answered with how many seconds that holds
 * (protocol document 12, section 8).
 */
export const subscribeLiveUpdates = (channel: Jid): RequestDescription<number> => ({
  name: 'newsletters.liveUpdates',
  type: 'set',
  xmlns: 'newsletter',
  to: channel,
  content: [stanza('live_updates')],
  parse: (reply) => {
    const granted = childOf(reply, 'live_updates')
    const seconds = (granted && attributesOf(granted).optionalInteger('duration')) ?? STANDARD
    return Math.min(MOST, Math.max(LEAST, seconds))
  },
})
