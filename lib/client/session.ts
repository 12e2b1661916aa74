import { BehaviorSubject, catchError, concatMap, finalize, forkJoin, map, Observable, of, tap, throwError } from 'rxjs'

import { newAccount, type Account, type AccountLink } from '../account/account.ts'
import { decodeAccount, encodeAccount } from '../account/account-codec.ts'
import { Defect } from '../errors/defect.ts'
import { StoreFailed } from '../errors/store-errors.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import type { Message } from '../proto/types.generated.ts'
import type { ProtoCodec } from '../proto/codec.ts'
import { fromAwaitable } from '../store/from-awaitable.ts'
import type { Awaitable, OpenStore, Store, Write } from '../store/store.ts'
import type { Jid } from '../stanza/jid.ts'
import { loadLidDirectory, type LidDirectory } from '../pipeline/lid-directory.ts'
import { createDeviceDirectory, type DeviceDirectory } from '../pipeline/device-directory.ts'
import { createSessionPool, type SessionPool } from '../pipeline/session-pool.ts'

/** What lives as long as somebody is subscribed to `connection$`: the open store and what was read from it. */
export interface Session {
  readonly store: OpenStore
  readonly account: () => Account
  /** The account as it is stored: now, and after each change. */
  readonly account$: Observable<Account>
  /** The link of a paired account; asking an unpaired one is a defect. */
  readonly link: () => AccountLink
  /** Changes the account and makes it durable together with other rows; emits when it is. */
  readonly saveAccount: (change: (account: Account) => Account, writes?: readonly Write[]) => Observable<Account>
  readonly commit: (writes: readonly Write[]) => Observable<void>
  readonly directory: LidDirectory
  readonly pool: SessionPool
  readonly devices: DeviceDirectory
  /** The device list of a person is no longer right, under either address. */
  readonly forgetDevices: (user: Jid) => Observable<void>
  readonly messageCodec: ProtoCodec<Message>
}

/** Key of the one row of table `account`. */
export const ACCOUNT_KEY = 'credentials'

/**
 * Opens the store and reads the account, making a new one when there is none. Emits one session, which
 * ends, and gives the store back, when it is unsubscribed from.
 */
export const openSession = (store: Store, now: () => number): Observable<Session> =>
  storeCall('open', () => store.open()).pipe(
    concatMap((open) =>
      forkJoin({
        account: readAccount(open),
        directory: loadLidDirectory(open),
        content: import('../proto/content.ts'),
      }).pipe(
        map(({ account, directory, content }) => createSession(open, account, directory, content.Message, now)),
        // A session does not complete on its own: it is held until nobody needs it.
        concatMap((session) => held(session)),
        finalize(() => void open.close()),
      ),
    ),
  )

const held = <T>(value: T): Observable<T> =>
  new Observable((subscriber) => {
    subscriber.next(value)
  })

const readAccount = (store: OpenStore): Observable<Account> =>
  storeCall('read', () => store.read('account', ACCOUNT_KEY)).pipe(
    concatMap((row) => {
      if (row) return of(decodeAccount(row))
      const account = newAccount()
      // Durable before it is used: a key that was shown in a QR code must never be lost.
      return storeCall('commit', () => store.commit([accountWrite(account)])).pipe(map(() => account))
    }),
  )

/** The account as a row. */
export const accountWrite = (account: Account): Write => ({ table: 'account', key: ACCOUNT_KEY, value: encodeAccount(account) })

const createSession = (
  store: OpenStore,
  initial: Account,
  directory: LidDirectory,
  messageCodec: ProtoCodec<Message>,
  now: () => number,
): Session => {
  let account = initial
  const stored$ = new BehaviorSubject(initial)
  const devices = createDeviceDirectory(store, now)
  if (account.link) directory.learn(account.link.lid, account.link.id)
  const commit = (writes: readonly Write[]): Observable<void> =>
    writes.length === 0 ? of(undefined) : storeCall('commit', () => store.commit(writes))
  return {
    store,
    account: () => account,
    account$: stored$.asObservable(),
    link: () => {
      if (!account.link) throw new Defect('a paired account was expected')
      return account.link
    },
    commit,
    saveAccount: (change, writes = []) => {
      const changed = change(account)
      account = changed
      return commit([...writes, accountWrite(changed)]).pipe(
        map(() => changed),
        tap((durable) => stored$.next(durable)),
      )
    },
    directory,
    pool: createSessionPool(store),
    devices,
    forgetDevices: (user) => {
      const alternate = directory.alternate(user)
      return commit(devices.forget(alternate ? [user, alternate] : [user]))
    },
    messageCodec,
  }
}

/** A call of the store; whatever it throws becomes a typed error that says what was going on. */
export const storeCall = <T>(during: StoreFailed['during'], call: () => Awaitable<T>): Observable<T> =>
  fromAwaitable(call).pipe(
    catchError((cause: unknown) => throwError(() => (cause instanceof RxwaError ? cause : new StoreFailed(during, { cause })))),
  )
