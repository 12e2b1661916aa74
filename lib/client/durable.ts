import { EMPTY, endWith, map, switchMap, take, takeWhile, throwError, type Observable } from 'rxjs'

import { NotConnected } from '../errors/request-errors.ts'
import { OptionInvalid } from '../errors/option-invalid.ts'
import { durableTypes, type DurableEvent, type DurableType } from '../events/durable-event.ts'
import type { Session } from './session.ts'

const LONGEST_NAME = 64

/**
 * A durable consumer over whatever session is open.
 *
 * @throws OptionInvalid
 */
export const durable = <Type extends DurableType>(
  session$: Observable<Session | undefined>,
  name: string,
  types: readonly Type[] | undefined,
): Observable<DurableEvent<Type>> => {
  if (typeof name !== 'string' || name.length === 0 || name.length > LONGEST_NAME)
    throw new OptionInvalid('name', `a text of 1 to ${LONGEST_NAME} characters`, typeof name === 'string' ? `${name.length} characters` : typeof name)
  const wanted: readonly DurableType[] = types ?? durableTypes
  if (!Array.isArray(wanted) || wanted.length === 0 || !wanted.every((type) => durableTypes.includes(type)))
    throw new OptionInvalid('types', `a list of some of ${durableTypes.join(', ')}`, 'something else')
  return session$.pipe(
    // A name completes only when it is given up, or with its client.
    switchMap((session) => (session ? session.deliveries.attach(name, wanted).pipe(endWith(undefined)) : EMPTY)),
    takeWhile((given) => given !== undefined),
    // Only events of the wanted kinds are owed to it.
    map((given) => given as unknown as DurableEvent<Type>),
  )
}

/** Uses the open session. Errors with `NotConnected` when there is none. */
export const onSession = <T>(what: string, session$: Observable<Session | undefined>, use: (session: Session) => Observable<T>): Observable<T> =>
  session$.pipe(
    take(1),
    switchMap((session) => (session ? use(session) : throwError(() => new NotConnected(what)))),
  )
