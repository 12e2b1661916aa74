import { concat, EMPTY, filter, map, mergeMap, of, scan, startWith, takeUntil, timer, type Observable, type SchedulerLike } from 'rxjs'

import { inChat } from '../../events/operators/in-chat.ts'
import type { ChatPresenceEvent } from '../../events/presence-events.ts'
import { sameUser, userOf, type Jid } from '../../stanza/jid.ts'

/** Somebody who writes or speaks now. */
export interface TypingPerson {
  readonly person: Jid
  readonly media: 'text' | 'audio'
}

/** Nobody writes for longer without saying so again; ours to choose, as no document names a limit. */
export const TYPING_LIMIT_MS = 25_000

/** Most people shown at a time. */
const MOST = 1_000

/** Who writes in a chat, nobody at first; each change gives a new list. */
export const typingView = (chatPresence$: Observable<ChatPresenceEvent>, chat: Jid, scheduler: SchedulerLike): Observable<readonly TypingPerson[]> => {
  const event$ = chatPresence$.pipe(inChat<ChatPresenceEvent>(chat), filter(({ source }) => !source.isFromMe))
  return event$.pipe(
    mergeMap((event) => {
      const { sender } = event.source
      if (event.state === 'paused') return of(event)
      const again$ = event$.pipe(filter(({ source }) => sameUser(source.sender, sender)))
      const silence$ = timer(TYPING_LIMIT_MS, scheduler).pipe(map((): ChatPresenceEvent => ({ ...event, state: 'paused' })), takeUntil(again$))
      return concat(of(event), event.state === 'composing' ? silence$ : EMPTY)
    }),
    scan((people: readonly TypingPerson[], { source, state, media }) => {
      const others = people.filter(({ person }) => !sameUser(person, source.sender))
      return state === 'paused' || others.length >= MOST ? others : [...others, { person: userOf(source.sender), media }]
    }, []),
    startWith([]),
  )
}
