import { concatMap, EMPTY, filter, mergeMap, type Observable } from 'rxjs'

import { formsOf } from '../pipeline/follow-people.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { userOf, type Jid } from '../stanza/jid.ts'
import type { Live } from './live.ts'

/**
 * A linked device that begins a session although its owner's list does not have it: the list is asked for
 * again with the next message (protocol document 06, section 4). Only first messages are looked at, because
 * no stranger writes another kind.
 */
export const followStrangers = ({ session }: Live, handled$: Observable<Parsed>): Observable<unknown> =>
  handled$.pipe(
    filter(({ results }) => results.some(({ kind, encType }) => kind === 'opened' && encType === 'pkmsg')),
    mergeMap(({ events }): readonly Jid[] => {
      const message = events.find((event) => event.type === 'message')
      return message && message.info.source.sender.device !== 0 ? [message.info.source.sender] : []
    }),
    concatMap((sender) => {
      const forms = formsOf(session.directory, sender)
      return session.devices
        .known(forms)
        .pipe(concatMap((lists) => (lists.some((list) => list && !list.some(({ device }) => device === sender.device)) ? session.forgetDevices(userOf(sender)) : EMPTY)))
    }),
  )
