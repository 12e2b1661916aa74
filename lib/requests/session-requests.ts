import { attributesOf } from '../stanza/read-attributes.ts'
import type { Jid } from '../stanza/jid.ts'
import { stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** A request whose answer says nothing but yes. */
const plain = (
  description: Omit<RequestDescription<true>, 'parse'>,
): RequestDescription<true> => ({ ...description, parse: () => true })

/** Leaves passive mode: from here on the server delivers (protocol document 02, section 5). */
export const goActive = plain({ name: 'passive.active', type: 'set', xmlns: 'passive', content: [stanza('active')] })

/** Deadline of a ping; a connection that misses two is dead (protocol document 02, section 8). */
export const PING_LIMIT_MS = 20_000

/** Asks for a sign of life; the reply is the server's clock in seconds, when it sent it. */
export const ping: RequestDescription<{ readonly serverSeconds?: number }> = {
  name: 'keepalive.ping',
  type: 'get',
  xmlns: 'w:p',
  timeoutMs: PING_LIMIT_MS,
  parse: (reply) => {
    const serverSeconds = attributesOf(reply).optionalInteger('t')
    return serverSeconds === undefined ? {} : { serverSeconds }
  },
}

/** Says that what was dirty was looked at, as far as it was then (protocol document 08, section 1). */
export const cleanDirty = (dirtyType: string, timestamp: Date): RequestDescription<true> =>
  plain({
    name: 'dirty.clean',
    type: 'set',
    xmlns: 'urn:xmpp:whatsapp:dirty',
    content: [stanza('clean', { type: dirtyType, timestamp: Math.floor(timestamp.getTime() / 1000) })],
  })

/** Deadline of a logout; it ends the link whether or not it was answered. */
const LOGOUT_LIMIT_MS = 3_000

/** Ends the link of a device of ours (protocol document 03, section 6). */
export const removeDevice = (device: Jid): RequestDescription<true> =>
  plain({
    name: 'devices.remove',
    type: 'set',
    xmlns: 'md',
    timeoutMs: LOGOUT_LIMIT_MS,
    content: [stanza('remove-companion-device', { jid: device, reason: 'user_initiated' })],
  })
