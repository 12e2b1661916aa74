import { randomBytes } from '#crypto'
import { toBase64, toHex, utf8 } from '../bytes/bytes.ts'
import { RxwaError } from '../errors/rxwa-error.ts'
import { decodePrimaryEphemeral, encodePrimaryEphemeral } from '../pairing/passkey.ts'
import { checkedPasskeyAnswer } from '../pairing/passkey-json.ts'
import { PrimaryEphemeralIdentity } from '../proto/core.generated.ts'
import { Jid, SERVER } from '../stanza/jid.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import { nextNotificationId } from './notification-ids.ts'
import type { PasskeySwitches } from './passkey-switches.ts'
import { nowSeconds, type World } from './world.ts'

/** The server's part of linking one waiting device by passkey (protocol document 03, section 7.2). */
export interface PasskeyGate {
  /** Asks the device for a passkey. */
  readonly demand: () => void
  /** Answers a step of the device; undefined when it is none. */
  readonly answer: (request: Stanza) => readonly Stanza[] | undefined
}

/** The gate in front of one device. */
export const createPasskeyGate = (world: World, noise: Uint8Array, send: (stanza: Stanza) => void): PasskeyGate => {
  const challenge = randomBytes(32)
  let ref: string | undefined
  let holder: string | undefined

  const options = (): Uint8Array =>
    utf8(
      world.faults.passkey.options ??
        JSON.stringify({ challenge: toBase64(challenge), timeout: 60_000, rpId: 'simulated', allowCredentials: [], userVerification: 'required' }),
    )
  const notification = (type: string, from: Jid, content?: Stanza): Stanza =>
    stanza('notification', { from, type, id: nextNotificationId(world), t: nowSeconds(world) }, [content])
  const result = (request: Stanza, content?: Stanza): Stanza => stanza('iq', { from: SERVER, type: 'result', id: attributesOf(request).text('id') }, [content])
  const refusal = (request: Stanza, code: number, text: string): readonly Stanza[] => [
    stanza('iq', { from: SERVER, type: 'error', id: attributesOf(request).text('id') }, [stanza('error', { code, text })]),
  ]
  const malformed = (request: Stanza): readonly Stanza[] => refusal(request, 400, 'bad-request')
  const isRefused = (step: PasskeySwitches['refused']): boolean => world.faults.passkey.refused === step

  const continuation = (answer: Uint8Array): readonly Stanza[] => {
    const { answer: fault } = world.faults.passkey
    const from = fault === 'foreign' ? new Jid('15550199999', 's.whatsapp.net') : SERVER
    return fault === 'silent' ? [] : [notification('crsc_continuation', from, stanza('primary_ephemeral_identity', {}, spoil(answer, fault)))]
  }

  const prologue = (request: Stanza, step: Stanza): readonly Stanza[] => {
    const [credentialId, payload] = [bytesOf(childOf(step, 'credential_id')), bytesOf(childOf(step, 'prologue_payload'))]
    const assertionJson = contentTextOf(childOf(step, 'webauthn_assertion'))
    const proof = bytesOf(childOf(step, 'pairing_handoff_proof'))
    if (!credentialId || !payload || assertionJson === undefined || (proof && proof.length !== 32)) return malformed(request)
    checkedPasskeyAnswer({ credentialId, assertionJson })
    const name = toHex(credentialId)
    const entry = world.passkeys.get(name)?.entry
    if (!entry?.hasSigned(assertionJson, challenge)) return refusal(request, 401, 'not-authorized')
    const heard = entry.hearPrologue(payload, proof)
    if (heard.ref !== ref) return malformed(request)
    holder = name
    return [result(request), ...continuation(heard.answer)]
  }

  const answerStep = (request: Stanza): readonly Stanza[] | undefined => {
    const child = (tag: string): Stanza | undefined => childOf(request, tag)
    const isGet = attributesOf(request).optionalText('type') === 'get'
    if (isGet && child('passkey_request_options'))
      return isRefused('options') ? refusal(request, 403, 'forbidden') : [result(request, stanza('passkey_request_options', {}, options()))]
    if (isGet && child('ref')) {
      ref = `2@${toBase64(randomBytes(16))}`
      return isRefused('ref') ? refusal(request, 403, 'forbidden') : [result(request, stanza('ref', {}, ref))]
    }
    const step = child('passkey_prologue')
    if (step) return isRefused('prologue') ? refusal(request, 403, 'forbidden') : prologue(request, step)
    const passkey = holder === undefined ? undefined : world.passkeys.get(holder)
    const nonce = child('companion_nonce')
    if (nonce) {
      if (isRefused('nonce')) return refusal(request, 403, 'forbidden')
      const bytes = bytesOf(nonce)
      return bytes?.length === 32 && passkey?.entry.hearNonce(bytes) ? [result(request)] : malformed(request)
    }
    const sealed = child('encrypted_pairing_request')
    if (!sealed) return undefined
    if (isRefused('request')) return refusal(request, 403, 'forbidden')
    const bytes = bytesOf(sealed)
    if (!bytes || !passkey) return malformed(request)
    const secrets = passkey.entry.hearRequest(bytes)
    if (toHex(secrets.noise) !== toHex(noise)) return malformed(request)
    // The phone takes its time: its word comes behind the answer.
    world.scheduler.schedule(() => passkey.link(secrets))
    return [result(request)]
  }

  return {
    demand: () => {
      const { withoutOptions } = world.faults.passkey
      send(notification('passkey_prologue_request', SERVER, withoutOptions ? undefined : stanza('passkey_request_options', {}, options())))
    },
    answer: (request) => {
      try {
        return answerStep(request)
      } catch (error) {
        // Whatever a device sends is its own fault.
        if (error instanceof RxwaError || error instanceof SyntaxError) return malformed(request)
        throw error
      }
    },
  }
}

const spoil = (answer: Uint8Array, fault: PasskeySwitches['answer']): Uint8Array => {
  const { publicKey, nonce } = decodePrimaryEphemeral(answer)
  switch (fault) {
    case 'short_key':
      return PrimaryEphemeralIdentity.encode({ publicKey: publicKey.subarray(1), nonce })
    case 'short_nonce':
      return PrimaryEphemeralIdentity.encode({ publicKey, nonce: nonce.subarray(1) })
    case 'low_order_key':
      return encodePrimaryEphemeral({ publicKey: new Uint8Array(32), nonce })
    default:
      return answer
  }
}
