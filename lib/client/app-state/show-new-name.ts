import { concatMap, EMPTY, type Observable } from 'rxjs'

import { announcePresence } from '../../features/presence.ts'
import type { EventHub } from '../event-hub.ts'
import type { Live } from '../live.ts'
import type { Settings } from '../options.ts'

/** Keeps the name the app state has for us, tells it, and shows it from now on (protocol document 08, section 10). */
export const showNewName = (live: Live, { pushName }: Pick<Settings, 'pushName'>, hub: Pick<EventHub, 'emit'>, newName: string, fromServer: boolean): Observable<unknown> => {
  const oldName = live.session.account().pushName
  if (oldName === newName) return EMPTY
  return live.session.saveAccount((account) => ({ ...account, pushName: newName })).pipe(
    concatMap(() => {
      hub.emit({ type: 'self_push_name_updated', fromServer, newName, ...(oldName && { oldName }) })
      // A name given as an option stays what we show; without any name we were not there yet.
      return pushName === undefined && (live.isActive() || !oldName) ? live.write(announcePresence(true, newName)) : EMPTY
    }),
  )
}
