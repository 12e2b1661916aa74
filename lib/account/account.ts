import { generateKeyPair, generateSigningKeyPair, randomBytes, type KeyPair } from '#crypto'
import type { Jid } from '../stanza/jid.ts'
import { generateRegistrationId, generateSignedPrekey, type SignedPrekey } from '../signal/prekeys.ts'

/** The link between this device and the account of a phone; absent until paired. */
export interface AccountLink {
  /** Our device in the phone-number space. */
  readonly id: Jid
  /** The same device in the hidden-number space. */
  readonly lid: Jid
  /** `ADVSignedDeviceIdentity` with all four fields. */
  readonly signedIdentity: Uint8Array
  readonly platform: string
  readonly businessName?: string
  /** Whether direct chats of this account are addressed by LID on the wire. */
  readonly isLidMigrated: boolean
}

/**
 * What makes this installation a device: its keys, its counters, its link. One per store. Immutable:
 * a change makes a new one.
 */
export interface Account {
  /** Static key of the connection. */
  readonly noise: KeyPair
  /** Identity of the device; never rotated. */
  readonly identity: KeyPair
  /** 1 to 16380. */
  readonly registrationId: number
  readonly signedPrekey: SignedPrekey
  /** When `signedPrekey` was last replaced, or first looked at, in ms since 1970; absent before the first login. */
  readonly signedPrekeyAtMs?: number
  /** The next signed prekey: stored before it is offered, offered again when nobody knows whether it arrived. */
  readonly stagedSignedPrekey?: SignedPrekey
  /** Replaced ones, newest first, at most two: first messages may still name them. */
  readonly olderSignedPrekeys?: readonly SignedPrekey[]
  /** 32 bytes, shown in the QR code. */
  readonly advSecret: Uint8Array
  /** Next one-time prekey to generate. */
  readonly nextPrekeyId: number
  /** First one-time prekey that was never offered to the server. */
  readonly firstUnuploadedPrekeyId: number
  /** The server took an upload and did not ask for another since. */
  readonly serverHasPrekeys: boolean
  /** Logins since the pairing. */
  readonly loginCounter: number
  /** The server's key of the last full handshake, to resume with (protocol document 02, section 1.7). */
  readonly server?: { readonly key: Uint8Array; readonly notBeforeSeconds: number; readonly notAfterSeconds: number }
  /** Sent ahead of the next connection, so that it reaches the same place. */
  readonly routingInfo?: Uint8Array
  /** The name others see. */
  readonly pushName?: string
  /** The soonest end announced for a version of the client. */
  readonly expiration?: { readonly version: string; readonly atSeconds: number }
  readonly link?: AccountLink
  /** Why the server no longer takes this device (a reason of protocol document 02, section 3.2); present once it was logged out. */
  readonly revokedReason?: number
}

/** A device that was never linked: everything fresh. */
export const newAccount = (): Account => {
  const identity = generateSigningKeyPair()
  return {
    noise: generateKeyPair(),
    identity,
    registrationId: generateRegistrationId(),
    signedPrekey: generateSignedPrekey(identity, 1),
    advSecret: randomBytes(32),
    nextPrekeyId: 1,
    firstUnuploadedPrekeyId: 1,
    serverHasPrekeys: false,
    loginCounter: 0,
  }
}
