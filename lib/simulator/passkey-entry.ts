import { generateKeyPair, hmacSha256, randomBytes, sha256 } from '#crypto'
import { Subject, type Observable } from 'rxjs'

import { concat, equalBytes, fromBase64, toBase64, utf8 } from '../bytes/bytes.ts'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import {
  decodePrologue,
  encodePrimaryEphemeral,
  handoffKeyOf,
  handoffProof,
  openPairingRequest,
  pairingRequestKey,
  verificationCode,
  type PairingSecrets,
  type Prologue,
} from '../pairing/passkey.ts'
import { passkeyAnswer, readPasskeyOptions, type PasskeyAnswer } from '../pairing/passkey-json.ts'
import { displayCode } from '../pairing/pairing-code.ts'

/** The code a phone shows for a link by passkey. */
export interface PhonePasskeyCode {
  /** Eight characters in two halves. */
  readonly code: string
  /** The device proved that it is the one whose link was interrupted. */
  readonly isProven: boolean
}

/** The phone's part of linking by passkey (protocol document 03, section 7.2), and the passkey itself. */
export interface PasskeyEntry {
  readonly credentialId: Uint8Array
  /** Signs the options of a request, as the owner's authenticator would. */
  readonly sign: (requestOptionsJson: string) => PasskeyAnswer
  readonly codes$: Observable<PhonePasskeyCode>
  /** A link with this secret was interrupted for the passkey. */
  readonly interrupt: (advSecret: Uint8Array) => void
  /** Whether an assertion is by this passkey, over this challenge. */
  readonly hasSigned: (assertionJson: string, challenge: Uint8Array) => boolean
  /** The phone's answer to a prologue. @throws SimulatorFailed for a wrong proof; PasskeyFailed */
  readonly hearPrologue: (bytes: Uint8Array, proof: Uint8Array | undefined) => { readonly ref: string; readonly answer: Uint8Array }
  /** False when the nonce is not the one that was promised. */
  readonly hearNonce: (nonce: Uint8Array) => boolean
  /** @throws PasskeyFailed when it does not open; SimulatorFailed when its time has not come */
  readonly hearRequest: (bytes: Uint8Array) => PairingSecrets
}

const COUNTER = new Uint8Array(4)
/** User present and verified. */
const FLAGS = Uint8Array.of(5)

/** A passkey and the phone that answers for it. Its signatures are simulated: an HMAC in place of the real thing. */
export const createPasskeyEntry = (): PasskeyEntry => {
  const credentialId = randomBytes(16)
  const secret = randomBytes(32)
  const codes$ = new Subject<PhonePasskeyCode>()
  let handoffKey: Uint8Array | undefined
  let attempt: { readonly prologue: Prologue; readonly ephemeral: ReturnType<typeof generateKeyPair>; readonly nonce: Uint8Array; readonly isProven: boolean } | undefined
  let isCompared = false

  const signatureOf = (authenticatorData: Uint8Array, clientDataJson: Uint8Array): Uint8Array =>
    hmacSha256(secret, authenticatorData, sha256(clientDataJson))

  return {
    credentialId,
    codes$: codes$.asObservable(),
    interrupt: (advSecret) => (handoffKey = handoffKeyOf(advSecret)),
    sign: (requestOptionsJson) => {
      const { challenge, rpId = '' } = readPasskeyOptions(requestOptionsJson)
      const clientDataJson = utf8(JSON.stringify({ type: 'webauthn.get', challenge: toBase64(challenge), origin: rpId }))
      const authenticatorData = concat(sha256(utf8(rpId)), FLAGS, COUNTER)
      return passkeyAnswer({ credentialId, authenticatorData, clientDataJson, signature: signatureOf(authenticatorData, clientDataJson) })
    },
    hasSigned: (assertionJson, challenge) => {
      const { response } = JSON.parse(assertionJson) as { readonly response: Readonly<Record<string, string>> }
      const [authenticatorData, clientDataJson, signature] = ['authenticatorData', 'clientDataJSON', 'signature'].map((part) => fromBase64(response[part] ?? ''))
      if (!authenticatorData || !clientDataJson || !signature) return false
      const client = JSON.parse(new TextDecoder().decode(clientDataJson)) as { readonly challenge: string }
      return equalBytes(signatureOf(authenticatorData, clientDataJson), signature) && client.challenge === toBase64(challenge)
    },
    hearPrologue: (bytes, proof) => {
      const prologue = decodePrologue(bytes)
      const isProven = proof !== undefined && handoffKey !== undefined && equalBytes(handoffProof(handoffKey, bytes), proof)
      if (proof && handoffKey && !isProven) throw new SimulatorFailed('the proof of the interrupted link does not hold')
      attempt = { prologue, ephemeral: generateKeyPair(), nonce: randomBytes(32), isProven }
      isCompared = false
      return { ref: prologue.ref, answer: encodePrimaryEphemeral({ publicKey: attempt.ephemeral.publicKey, nonce: attempt.nonce }) }
    },
    hearNonce: (nonce) => {
      if (!attempt || !attempt.prologue.isKeptBy(nonce)) return false
      isCompared = true
      const { ephemeral, nonce: own, isProven } = attempt
      codes$.next({ code: displayCode(verificationCode(nonce, { publicKey: ephemeral.publicKey, nonce: own })), isProven })
      return true
    },
    hearRequest: (bytes) => {
      if (!attempt || !isCompared) throw new SimulatorFailed('no device showed its nonce')
      const { prologue, ephemeral } = attempt
      const secrets = openPairingRequest(pairingRequestKey(ephemeral.privateKey, prologue.publicKey, prologue), bytes)
      attempt = undefined
      handoffKey = undefined
      return secrets
    },
  }
}
