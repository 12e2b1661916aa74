import { filter, takeUntil, type MonoTypeOperatorFunction, type Observable } from 'rxjs'

import type { ConnectionState } from '../connection-events.ts'

/**
 * Passes values until the connection is lost, given up or closed, then completes; completes at once when
 * there is none. A connection that is being made counts as one.
 *
 * Errors: those of either source.
 *
 * @param connectionState$ the present state first, as `client.connectionState$`
 * @example
 * client.messages$.pipe(untilDisconnected(client.connectionState$)).subscribe({ complete: () => console.log('gone') })
 */
export const untilDisconnected = <T>(connectionState$: Observable<ConnectionState>): MonoTypeOperatorFunction<T> =>
  takeUntil(connectionState$.pipe(filter(({ kind }) => kind === 'waiting' || kind === 'closed' || kind === 'ended')))
