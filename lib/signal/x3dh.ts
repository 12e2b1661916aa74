import { generateKeyPair, type KeyPair } from '#crypto'
import { concat } from '../bytes/bytes.ts'
import { SignalFailed } from '../errors/signal-error.ts'
import { agreement } from './agreement.ts'
import { firstStep, rootStep } from './chain.ts'
import { isBundleGenuine, type PrekeyBundle } from './prekey-bundle.ts'
import { promote, type LocalIdentity, type SessionRecord, type SessionState } from './session-state.ts'
import type { PrekeyMessage } from './wire-messages.ts'

/** Draws a fresh key pair; a parameter, so that known answers can be made. */
export type GenerateKeyPair = () => KeyPair

/** Our prekeys by number. */
export interface PrekeyLookup {
  readonly oneTime: (id: number) => KeyPair | undefined
  readonly signed: (id: number) => KeyPair | undefined
}

/** Keeps the secrets apart from keys of other protocols. */
const DISCONTINUITY = new Uint8Array(32).fill(0xff)

/**
 * Begins a session from a bundle (protocol document 04, section 3); an existing one is archived.
 *
 * @throws SignalFailed `bad_signature` when the bundle is not genuine, `invalid_message` when a key of it is none
 */
export const startSession = (
  record: SessionRecord | undefined,
  bundle: PrekeyBundle,
  { identity }: LocalIdentity,
  generate: GenerateKeyPair = generateKeyPair,
): SessionRecord => {
  if (!isBundleGenuine(bundle)) throw new SignalFailed('bad_signature')
  const { signedPrekey, oneTimePrekey } = bundle
  const base = generate()
  const ratchet = generate()
  const secret = concat(
    DISCONTINUITY,
    agreement(identity.privateKey, signedPrekey.publicKey),
    agreement(base.privateKey, bundle.identity),
    agreement(base.privateKey, signedPrekey.publicKey),
    ...(oneTimePrekey ? [agreement(base.privateKey, oneTimePrekey.publicKey)] : []),
  )
  const first = firstStep(secret)
  const sending = rootStep(first.rootKey, agreement(ratchet.privateKey, signedPrekey.publicKey))
  return promote(record, {
    rootKey: sending.rootKey,
    sender: { ratchet, chainKey: sending.chainKey, index: 0 },
    receivers: [{ ratchetKey: signedPrekey.publicKey, chainKey: first.chainKey, index: 0, skipped: [] }],
    previousCounter: 0,
    remoteIdentity: bundle.identity,
    remoteRegistrationId: bundle.registrationId,
    aliceBaseKey: base.publicKey,
    pending: { prekeyId: oneTimePrekey?.id, signedPrekeyId: signedPrekey.id, baseKey: base.publicKey },
  })
}

/**
 * The session a first message begins on our side.
 *
 * @throws SignalFailed `unknown_signed_prekey`, `unknown_prekey`
 */
export const acceptSession = (message: PrekeyMessage, { identity }: LocalIdentity, prekeys: PrekeyLookup): SessionState => {
  const signed = prekeys.signed(message.signedPrekeyId)
  if (!signed) throw new SignalFailed('unknown_signed_prekey')
  const oneTime = message.prekeyId === undefined ? undefined : prekeys.oneTime(message.prekeyId)
  if (message.prekeyId !== undefined && !oneTime) throw new SignalFailed('unknown_prekey')
  const secret = concat(
    DISCONTINUITY,
    agreement(signed.privateKey, message.identity),
    agreement(identity.privateKey, message.baseKey),
    agreement(signed.privateKey, message.baseKey),
    ...(oneTime ? [agreement(oneTime.privateKey, message.baseKey)] : []),
  )
  const { rootKey, chainKey } = firstStep(secret)
  return {
    rootKey,
    sender: { ratchet: signed, chainKey, index: 0 },
    receivers: [],
    previousCounter: 0,
    remoteIdentity: message.identity,
    remoteRegistrationId: message.registrationId,
    aliceBaseKey: message.baseKey,
    pending: undefined,
  }
}
