import { filter, type MonoTypeOperatorFunction } from 'rxjs'

import { toJid, type Jid } from '../../stanza/jid.ts'
import { sourceOf, type ChatEvent } from './source-of.ts'

/**
 * Lets what happens in groups pass: in any group, or in those that are named.
 *
 * @throws JidInvalid
 * @example
 * client.messages$.pipe(inGroups('120363000000000001@g.us')).subscribe()
 */
export const inGroups = <Event extends ChatEvent>(...groups: ReadonlyArray<Jid | string>): MonoTypeOperatorFunction<Event> => {
  const wanted = new Set(groups.map((group) => toJid(group).toString()))
  return filter((event) => {
    const { chat, isGroup } = sourceOf(event)
    return isGroup && (wanted.size === 0 || wanted.has(chat.toString()))
  })
}
