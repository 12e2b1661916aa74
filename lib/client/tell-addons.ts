import { concatMap, filter, ignoreElements, of, tap, type Observable } from 'rxjs'

import type { MessageAddonEvent } from '../events/message-addon-event.ts'
import type { MessageEvent } from '../events/message-event.ts'
import { addonIn, openAddon } from '../pipeline/open-addon.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { mapEach } from '../reactive/map-each.ts'
import type { EventHub } from './event-hub.ts'
import type { Live } from './live.ts'
import type { Session } from './session.ts'

/** What telling add-ons needs. */
export interface TellAddonsParts {
  readonly live: Live
  readonly hub: Pick<EventHub, 'emit' | 'isObserved'>
}

/** Tells what belongs to earlier messages after the message it came in, in order; nothing is opened for nobody. */
export const tellAddons = ({ live, hub }: TellAddonsParts, handled$: Observable<Parsed>): Observable<never> => {
  return handled$.pipe(
    filter(({ stanza }) => stanza.tag === 'message' && hub.isObserved('message_addon')),
    mapEach(messagesIn),
    concatMap((event) => openAddonOf(live.session, event)),
    filter((event) => event !== undefined),
    tap(hub.emit),
    ignoreElements(),
  )
}

/** The add-on of a message, opened; undefined when it has none. Emits once. */
export const openAddonOf = (session: Session, event: MessageEvent): Observable<MessageAddonEvent | undefined> => {
  const addon = addonIn(event.message)
  if (!addon) return of(undefined)
  const { addonCodecs: codecs, secrets, directory, link } = session
  return openAddon({ codecs, secrets, directory, link }, event, addon)
}

const messagesIn = ({ events, recovered }: Parsed): readonly MessageEvent[] => {
  const own = events.filter((event) => event.type === 'message')
  return recovered ? [...own, ...recovered.flatMap(messagesIn)] : own
}
