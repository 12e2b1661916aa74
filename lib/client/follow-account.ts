import { concatMap, EMPTY, filter, map, type Observable } from 'rxjs'

import { announcePresence } from '../features/presence.ts'
import { newNameIn } from '../pipeline/notifications/account-sync.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isOwn } from '../pipeline/read-source.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

/** Keeps the name another device gave us, and shows it from now on (protocol document 11, section 7). */
export const followOwnName = (live: Live, { pushName }: Pick<Settings, 'pushName'>, handled$: Observable<Parsed>): Observable<unknown> =>
  handled$.pipe(
    map(({ stanza }) => stanza),
    filter((stanza) => isAboutUs(live, stanza)),
    concatMap((stanza) => {
      const name = newNameIn(stanza, live.session.account().pushName)
      if (name === undefined) return EMPTY
      return live.session.saveAccount((account) => ({ ...account, pushName: name })).pipe(
        // A name given as an option stays what we show.
        concatMap(() => (live.isActive() && pushName === undefined ? live.write(announcePresence(true, name)) : EMPTY)),
      )
    }),
  )

const isAboutUs = ({ session }: Live, stanza: Stanza): boolean => {
  if (stanza.tag !== 'notification' || stanza.attrs['type'] !== 'account_sync') return false
  const from = attributesOf(stanza).optionalJid('from')
  return from !== undefined && isOwn(session.link(), from)
}
