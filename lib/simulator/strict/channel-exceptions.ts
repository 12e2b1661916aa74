import { iq, one, type DocumentedRequest, type ShapeException } from './written.ts'

const toChannel = { to: 'jid' }

/** Where the published shapes about channels are known to be incomplete. */
export const CHANNEL_EXCEPTIONS: readonly ShapeException[] = [
  { of: 'GetNewsletterMessageUpdates', at: 'message_updates', optional: ['after', 'before'], because: '12, section 7: one of the two at most' },
  { of: 'GetNewsletterStatusUpdates', at: 'status_updates', optional: ['after', 'before'], because: '12, section 7: one of the two at most' },
]

/** Requests about channels in forms that are not published. */
export const CHANNEL_REQUESTS: readonly DocumentedRequest[] = [
  {
    name: 'GetMessagesOfChannel',
    request: iq('get', 'newsletter', [one('messages', { attrs: { type: '=jid', jid: 'jid', count: 'int', before: 'int?', after: 'int?', view_role: 'string?' } })]),
    because: '12, section 7: the form of the web client',
  },
  { name: 'GetMessagesAtChannel', request: iq('get', 'newsletter', [one('messages', { attrs: { count: 'int', before: 'int?' } })], toChannel), because: '12, section 7: the form of other clients' },
]
