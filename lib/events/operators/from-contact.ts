import { filter, type MonoTypeOperatorFunction } from 'rxjs'

import { sameUser, toJid, type Jid } from '../../stanza/jid.ts'
import type { MessageInfo } from '../message-event.ts'

/**
 * Lets the messages pass that one person wrote, in any chat, from any device, under either address.
 *
 * @throws JidInvalid
 * @example
 * client.messages$.pipe(fromContact('15550100002@s.whatsapp.net')).subscribe()
 */
export const fromContact = <Event extends { readonly info: Pick<MessageInfo, 'source'> }>(
  contact: Jid | string,
): MonoTypeOperatorFunction<Event> => {
  const wanted = toJid(contact)
  return filter(({ info: { source } }) =>
    sameUser(source.sender, wanted) || (source.senderAlt !== undefined && sameUser(source.senderAlt, wanted)),
  )
}
