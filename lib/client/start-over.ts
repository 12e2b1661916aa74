import { catchError, concat, concatMap, defer, EMPTY, finalize, from, map, of, repeat, takeWhile, throwError, type MonoTypeOperatorFunction, type Observable } from 'rxjs'

import { newAccount } from '../account/account.ts'
import { decodeAccount } from '../account/account-codec.ts'
import { LoggedOut } from '../errors/connection-errors.ts'
import { CredentialsCorrupt } from '../errors/store-errors.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import { tables, type Awaitable, type OpenStore, type Store, type Table } from '../store/store.ts'
import { storeCall } from '../store/store-lease.ts'
import { ACCOUNT_KEY, accountWrite, type Session } from './session.ts'

/**
 * Keeps credentials that the server no longer takes from being used: marks them when a connection ends
 * with `LoggedOut`, and errors with it at once, without dialing, when they are marked.
 */
export const refuseRevoked =
  <T>(session: Pick<Session, 'account' | 'saveAccount'>): MonoTypeOperatorFunction<T> =>
  (life$) =>
    defer(() => {
      const { revokedReason } = session.account()
      return revokedReason === undefined ? life$ : throwError(() => new LoggedOut(revokedReason))
    }).pipe(
      catchError((error: unknown) => {
        const { link, revokedReason } = session.account()
        if (!(error instanceof LoggedOut) || !link || revokedReason !== undefined) return throwError(() => error)
        return session
          .saveAccount((account) => ({ ...account, revokedReason: error.reason }))
          .pipe(concatMap(() => throwError(() => error)))
      }),
    )

/** Rows deleted in one transaction. */
const PAGE = 1_000

/** The account ended on our side, by nobody's word but ours. */
const GIVEN_UP = 401

/**
 * Deletes everything a store holds and puts new credentials in. What is cut short half-way leaves
 * credentials that are marked as revoked; doing it again finishes it.
 */
export const startOver = (store: Store): Observable<unknown> =>
  storeCall('open', () => store.open()).pipe(
    concatMap((open) => {
      let isClosed = false
      const close = (): Awaitable<void> => {
        isClosed = true
        return open.close()
      }
      return concat(
        revoke(open),
        from(tables.filter((table) => table !== 'account')).pipe(concatMap((table) => wipe(open, table))),
        storeCall('commit', () => open.commit([accountWrite(newAccount())])),
        // Part of the work: whoever waited for it opens the store next.
        fromAwaitable(close),
      ).pipe(
        finalize(() => {
          if (!isClosed) void close()
        }),
      )
    }),
  )

const revoke = (open: OpenStore): Observable<unknown> =>
  storeCall('read', () => open.read('account', ACCOUNT_KEY)).pipe(
    concatMap((row) => {
      const account = row && decodeAccount(row)
      return account?.link ? storeCall('commit', () => open.commit([accountWrite({ ...account, revokedReason: account.revokedReason ?? GIVEN_UP })])) : EMPTY
    }),
    // Credentials that cannot be read are gone already.
    catchError((error: unknown) => (error instanceof CredentialsCorrupt ? EMPTY : throwError(() => error))),
  )

/** Each page is deleted before the next is read, so every scan begins at the front. */
const wipe = (open: OpenStore, table: Table): Observable<unknown> =>
  storeCall('read', () => open.scan(table, undefined, PAGE)).pipe(
    concatMap((rows) =>
      rows.length === 0
        ? of(0)
        : storeCall('commit', () => open.commit(rows.map(({ key }) => ({ table, key, value: undefined })))).pipe(map(() => rows.length)),
    ),
    repeat(),
    takeWhile((count) => count > 0),
  )
