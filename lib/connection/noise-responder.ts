import type { KeyPair } from '#crypto'
import { NoiseFailed } from '../errors/noise-error.ts'
import { HandshakeMessage } from '../proto/core.generated.ts'
import { createNoiseState, type NoisePattern, type TransportKeys } from './noise-state.ts'

/** What a server brings to a handshake. */
export interface ResponderParts {
  /** The four header bytes that were received. */
  readonly prologue: Uint8Array
  readonly serverStatic: KeyPair
  readonly ephemeral: KeyPair
  /** The encoded `CertChain` of the static key. */
  readonly certificateChain: Uint8Array
}

/** What a server learns from a handshake. */
export interface ResponderResult {
  readonly keys: TransportKeys
  /** The client's static key. */
  readonly clientStatic: Uint8Array
  /** The encoded `ClientPayload`. */
  readonly payload: Uint8Array
}

/** The server's answer to a first message. */
export type Response = { readonly pattern: NoisePattern; readonly hello: Uint8Array } & (
  | { readonly kind: 'done'; readonly result: ResponderResult }
  | { readonly kind: 'half'; readonly finish: (clientFinish: Uint8Array) => ResponderResult }
)

/** The server's half of a handshake: `XX`, `IK`, or `XXfallback` when the client resumes with a wrong key. */
export const respond = (clientHello: Uint8Array, parts: ResponderParts): Response => {
  const { clientHello: hello } = decode(clientHello)
  const theirs = hello?.ephemeral
  if (theirs?.length !== 32) throw new NoiseFailed('missing_field')
  if (!hello?.static || !hello.payload) return meet('XX', theirs, parts)
  try {
    return resume(theirs, hello.static, hello.payload, parts)
  } catch (error) {
    if (!(error instanceof NoiseFailed)) throw error
    return meet('XXfallback', theirs, parts)
  }
}

const meet = (pattern: NoisePattern, theirs: Uint8Array, { prologue, ephemeral, serverStatic, certificateChain }: ResponderParts): Response => {
  const state = createNoiseState(pattern, prologue)
  state.mixHash(theirs)
  state.mixHash(ephemeral.publicKey)
  state.mixAgreement(ephemeral.privateKey, theirs)
  const sealedStatic = state.encryptAndHash(serverStatic.publicKey)
  state.mixAgreement(serverStatic.privateKey, theirs)
  const sealedChain = state.encryptAndHash(certificateChain)
  return {
    kind: 'half',
    pattern,
    hello: HandshakeMessage.encode({ serverHello: { ephemeral: ephemeral.publicKey, static: sealedStatic, payload: sealedChain } }),
    finish: (bytes) => {
      const { clientFinish } = decode(bytes)
      if (!clientFinish?.static || !clientFinish.payload) throw new NoiseFailed('missing_field')
      const clientStatic = state.decryptAndHash(clientFinish.static)
      state.mixAgreement(ephemeral.privateKey, clientStatic)
      const payload = state.decryptAndHash(clientFinish.payload)
      return { keys: state.split(), clientStatic, payload }
    },
  }
}

const resume = (theirs: Uint8Array, sealedStatic: Uint8Array, sealedPayload: Uint8Array, parts: ResponderParts): Response => {
  const { prologue, ephemeral, serverStatic, certificateChain } = parts
  const state = createNoiseState('IK', prologue)
  state.mixHash(serverStatic.publicKey)
  state.mixHash(theirs)
  state.mixAgreement(serverStatic.privateKey, theirs)
  const clientStatic = state.decryptAndHash(sealedStatic)
  state.mixAgreement(serverStatic.privateKey, clientStatic)
  const payload = state.decryptAndHash(sealedPayload)
  state.mixHash(ephemeral.publicKey)
  state.mixAgreement(ephemeral.privateKey, theirs)
  state.mixAgreement(ephemeral.privateKey, clientStatic)
  const sealedChain = state.encryptAndHash(certificateChain)
  return {
    kind: 'done',
    pattern: 'IK',
    hello: HandshakeMessage.encode({ serverHello: { ephemeral: ephemeral.publicKey, payload: sealedChain } }),
    result: { keys: state.split(), clientStatic, payload },
  }
}

const decode = (bytes: Uint8Array): HandshakeMessage => {
  try {
    return HandshakeMessage.decode(bytes)
  } catch (cause) {
    throw new NoiseFailed('malformed_message', { cause })
  }
}
