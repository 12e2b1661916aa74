import { catchError, concatMap, debounceTime, defer, EMPTY, filter, forkJoin, from, map, switchMap, tap, throwError, toArray, type Observable } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { PrivacySettings } from '../events/account-events.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { fetchDisallowedList, fetchPrivacySettings, LIST_CATEGORIES } from '../requests/privacy-requests.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { childOf, childrenOf, type Stanza } from '../stanza/stanza.ts'
import type { EventHub } from './event-hub.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

/** Changes come in groups: asked once they have stopped for so long. The documents name no time. */
const QUIET_MS = 1_000

/**
 * Asks for the privacy settings when the server says that they changed, if anybody wants to know, and tells
 * them (protocol document 11, section 7). What the notification itself says is only a hint.
 */
export const followPrivacy = (live: Pick<Live, 'request'>, { scheduler }: Pick<Settings, 'scheduler'>, hub: Pick<EventHub, 'emit' | 'isObserved'>, handled$: Observable<Parsed>): Observable<unknown> =>
  defer(() => {
    let known: PrivacySettings | undefined
    const named = new Set<string>()
    return handled$.pipe(
      map(({ stanza }) => privacyIn(stanza)),
      filter((privacy) => privacy !== undefined && hub.isObserved('privacy_settings_changed')),
      tap((privacy) => privacy && categoriesIn(privacy).forEach((name) => named.add(name))),
      debounceTime(QUIET_MS, scheduler),
      // Newer news make the answer to an older question worthless.
      switchMap(() =>
        forkJoin({ settings: live.request(fetchPrivacySettings), disallowedLists: listsOf(live) }).pipe(
          tap(({ settings, disallowedLists }) => {
            const before = known
            const changed = before ? namesOf(before, settings).filter((name) => before[name] !== settings[name]) : [...named]
            known = settings
            named.clear()
            hub.emit({ type: 'privacy_settings_changed', settings, changed, disallowedLists })
          }),
          catchError((error: unknown) => (isRefusal(error) ? EMPTY : throwError(() => error))),
        ),
      ),
    )
  })

/** Nobody depends on these: a refusal leaves the user with what they know. */
const isRefusal = (error: unknown): boolean => error instanceof RxwaError && !(error instanceof ConnectionLost)

const listsOf = (live: Pick<Live, 'request'>) =>
  from(LIST_CATEGORIES).pipe(
    concatMap((category) => live.request(fetchDisallowedList(category)).pipe(catchError((error: unknown) => (isRefusal(error) ? EMPTY : throwError(() => error))))),
    toArray(),
  )

const privacyIn = (stanza: Stanza): Stanza | undefined =>
  stanza.tag === 'notification' && stanza.attrs['type'] === 'account_sync' ? childOf(stanza, 'privacy') : undefined

const categoriesIn = (privacy: Stanza): readonly string[] => childrenOf(privacy, 'category').flatMap((category) => attributesOf(category).optionalText('name') ?? [])

const namesOf = (...settings: readonly PrivacySettings[]): readonly string[] => [...new Set(settings.flatMap(Object.keys))]
