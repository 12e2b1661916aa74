import { bufferCount, concatMap, from, last, of, scheduled, tap, type Observable } from 'rxjs'

import { SignalFailed } from '../errors/signal-error.ts'
import { NoDeviceReachable } from '../errors/send-errors.ts'
import { verifyDeviceIdentity } from '../pairing/device-identity.ts'
import { addressOf, type SessionLoan } from '../pipeline/session-pool.ts'
import { atOnce, followedBy, mapped } from '../reactive/at-once.ts'
import type { FetchedBundle } from '../requests/prekey-requests.ts'
import { pad } from '../signal/padding.ts'
import { encrypt } from '../signal/session-record.ts'
import { startSession } from '../signal/x3dh.ts'
import { withDevice, type Jid } from '../stanza/jid.ts'
import { withoutSession } from './adopt-sessions.ts'
import { NO_BUNDLES, type Bundles } from './ask-devices.ts'
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

/** The ratchets of devices on loan, and what the server has for those that had none. */
export interface ReadyDevices {
  readonly loan: SessionLoan
  readonly bundles: Bundles
}

/**
 * Lends the ratchets of devices. Devices never written to before are asked for on the server, while no lock
 * is held; the loan begins when everything is at hand. Emits once.
 */
export const readyDevices = (live: Live, devices: readonly Jid[]): Observable<ReadyDevices> => {
  const { pool } = live.session
  const addresses = devices.map((device) => addressFor(live, device))
  const bundles$ = followedBy(withoutSession(live, devices, addresses), (missing) => {
    if (missing.length === 0) return NOTHING_FETCHED
    const lacking = new Set(missing)
    return live.askBundles(devices.filter((_, index) => lacking.has(addresses[index]!)))
  })
  return followedBy(bundles$, (bundles) => {
    // Only new sessions ask for the identities of phones.
    const wanted = bundles.size === 0 ? addresses : [...addresses, ...devices.map((device) => addressFor(live, withDevice(device, 0)))]
    return mapped(pool.borrow(wanted), (loan) => ({ loan, bundles }))
  })
}

export const addressFor = ({ session }: Live, device: Jid): string => addressOf(session.directory.canonical(device))

/** Copies encrypted in one go; a first message takes about half a millisecond. */
const COPIES_AT_ONCE = 8

/**
 * Encrypts each copy for its device, with other work let in between when there are many. A device that has no
 * usable keys is skipped and named. Emits once; what moved lies in the loan.
 */
export const encryptCopies = (live: Live, copies: readonly Copy[], { loan, bundles }: ReadyDevices): Observable<Encrypted> => {
  // Phones first: their identity vouches for the devices linked to them.
  const sorted = arePhonesFirst(copies) ? copies : [...copies].sort((one, other) => Math.sign(one.device.device - other.device.device))
  const all: { readonly copies: EncryptedCopy[]; readonly skipped: DeviceOutcome[] } = { copies: [], skipped: [] }
  const encryptSome = (some: readonly Copy[]): void => {
    for (const copy of some) {
      const encrypted = encryptOne(live, copy, bundles, loan)
      if ('error' in encrypted) all.skipped.push(encrypted)
      else all.copies.push(encrypted)
    }
  }
  if (copies.length <= COPIES_AT_ONCE) {
    encryptSome(sorted)
    return atOnce(all)
  }
  return from(sorted).pipe(
    bufferCount(COPIES_AT_ONCE),
    concatMap((some, index) => (index === 0 ? of(some) : scheduled([some], live.session.scheduler))),
    tap((some) => {
      encryptSome(some)
      loan.prepare()
    }),
    last(),
    // What the caller makes of many is work of its own.
    concatMap(() => scheduled([all], live.session.scheduler)),
  )
}

const arePhonesFirst = (copies: readonly Copy[]): boolean => {
  let hasLinked = false
  for (const { device } of copies) {
    if (device.device === 0 && hasLinked) return false
    if (device.device !== 0) hasLinked = true
  }
  return true
}

const encryptOne = (live: Live, { device, payload }: Copy, bundles: Bundles, loan: SessionLoan): EncryptedCopy | DeviceOutcome => {
  const address = addressFor(live, device)
  try {
    if (!loan.peer(address).session) beginSession(live, device, address, bundles.get(address), loan)
    const { session } = loan.peer(address)
    if (!session) throw new SignalFailed('no_session')
    const { record, type, ciphertext } = encrypt(session, pad(payload), localOf(live))
    loan.put(address, { session: record })
    return { device, type, ciphertext }
  } catch (error) {
    if (!(error instanceof SignalFailed)) throw error
    return { device, error }
  }
}

const NOTHING_FETCHED = atOnce(NO_BUNDLES)

/** No device at all. */
export const NOBODY_READY: ReadyDevices = {
  loan: { peer: () => ({ session: undefined, identity: undefined }), put: () => undefined, prepare: () => undefined, writes: () => [], keep: () => undefined, release: () => undefined },
  bundles: NO_BUNDLES,
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
export const beginSession = (live: Live, device: Jid, address: string, fetched: FetchedBundle | undefined, loan: SessionLoan): void => {
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
