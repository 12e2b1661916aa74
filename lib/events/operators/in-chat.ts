import { filter, type MonoTypeOperatorFunction } from 'rxjs'

import { sameUser, toJid, type Jid } from '../../stanza/jid.ts'
import { sourceOf, type ChatEvent } from './source-of.ts'

export type { ChatEvent } from './source-of.ts'

/**
 * Lets the events of one chat pass, whichever of its two addresses (phone number or LID) they carry.
 *
 * @throws JidInvalid
 * @example
 * client.messages$.pipe(inChat('15550100002@s.whatsapp.net')).subscribe()
 */
export const inChat = <Event extends ChatEvent>(chat: Jid | string): MonoTypeOperatorFunction<Event> => {
  const wanted = toJid(chat)
  return filter((event) => {
    const { chat: own, isFromMe, isGroup, senderAlt, recipientAlt } = sourceOf(event)
    const other = isFromMe ? recipientAlt : senderAlt
    return sameUser(own, wanted) || (!isGroup && other !== undefined && sameUser(other, wanted))
  })
}
