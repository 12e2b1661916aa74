import { concatMap, filter, ignoreElements, mergeMap, tap, type Observable } from 'rxjs'

import type { MessageEvent } from '../events/message-event.ts'
import { addonIn, openAddon } from '../pipeline/open-addon.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import type { EventHub } from './event-hub.ts'
import type { Live } from './live.ts'

/** What telling add-ons needs. */
export interface TellAddonsParts {
  readonly live: Live
  readonly hub: Pick<EventHub, 'emit' | 'isObserved'>
}

/** Tells what belongs to earlier messages after the message it came in, in order; nothing is opened for nobody. */
export const tellAddons = ({ live, hub }: TellAddonsParts, handled$: Observable<Parsed>): Observable<never> => {
  const { session } = live
  const parts = { codecs: session.addonCodecs, secrets: session.secrets, directory: session.directory, link: session.link }
  return handled$.pipe(
    filter(({ stanza }) => stanza.tag === 'message' && hub.isObserved('message_addon')),
    mergeMap((parsed) =>
      messagesIn(parsed).flatMap((event) => {
        const addon = addonIn(event.message)
        return addon ? [{ event, addon }] : []
      }),
    ),
    concatMap(({ event, addon }) => openAddon(parts, event, addon)),
    tap(hub.emit),
    ignoreElements(),
  )
}

const messagesIn = ({ events, recovered }: Parsed): readonly MessageEvent[] => {
  const own = events.filter((event) => event.type === 'message')
  return recovered ? [...own, ...recovered.flatMap(messagesIn)] : own
}
