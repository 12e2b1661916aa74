import { catchError, concatMap, defer, EMPTY, of, repeat, throwError, timer, type Observable } from 'rxjs'

import type { Account } from '../account/account.ts'
import { RequestTimedOut, ServerRefused } from '../errors/request-errors.ts'
import { rotateSignedPrekey } from '../requests/prekey-requests.ts'
import { generateSignedPrekey, idAfter } from '../signal/prekeys.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'

const DAY_MS = 86_400_000

/** A signed prekey serves for so long (protocol document 04, section 2.5). */
const CADENCE_MS = 27 * DAY_MS

/** A server in trouble is asked again after so long. */
const TROUBLE_MS = DAY_MS

/** Replaced keys that can still be named by first messages. */
const KEPT_OLDER = 2

/** The new key was not taken as it is; another is made next time. */
const BAD_KEY = [406, 409]

/**
 * Replaces the signed prekey when it is 27 days old, at the login and while connected. The first run only
 * takes note of the time. Emits nothing of use; errors when the store or the connection does.
 */
export const renewSignedPrekey = (live: Pick<Live, 'session' | 'request'>, { scheduler }: Pick<Settings, 'scheduler'>): Observable<unknown> => {
  const { session } = live
  const save = (change: (account: Account) => Account): Observable<Account> => session.saveAccount(change)

  const rotate = (): Observable<unknown> =>
    defer(() => {
      const { stagedSignedPrekey, identity, signedPrekey } = session.account()
      // Durable before it leaves; what may have arrived already is offered again as it is.
      return stagedSignedPrekey ? of(stagedSignedPrekey) : stage(generateSignedPrekey(identity, idAfter(signedPrekey.id)))
    }).pipe(
      concatMap((staged) => live.request(rotateSignedPrekey(staged))),
      concatMap(() => save((account) => promoted(account, scheduler.now()))),
      catchError((error: unknown) => {
        // Nobody knows whether it arrived: the next connection asks again.
        if (error instanceof RequestTimedOut) return EMPTY
        if (!(error instanceof ServerRefused)) return throwError(() => error)
        const atMs = scheduler.now() - (error.status >= 500 ? CADENCE_MS - TROUBLE_MS : 0)
        return save((account) => ({ ...(BAD_KEY.includes(error.status) ? withoutStaged(account) : account), signedPrekeyAtMs: atMs }))
      }),
    )

  const stage = (stagedSignedPrekey: NonNullable<Account['stagedSignedPrekey']>) =>
    save((account) => ({ ...account, stagedSignedPrekey })).pipe(concatMap(() => of(stagedSignedPrekey)))

  return defer(() => {
    const { signedPrekeyAtMs } = session.account()
    if (signedPrekeyAtMs === undefined) return save((account) => ({ ...account, signedPrekeyAtMs: scheduler.now() }))
    return scheduler.now() - signedPrekeyAtMs >= CADENCE_MS ? rotate() : EMPTY
  }).pipe(
    // A day at a time: platforms cannot wait for 27.
    repeat({ delay: () => timer(DAY_MS, scheduler) }),
  )
}

const withoutStaged = ({ stagedSignedPrekey: _, ...account }: Account): Account => account

/** The staged key takes the place of the present one, which is kept for first messages under way. */
const promoted = (account: Account, atMs: number): Account => {
  const { stagedSignedPrekey, signedPrekey, olderSignedPrekeys = [] } = account
  if (!stagedSignedPrekey) return account
  return {
    ...withoutStaged(account),
    signedPrekey: stagedSignedPrekey,
    olderSignedPrekeys: [signedPrekey, ...olderSignedPrekeys].slice(0, KEPT_OLDER),
    signedPrekeyAtMs: atMs,
  }
}
