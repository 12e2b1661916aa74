import { catchError, concatMap, EMPTY, filter, map, merge, mergeMap, tap, throwError, type Observable } from 'rxjs'

import { RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import type { IdentityChangeEvent } from '../events/identity-events.ts'
import type { WaEvent } from '../events/wa-event.ts'
import { addressesOf, formsOf } from '../pipeline/follow-people.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isOwn } from '../pipeline/read-source.ts'
import { mapEach } from '../reactive/map-each.ts'
import { isLid, parseJid, type Jid } from '../stanza/jid.ts'
import { beginSessions } from './begin-sessions.ts'
import { giveAgain } from './follow-tokens.ts'
import type { Live } from './live.ts'

/** What following identities needs. */
export interface FollowIdentitiesParts {
  readonly live: Live
  readonly emit: (event: WaEvent) => void
  readonly handled$: Observable<Parsed>
}

/**
 * Goes on where somebody has a new identity: sessions are begun before anybody needs them when the server
 * said so, and put away when we noticed it ourselves (protocol document 11, section 5, steps 5 to 7 and the
 * local variant). Emits nothing of use; errors only with the connection or the store.
 */
export const followIdentities = ({ live, emit, handled$ }: FollowIdentitiesParts): Observable<unknown> => {
  const toldAny$ = handled$.pipe(
    mapEach(({ events }) => events),
    filter((event) => event.type === 'identity_change'),
  )
  const told$ = toldAny$.pipe(
    // Those of the backlog wait for the next message to these people: it must not be held up by questions.
    filter(({ offline }) => !offline),
    mergeMap(({ user }) => beginSessions(live, user).pipe(catchError((error: unknown) => (isHarmless(error) ? EMPTY : throwError(() => error)))), PEOPLE_AT_ONCE),
  )
  const noticed$ = live.session.replacedIdentities$.pipe(
    mergeMap((address) => {
      const device = parseJid(address)
      return device && device.device === 0 && !isOwn(live.session.link(), device) ? [device] : []
    }),
    concatMap((user) => putAwayLinked(live, user).pipe(map(() => noticed(live, user)))),
    tap((event) => emit(event)),
  )
  const listed$ = live.session.otherPhones$.pipe(concatMap((user) => putAwayLinked(live, user, 'list is new')))
  const again$ = merge(toldAny$, noticed$).pipe(mergeMap(({ user }) => giveAgain(live, user), PEOPLE_AT_ONCE))
  return merge(told$, again$, listed$)
}

/** Sessions are begun with so many people at a time. */
const PEOPLE_AT_ONCE = 4

/** The next message tries again. */
const isHarmless = (error: unknown): boolean => error instanceof ServerRefused || error instanceof RequestTimedOut || error instanceof SignalFailed

const noticed = ({ session }: Live, address: Jid): IdentityChangeEvent => {
  const alternate = session.directory.alternate(address)
  const lidUser = isLid(address) ? address : alternate
  return { type: 'identity_change', user: isLid(address) ? (alternate ?? address) : address, ...(lidUser && { lidUser }), implicit: true, offline: false }
}

/** What belongs to the linked devices of a phone that is another one now; they are asked for again, unless that was done. */
const putAwayLinked = ({ session }: Live, user: Jid, list: 'list is old' | 'list is new' = 'list is old'): Observable<void> => {
  const { devices, directory, pool, ownKeys, commit } = session
  const forms = formsOf(directory, user)
  return devices.lists(forms).pipe(
    concatMap((lists) => {
      const linked = [...new Set(lists.flatMap((list) => list?.ids ?? []))].filter((id) => id !== 0)
      const addresses = addressesOf(forms, linked)
      return pool.borrow(addresses).pipe(
        concatMap((loan) => {
          for (const address of addresses) loan.put(address, { session: undefined, identity: undefined })
          ownKeys.unmarkPeople(forms)
          const durable$ = commit([...loan.writes(), ...(list === 'list is old' ? devices.forget(forms) : [])])
          loan.keep()
          return durable$
        }),
      )
    }),
  )
}
