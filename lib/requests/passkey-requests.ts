import { childOf, contentTextOf, stanza, type Stanza } from '../stanza/stanza.ts'
import type { RequestDescription } from './request.ts'

/** The options of a passkey request as text, when there are any. */
export const passkeyOptionsIn = (parent: Stanza): string | undefined => contentTextOf(childOf(parent, 'passkey_request_options')) || undefined

/** Asks for the options of a passkey request that came without them (protocol document 03, section 5). */
export const fetchPasskeyOptions: RequestDescription<string> = {
  name: 'pairing.passkey_options',
  type: 'get',
  xmlns: 'md',
  content: [stanza('passkey_request_options')],
  parse: (reply, faults) => {
    const options = passkeyOptionsIn(reply)
    if (options === undefined) faults.push('iq: passkey_request_options are missing')
    return options
  },
}

/** Asks the server for its name of an attempt. */
export const fetchPairingRef: RequestDescription<string> = {
  name: 'pairing.ref',
  type: 'get',
  xmlns: 'md',
  content: [stanza('ref')],
  parse: (reply, faults) => {
    const ref = contentTextOf(childOf(reply, 'ref'))
    if (!ref) faults.push('iq: ref is missing')
    return ref || undefined
  },
}

/** The first step of a link by passkey. */
export interface PasskeyPrologue {
  readonly credentialId: Uint8Array
  readonly assertionJson: string
  /** Encoded `ProloguePayload`. */
  readonly prologue: Uint8Array
  /** 32 bytes; absent when this device has no interrupted link to refer to. */
  readonly handoffProof: Uint8Array | undefined
}

const step = (name: string, content: Stanza): RequestDescription<true> => ({ name: `pairing.${name}`, type: 'set', xmlns: 'md', content: [content], parse: () => true })

/** Hands the assertion to the server and the prologue to the phone. */
export const passkeyPrologue = ({ credentialId, assertionJson, prologue, handoffProof }: PasskeyPrologue): RequestDescription<true> =>
  step(
    'passkey_prologue',
    stanza('passkey_prologue', {}, [
      stanza('credential_id', {}, credentialId),
      stanza('webauthn_assertion', {}, assertionJson),
      stanza('prologue_payload', {}, prologue),
      handoffProof && stanza('pairing_handoff_proof', {}, handoffProof),
    ]),
  )

/** Shows the nonce that was promised. */
export const companionNonce = (nonce: Uint8Array): RequestDescription<true> => step('companion_nonce', stanza('companion_nonce', {}, nonce))

/** Hands the phone what it needs to link this device, encrypted. */
export const encryptedPairingRequest = (request: Uint8Array): RequestDescription<true> =>
  step('encrypted_pairing_request', stanza('encrypted_pairing_request', {}, request))
