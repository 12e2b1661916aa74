import { concat, EMPTY, type Observable } from 'rxjs'

import type { ContactNumberChangedEvent, LidChangeEvent } from '../events/contact-events.ts'
import type { GroupUpdateEvent } from '../events/group-events.ts'
import { sameUser } from '../stanza/jid.ts'
import { learn, type ViewState } from './view-state.ts'

/** Something happened in a group that its chat shows. */
export const projectGroup = ({ book, me }: ViewState, { groupJid, action }: GroupUpdateEvent): Observable<never> => {
  const change = (changes: Parameters<typeof book.changeChat>[1]): Observable<never> => {
    book.changeChat(book.openChat(groupJid).number, changes)
    return EMPTY
  }
  const concernsUs = (): boolean => {
    const own = me()
    return own !== undefined && 'participants' in action && action.participants.some((one) => 'jid' in one && (sameUser(one.jid, own.id) || sameUser(one.jid, own.lid)))
  }
  switch (action.type) {
    case 'subject':
      return change({ subject: action.subject })
    case 'create':
      return change({ isReadOnly: false, ...(action.metadata && { subject: action.metadata.subject, ephemeralSeconds: action.metadata.ephemeral?.expiration ?? 0 }) })
    case 'ephemeral':
      return change({ ephemeralSeconds: action.expiration })
    case 'delete':
      return change({ isReadOnly: true })
    case 'remove':
      return concernsUs() ? change({ isReadOnly: true }) : EMPTY
    case 'add':
      return concernsUs() ? change({ isReadOnly: false }) : EMPTY
    default:
      return EMPTY
  }
}

/** A person goes by another number: the chat stays the same. */
export const projectNumberChange = (state: ViewState, { oldJid, newJid, oldLid, newLid }: ContactNumberChangedEvent): Observable<never> => {
  state.book.addAddress(oldLid ?? oldJid, newJid)
  return concat(learn(state, newLid ?? oldLid, newJid))
}

/** A person goes by another hidden number. */
export const projectLidChange = ({ book }: ViewState, { change: { oldLid, newLid } }: LidChangeEvent): Observable<never> => {
  book.addAddress(oldLid, newLid)
  return EMPTY
}
