import { concatMap, distinctUntilChanged, EMPTY, expand, filter, ignoreElements, map, merge, switchMap, timer, type Observable, type SchedulerLike } from 'rxjs'

import type { NewsletterLiveUpdateEvent } from '../../events/newsletter-events.ts'
import { subscribeLiveUpdates } from '../../requests/newsletter-requests.ts'
import { sameUser, type Jid } from '../../stanza/jid.ts'
import type { LiveState } from '../live-state.ts'

/** What the view of a channel needs. */
export interface LiveUpdatesParts {
  readonly live$: Observable<LiveState>
  readonly newsletterLiveUpdates$: Observable<NewsletterLiveUpdateEvent>
  readonly scheduler: SchedulerLike
}

/** It is asked for again when so much of its time has passed. */
const RENEWED_AFTER = 0.9

/**
 * What becomes of the posts of a channel, asked for on each connection and again before the server forgets it
 * (300 seconds, unless it says otherwise). Errors with what the request errors with.
 */
export const liveUpdatesView = ({ live$, newsletterLiveUpdates$, scheduler }: LiveUpdatesParts, channel: Jid): Observable<NewsletterLiveUpdateEvent> => {
  const request = subscribeLiveUpdates(channel)
  const asked$ = live$.pipe(
    map((state) => (state.kind === 'open' ? state.live : undefined)),
    distinctUntilChanged(),
    switchMap((live) =>
      live ? live.request(request).pipe(expand((seconds) => timer(seconds * RENEWED_AFTER * 1000, scheduler).pipe(concatMap(() => live.request(request))))) : EMPTY,
    ),
    ignoreElements(),
  )
  return merge(newsletterLiveUpdates$.pipe(filter(({ newsletterJid }) => sameUser(newsletterJid, channel))), asked$)
}
