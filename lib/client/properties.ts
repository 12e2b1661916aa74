import { BehaviorSubject, catchError, defer, EMPTY, filter, merge, of, repeat, switchMap, tap, throwError, timer, type Observable } from 'rxjs'

import { ConnectionLost } from '../errors/connection-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { Parsed } from '../pipeline/parsed.ts'
import { isPropertiesNews } from '../pipeline/parse.ts'
import { fetchProperties, type ServerProperties } from '../requests/property-requests.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

/** Switches and limits that the server sets for this account ("A/B props"), by their number. */
export interface Properties {
  /** The value as the server wrote it: numbers in decimal, switches as `1`, `0`, `true` or `false`. Undefined when it set none. */
  readonly valueOf: (code: number) => string | undefined
  /** All of them: those known now, and again after each change. Empty before the first login. */
  readonly values$: Observable<ReadonlyMap<number, string>>
}

/** Where they are kept as long as the client lives. */
export interface PropertiesKeeper extends Properties {
  readonly known: () => Pick<ServerProperties, 'hash' | 'refreshId'>
  readonly take: (properties: ServerProperties) => void
  readonly forget: () => void
}

/** Nothing is known. */
export const createPropertiesKeeper = (): PropertiesKeeper => {
  const values$ = new BehaviorSubject<ReadonlyMap<number, string>>(new Map())
  let known: Pick<ServerProperties, 'hash' | 'refreshId'> = {}
  return {
    valueOf: (code) => values$.value.get(code),
    values$: values$.asObservable(),
    known: () => known,
    take: ({ hash, refreshId, isDelta, values }) => {
      // The same name is the same set: the server need not repeat it.
      const isSame = hash !== undefined && hash === known.hash && values.size === 0
      known = { ...(hash !== undefined && { hash }), ...(refreshId !== undefined && { refreshId }) }
      if (!isSame) values$.next(isDelta ? new Map([...values$.value, ...values]) : values)
    },
    forget: () => {
      known = {}
      values$.next(new Map())
    },
  }
}

/** Asked again after so long when the server did not say, in seconds. */
const STANDARD_SECONDS = 86_400

/** Never sooner than this, never later than platforms can wait for. */
const [LEAST_SECONDS, MOST_SECONDS] = [60, 7 * 86_400]

/**
 * Keeps the properties of a connection fresh: asks at once, when the server says that they changed, and
 * when their time is up. Emits nothing of use; errors only with the connection.
 */
export const followProperties = (
  live: Pick<Live, 'request'>,
  keeper: PropertiesKeeper,
  handled$: Observable<Parsed>,
  { scheduler }: Pick<Settings, 'scheduler'>,
): Observable<unknown> =>
  merge(of(undefined), handled$.pipe(filter(({ stanza }) => isPropertiesNews(stanza)))).pipe(
    // News make the answer to an older question worthless.
    switchMap(() => {
      let seconds = STANDARD_SECONDS
      return defer(() => live.request(fetchProperties(keeper.known()))).pipe(
        tap((properties) => {
          seconds = Math.min(Math.max(properties.refreshSeconds ?? STANDARD_SECONDS, LEAST_SECONDS), MOST_SECONDS)
          keeper.take(properties)
        }),
        // Nobody depends on them: a refusal is asked again in time.
        catchError((error: unknown) => (error instanceof RxwaError && !(error instanceof ConnectionLost) ? EMPTY : throwError(() => error))),
        repeat({ delay: () => timer(seconds * 1_000, scheduler) }),
      )
    }),
  )
