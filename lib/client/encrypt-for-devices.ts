import { bufferCount, catchError, concatMap, from, map, of, reduce, throwError, type Observable } from 'rxjs'

import { SignalFailed } from '../errors/signal-error.ts'
import { NoDeviceReachable } from '../errors/send-errors.ts'
import { ServerRefused } from '../errors/request-errors.ts'
import { verifyDeviceIdentity } from '../pairing/device-identity.ts'
import { addressOf, type SessionLoan } from '../pipeline/session-pool.ts'
import { BUNDLES_PER_REQUEST, fetchBundles, type FetchedBundle } from '../requests/prekey-requests.ts'
import { pad } from '../signal/padding.ts'
import { encrypt } from '../signal/session-record.ts'
import { startSession } from '../signal/x3dh.ts'
import { withDevice, type Jid } from '../stanza/jid.ts'
import type { Write } from '../store/store.ts'
import type { Live } from './live.ts'
import type { DeviceOutcome } from './send-progress.ts'

/** One copy of a message: who gets which bytes. */
export interface Copy {
  /** The device in the address form of the stanza. */
  readonly device: Jid
  /** Protobuf bytes, not padded. */
  readonly payload: Uint8Array
}

/** One encrypted copy. */
export interface EncryptedCopy {
  readonly device: Jid
  readonly type: 'pkmsg' | 'msg'
  readonly ciphertext: Uint8Array
}

/** What became of all copies. */
export interface Encrypted {
  readonly copies: readonly EncryptedCopy[]
  readonly skipped: readonly DeviceOutcome[]
}

/** What a caller makes of the copies: what goes out, and what has to be durable together with their ratchets. */
export interface Finished<T> {
  readonly result: T
  readonly writes: readonly Write[]
}

/**
 * Encrypts each copy for its device. Devices never written to before are asked for on the server; one
 * that has no usable keys is skipped and named. Emits what `finish` made of it after all ratchets are
 * durable, so that no message key can ever be used again; when `finish` throws, nothing has moved.
 */
export const encryptForDevices = <T>(live: Live, copies: readonly Copy[], finish: (encrypted: Encrypted) => Finished<T>): Observable<T> => {
  const { pool, directory, commit } = live.session
  const addressFor = ({ device }: { readonly device: Jid }): string => addressOf(directory.canonical(device))
  const addresses = copies.map(addressFor)

  return pool.withoutSession(addresses).pipe(
    concatMap((missing) => {
      const lacking = new Set(missing)
      return fetchAll(live, copies.filter((copy) => lacking.has(addressFor(copy))).map(({ device }) => device))
    }),
    // No lock is held while the server is asked; the loan begins when everything is at hand.
    concatMap((bundles) =>
      pool.borrow([...addresses, ...phoneAddresses(live, copies)]).pipe(
        concatMap((loan) => {
          try {
            const { result, writes } = finish(encryptAll(live, copies, bundles, loan, addressFor))
            const durable$ = commit([...loan.writes(), ...writes])
            loan.keep()
            return durable$.pipe(map(() => result))
          } finally {
            // Does nothing when the loan was kept.
            loan.release()
          }
        }),
      ),
    ),
  )
}

/** Identities of the phones vouch for the linked devices. */
const phoneAddresses = ({ session }: Live, copies: readonly Copy[]): readonly string[] =>
  copies.map(({ device }) => addressOf(session.directory.canonical(withDevice(device, 0))))

type Bundles = ReadonlyMap<string, FetchedBundle>

const NO_BUNDLES: Bundles = new Map()

/** Bundles by the address of their device; asked for under the LID, where sessions live. */
const fetchAll = (live: Live, devices: readonly Jid[]): Observable<Bundles> => {
  if (devices.length === 0) return of(NO_BUNDLES)
  const { directory } = live.session
  return from(devices.map(directory.canonical)).pipe(
    bufferCount(BUNDLES_PER_REQUEST),
    concatMap((batch) =>
      live.request(fetchBundles(batch)).pipe(
        // Nobody was keyed; each device is reported on its own.
        catchError((error: unknown) => (error instanceof ServerRefused ? of([]) : throwError(() => error))),
      ),
    ),
    reduce((bundles, fetched) => {
      for (const bundle of fetched) bundles.set(addressOf(directory.canonical(bundle.device)), bundle)
      return bundles
    }, new Map<string, FetchedBundle>()),
  )
}

const encryptAll = (
  live: Live,
  copies: readonly Copy[],
  bundles: Bundles,
  loan: SessionLoan,
  addressFor: (copy: Copy) => string,
): Encrypted => {
  const encrypted: EncryptedCopy[] = []
  const skipped: DeviceOutcome[] = []
  // Phones first: their identity vouches for the devices linked to them.
  for (const copy of [...copies].sort((one, other) => Math.sign(one.device.device - other.device.device))) {
    const address = addressFor(copy)
    try {
      if (!loan.peer(address).session) beginSession(live, copy.device, address, bundles.get(address), loan)
      const { session } = loan.peer(address)
      if (!session) throw new SignalFailed('no_session')
      const { record, type, ciphertext } = encrypt(session, pad(copy.payload), localOf(live))
      loan.put(address, { session: record })
      encrypted.push({ device: copy.device, type, ciphertext })
    } catch (error) {
      if (!(error instanceof SignalFailed)) throw error
      skipped.push({ device: copy.device, error })
    }
  }
  return { copies: encrypted, skipped }
}

const localOf = ({ session }: Live) => {
  const { identity, registrationId } = session.account()
  return { identity, registrationId }
}

/**
 * Starts a session from what the server has for a device.
 *
 * @throws SignalFailed when it has nothing, or what it has does not verify
 */
const beginSession = (live: Live, device: Jid, address: string, fetched: FetchedBundle | undefined, loan: SessionLoan): void => {
  if (fetched?.kind !== 'bundle') throw new SignalFailed('no_session')
  const { bundle, deviceIdentity } = fetched
  if (device.device !== 0) {
    const phone = addressOf(live.session.directory.canonical(withDevice(device, 0)))
    const verdict = deviceIdentity && verifyDeviceIdentity(deviceIdentity, bundle.identity, loan.peer(phone).identity)
    // A linked device must prove that its phone vouches for it; the official client insists as well.
    if (verdict !== 'valid') throw new SignalFailed('untrusted_identity')
  }
  loan.put(address, { session: startSession(loan.peer(address).session, bundle, localOf(live)), identity: bundle.identity })
}

/** Nobody reached is an error, unless nobody was to be. @throws NoDeviceReachable */
export const requireSome = (reached: number, { skipped }: Encrypted, tried: number): void => {
  if (reached === 0 && tried > 0) throw new NoDeviceReachable(tried, { cause: skipped[0]?.error })
}
