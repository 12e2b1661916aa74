import { generateSigningKeyPair, randomBytes, type KeyPair } from '#crypto'
import { bigEndian, fromBigEndian } from '../bytes/bytes.ts'
import { generateRegistrationId, generateSignedPrekey, planPrekeyUpload, type SignedPrekey } from '../signal/prekeys.ts'
import type { LocalIdentity } from '../signal/session-state.ts'
import { createPrekeyPool, publishedKey, type PrekeyPool } from './prekey-pool.ts'

/** What makes a phone the one it is, until its app is installed anew. */
export interface PhoneKeys {
  readonly local: LocalIdentity
  readonly signedPrekey: SignedPrekey
  /** One-time prekeys by number. */
  readonly oneTime: Map<number, KeyPair>
  /** Names its list of linked devices. */
  readonly rawId: number
}

const PREKEYS = 100

/** Everything fresh. */
export const createPhoneKeys = (): PhoneKeys => {
  const identity = generateSigningKeyPair()
  return {
    local: { identity, registrationId: generateRegistrationId() },
    signedPrekey: generateSignedPrekey(identity, 1),
    oneTime: new Map(planPrekeyUpload({ nextPrekeyId: 1, firstUnuploadedPrekeyId: 1 }, PREKEYS).generated.map(({ id, pair }) => [id, pair])),
    rawId: fromBigEndian(randomBytes(4)),
  }
}

/** What a phone with these keys publishes. */
export const poolOf = ({ local, signedPrekey, oneTime }: PhoneKeys): PrekeyPool => {
  const pool = createPrekeyPool(bigEndian(local.registrationId, 4), local.identity.publicKey, {
    ...publishedKey(signedPrekey.id, signedPrekey.pair.publicKey),
    signature: signedPrekey.signature,
  })
  pool.oneTime.push(...[...oneTime].map(([id, { publicKey }]) => publishedKey(id, publicKey)))
  return pool
}
