import { hmacSha256, sign, verify, type KeyPair } from '#crypto'
import { concat, equalBytes } from '../bytes/bytes.ts'
import { PairingRejected } from '../errors/pairing-errors.ts'
import {
  ADVDeviceIdentity,
  ADVKeyIndexList,
  ADVSignedDeviceIdentity,
  ADVSignedDeviceIdentityHMAC,
  ADVSignedKeyIndexList,
} from '../proto/core.generated.ts'

/** `ADVEncryptionType.HOSTED`; every other value counts as end-to-end encrypted. */
const HOSTED = 1

/** What is signed over, by purpose (protocol document 03, section 1). */
export const advPrefix = {
  account: Uint8Array.of(6, 0),
  device: Uint8Array.of(6, 1),
  keyIndexList: Uint8Array.of(6, 2),
  hostedAccount: Uint8Array.of(6, 5),
  hostedDevice: Uint8Array.of(6, 6),
  hostedKeyIndexList: Uint8Array.of(6, 7),
} as const

/** A pairing that proved itself. */
export interface VerifiedPairing {
  readonly keyIndex: number
  /** The phone's identity key, 32 bytes. */
  readonly accountKey: Uint8Array
  /** `ADVSignedDeviceIdentity` with all four fields, to keep and to attach to first messages. */
  readonly signedIdentity: Uint8Array
  /** The same without the account key, for the answer to the server. */
  readonly reply: Uint8Array
}

/**
 * Verifies the `device-identity` of a `pair-success` and signs it (protocol document 03, section 3.1,
 * steps 2 to 7). Signed bytes are used exactly as received.
 *
 * @throws PairingRejected naming the check that failed
 */
export const verifyPairing = (
  container: Uint8Array,
  { identity, advSecret }: { readonly identity: KeyPair; readonly advSecret: Uint8Array },
): VerifiedPairing => {
  const { details: signedBytes, hmac, accountType } = decoded(() => ADVSignedDeviceIdentityHMAC.decode(container))
  if (!signedBytes || !hmac) throw new PairingRejected('malformed')
  const covered = accountType === HOSTED ? concat(advPrefix.hostedAccount, signedBytes) : signedBytes
  if (!equalBytes(hmacSha256(advSecret, covered), hmac)) throw new PairingRejected('wrong_hmac')

  const signed = decoded(() => ADVSignedDeviceIdentity.decode(signedBytes))
  const { details, accountSignatureKey: accountKey, accountSignature } = signed
  if (!details) throw new PairingRejected('malformed')
  const inner = decoded(() => ADVDeviceIdentity.decode(details))
  const prefix = inner.deviceType === HOSTED ? advPrefix.hostedAccount : advPrefix.account
  if (accountKey?.length !== 32 || accountSignature?.length !== 64) throw new PairingRejected('bad_account_signature')
  if (!verify(accountKey, concat(prefix, details, identity.publicKey), accountSignature))
    throw new PairingRejected('bad_account_signature')

  const deviceSignature = sign(identity, concat(advPrefix.device, details, identity.publicKey, accountKey))
  return {
    keyIndex: inner.keyIndex ?? 0,
    accountKey: accountKey.slice(),
    signedIdentity: ADVSignedDeviceIdentity.encode({ details, accountSignatureKey: accountKey, accountSignature, deviceSignature }),
    reply: ADVSignedDeviceIdentity.encode({ details, accountSignature, deviceSignature }),
  }
}

/** Whether a signed device identity belongs to a device's identity key. */
export type DeviceIdentityVerdict = 'valid' | 'invalid' | 'no_account_key'

/**
 * Checks the `device-identity` that comes with the prekeys of a linked device (protocol document 04,
 * section 2.6): the account vouches for the device, and the device for the account.
 *
 * @param bytes an `ADVSignedDeviceIdentity`
 * @param deviceKey the device's identity key, 32 bytes
 * @param knownAccountKey the stored identity of the user's phone; used when the server leaves the account key out
 */
export const verifyDeviceIdentity = (
  bytes: Uint8Array,
  deviceKey: Uint8Array,
  knownAccountKey: Uint8Array | undefined,
): DeviceIdentityVerdict => {
  let signed: ADVSignedDeviceIdentity
  try {
    signed = ADVSignedDeviceIdentity.decode(bytes)
  } catch {
    // Bytes that are no identity vouch for nothing; the caller drops the device and says so.
    return 'invalid'
  }
  const { details, accountSignatureKey, accountSignature, deviceSignature } = signed
  const accountKey = accountSignatureKey?.length ? accountSignatureKey : knownAccountKey
  if (!accountKey) return 'no_account_key'
  if (!details || !accountSignature || !deviceSignature) return 'invalid'
  const vouches = (accountPrefix: Uint8Array, devicePrefix: Uint8Array): boolean =>
    verify(accountKey, concat(accountPrefix, details, deviceKey), accountSignature) &&
    verify(deviceKey, concat(devicePrefix, details, deviceKey, accountKey), deviceSignature)
  return vouches(advPrefix.account, advPrefix.device) || vouches(advPrefix.hostedAccount, advPrefix.hostedDevice)
    ? 'valid'
    : 'invalid'
}

/** Whether a list vouches for a device: it names its index, or is older than the device (protocol document 05, section 6). */
export const isVouchedFor = ({ validIndexes, currentIndex }: Pick<KeyIndexes, 'validIndexes' | 'currentIndex'>, keyIndex: number): boolean =>
  validIndexes.includes(keyIndex) || keyIndex > currentIndex

/** Which key indexes a phone vouches for. */
export interface KeyIndexes {
  /** Highest index ever given out. */
  readonly currentIndex: number
  readonly validIndexes: readonly number[]
  /** Drawn anew whenever the phone begins a new list: another one means that nothing of the old holds. */
  readonly rawId: number | undefined
}

/** More indexes than anybody has devices; a list that names more is not believed. */
const MOST_INDEXES = 10_000

/**
 * Reads a phone's signed list of key indexes. Undefined when it is unreadable or the signature does
 * not hold. A list whose signer is not known yet is believed: each device it names still has to prove
 * itself with its own identity.
 *
 * @param bytes an `ADVSignedKeyIndexList`; servers leave the account key out
 * @param knownAccountKey the stored identity of the user's phone, 32 bytes; it counts before a key in the list
 */
export const readKeyIndexList = (bytes: Uint8Array, knownAccountKey: Uint8Array | undefined): KeyIndexes | undefined => {
  try {
    const { details, accountSignature, accountSignatureKey } = ADVSignedKeyIndexList.decode(bytes)
    if (!details) return undefined
    const accountKey = knownAccountKey ?? (accountSignatureKey?.length ? accountSignatureKey : undefined)
    const holds = (prefix: Uint8Array): boolean =>
      accountKey?.length === 32 && accountSignature?.length === 64 && verify(accountKey, concat(prefix, details), accountSignature)
    if (accountKey && !holds(advPrefix.keyIndexList) && !holds(advPrefix.hostedKeyIndexList)) return undefined
    const { currentIndex = 0, validIndexes = [], rawId } = ADVKeyIndexList.decode(details)
    return validIndexes.length > MOST_INDEXES ? undefined : { currentIndex, validIndexes, rawId }
  } catch {
    // Unreadable bytes vouch for nothing.
    return undefined
  }
}

const decoded = <T>(decode: () => T): T => {
  try {
    return decode()
  } catch (cause) {
    throw new PairingRejected('malformed', { cause })
  }
}
