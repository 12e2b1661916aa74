import { generateKeyPair, type KeyPair } from '#crypto'
import { SimulatorFailed } from '../errors/simulator-failed.ts'
import { acceptCode, normalizeCode, unwrapEphemeral, wrapEphemeral } from '../pairing/pairing-code.ts'
import { attributesOf } from '../stanza/read-attributes.ts'
import { bytesOf, childOf, type Stanza } from '../stanza/stanza.ts'
import type { Registration } from './registration.ts'

/** What a typed code led to. */
export interface CodeMatch {
  readonly registration: Registration
  /** Identity of the device, 32 bytes. */
  readonly companion: Uint8Array
  readonly advSecret: Uint8Array
}

/** The phone's part of pairing by code (protocol document 03, section 7.2). */
export interface CodeEntry {
  /** Takes notifications of the phone; others than of pairing codes are not for it. */
  readonly hear: (notification: Stanza) => void
  readonly enter: (code: string) => Promise<CodeMatch>
}

/** Where codes are typed on the phone with this identity. */
export const createCodeEntry = (identityOf: () => KeyPair, registrations: ReadonlySet<Registration>): CodeEntry => {
  let asked: { readonly ref: Uint8Array; readonly wrapped: Uint8Array } | undefined
  let finished: (() => void) | undefined
  /** The device may answer more than once; its last word counts. */
  let latest: Stanza | undefined

  const hear = (notification: Stanza): void => {
    const step = childOf(notification, 'link_code_companion_reg')
    if (!step) return
    const stage = attributesOf(step).optionalText('stage')
    if (stage === 'companion_hello')
      asked = { ref: bytesIn(step, 'link_code_pairing_ref'), wrapped: bytesIn(step, 'link_code_pairing_wrapped_companion_ephemeral_pub') }
    if (stage !== 'companion_finish') return
    latest = step
    finished?.()
  }

  const enter = async (text: string): Promise<CodeMatch> => {
    const code = normalizeCode(text)
    if (code === undefined) throw new SimulatorFailed('a pairing code has eight characters')
    if (!asked) throw new SimulatorFailed('no device asked for a pairing code')
    const { ref, wrapped } = asked
    const registration = [...registrations].find(({ codes }) => codes.isOut(ref))
    if (!registration) throw new SimulatorFailed('the pairing code has expired')
    const theirEphemeral = unwrapEphemeral(code, wrapped)
    const ephemeral = generateKeyPair()
    const identity = identityOf()
    const answered = new Promise<void>((resolve) => (finished = resolve))
    registration.codes.primaryHello(ref, wrapEphemeral(code, ephemeral.publicKey), identity.publicKey)
    await answered
    const step = latest!
    const companion = bytesIn(step, 'companion_identity_public')
    const agreement = { ephemeral: ephemeral.privateKey, theirEphemeral, identity, theirIdentity: companion }
    return { registration, companion, advSecret: acceptCode(agreement, bytesIn(step, 'link_code_pairing_wrapped_key_bundle')) }
  }
  return { hear, enter }
}

const bytesIn = (step: Stanza, tag: string): Uint8Array => {
  const bytes = bytesOf(childOf(step, tag))
  if (!bytes) throw new SimulatorFailed(`<${tag}> is missing`)
  return bytes
}
