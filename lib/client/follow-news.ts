import { concatMap, EMPTY, exhaustMap, filter, merge, mergeMap, type Observable } from 'rxjs'

import type { Information } from '../pipeline/read-information.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { childOf, type Stanza } from '../stanza/stanza.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Live } from './live.ts'
import { uploadMore } from './login.ts'
import type { Settings } from './options.ts'

/** What the news need. */
export interface NewsParts {
  readonly live: Live
  readonly settings: Settings
  readonly handled$: Observable<Parsed>
  readonly information$: Observable<Information>
}

/** Acts on what the server tells in passing: where to connect next time, that prekeys run low, that devices changed. */
export const followNews = ({ live, settings, handled$, information$ }: NewsParts): Observable<unknown> => {
  const { session } = live
  const routing$ = information$.pipe(
    concatMap((information) =>
      information.kind === 'edge_routing'
        ? session.saveAccount((account) => ({ ...account, routingInfo: information.routingInfo }))
        : EMPTY,
    ),
  )
  const notification$ = handled$.pipe(
    filter(({ stanza }) => stanza.tag === 'notification'),
    mergeMap(({ stanza }) => [stanza]),
  )
  const prekeys$ = notification$.pipe(
    filter(isLowOnPrekeys),
    // One upload serves however many reminders arrive while it is under way.
    exhaustMap(() => uploadMore(live, settings)),
  )
  const devices$ = notification$.pipe(
    filter(tellsOfDevices),
    concatMap((notification) => {
      const user = attributesOf(notification).optionalJid('from')
      return user ? session.forgetDevices(user) : EMPTY
    }),
  )
  return merge(routing$, prekeys$, devices$)
}

const isLowOnPrekeys = (notification: Stanza): boolean =>
  notification.attrs['type'] === 'encrypt' && childOf(notification, 'count') !== undefined

/** `devices` is about others, `account_sync` about ourselves. */
const tellsOfDevices = (notification: Stanza): boolean =>
  notification.attrs['type'] === 'devices' ||
  (notification.attrs['type'] === 'account_sync' && childOf(notification, 'devices') !== undefined)
