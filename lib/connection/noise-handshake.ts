import type { KeyPair } from '#crypto'
import { NoiseFailed } from '../errors/noise-error.ts'
import { HandshakeMessage, type HandshakeMessage_ServerHello } from '../proto/core.generated.ts'
import { createNoiseState, type NoisePattern, type NoiseState, type TransportKeys } from './noise-state.ts'

/** What the client brings to a handshake. */
export interface HandshakeParts {
  /** First bytes of the connection after the routing block; hashed. */
  readonly prologue: Uint8Array
  /** The device's static key. */
  readonly noise: KeyPair
  /** Fresh for this connection. */
  readonly ephemeral: KeyPair
  /** The encoded `ClientPayload`. */
  readonly payload: Uint8Array
  /** The server key of an earlier connection: resume with it. */
  readonly knownServerKey?: Uint8Array
  /** Checks the certificate chain of a server key; throws when it does not hold. */
  readonly verifyCertificate: (chain: Uint8Array, serverKey: Uint8Array) => void
}

/** A handshake that succeeded. */
export interface HandshakeResult {
  readonly pattern: NoisePattern
  /** Last message to the server, when the pattern has one. */
  readonly finish: Uint8Array | undefined
  readonly keys: TransportKeys
  /** The server's static key. */
  readonly serverKey: Uint8Array
}

/** The client's half of a handshake: one message out, one in, perhaps one more out. */
export interface ClientHandshake {
  readonly hello: Uint8Array
  /** @throws NoiseFailed, or what the certificate check throws */
  readonly answer: (serverHello: Uint8Array) => HandshakeResult
}

/** Starts a handshake: `XX`, or `IK` when the server is known (protocol document 02, sections 1.3 to 1.5). */
export const startHandshake = (parts: HandshakeParts): ClientHandshake =>
  parts.knownServerKey ? resume(parts, parts.knownServerKey) : meet(parts)

const meet = (parts: HandshakeParts): ClientHandshake => {
  const state = createNoiseState('XX', parts.prologue)
  state.mixHash(parts.ephemeral.publicKey)
  return {
    hello: HandshakeMessage.encode({ clientHello: { ephemeral: parts.ephemeral.publicKey } }),
    answer: (serverHello) => finishMeeting(state, parts, readServerHello(serverHello), 'XX'),
  }
}

const resume = (parts: HandshakeParts, serverKey: Uint8Array): ClientHandshake => {
  const { prologue, noise, ephemeral, payload } = parts
  const state = createNoiseState('IK', prologue)
  state.mixHash(serverKey)
  state.mixHash(ephemeral.publicKey)
  state.mixAgreement(ephemeral.privateKey, serverKey)
  const sealedStatic = state.encryptAndHash(noise.publicKey)
  state.mixAgreement(noise.privateKey, serverKey)
  const sealedPayload = state.encryptAndHash(payload)
  return {
    hello: HandshakeMessage.encode({ clientHello: { ephemeral: ephemeral.publicKey, static: sealedStatic, payload: sealedPayload } }),
    answer: (bytes) => {
      const serverHello = asResume(() => readServerHello(bytes))
      if (serverHello.static) {
        // The server does not know that key any more and starts over; only the ephemeral key stays.
        const fallback = createNoiseState('XXfallback', prologue)
        fallback.mixHash(ephemeral.publicKey)
        return finishMeeting(fallback, parts, serverHello, 'XXfallback')
      }
      return asResume(() => {
        const { ephemeral: theirs, payload: certificate } = serverHello
        if (!theirs || !certificate) throw new NoiseFailed('missing_field')
        requireKey(theirs)
        state.mixHash(theirs)
        state.mixAgreement(ephemeral.privateKey, theirs)
        state.mixAgreement(noise.privateKey, theirs)
        // Only to authenticate: the chain was verified when the key was learnt.
        state.decryptAndHash(certificate)
        return { pattern: 'IK', finish: undefined, keys: state.split(), serverKey }
      })
    },
  }
}

/** What fails before the server chose to start over says that its key must not be used again. */
const asResume = <T>(step: () => T): T => {
  try {
    return step()
  } catch (cause) {
    throw cause instanceof NoiseFailed ? new NoiseFailed('resume_failed', { cause }) : cause
  }
}

const finishMeeting = (
  state: NoiseState,
  { noise, ephemeral, payload, verifyCertificate }: HandshakeParts,
  { ephemeral: theirs, static: sealedStatic, payload: sealedChain }: HandshakeMessage_ServerHello,
  pattern: NoisePattern,
): HandshakeResult => {
  if (!theirs || !sealedStatic || !sealedChain) throw new NoiseFailed('missing_field')
  requireKey(theirs)
  state.mixHash(theirs)
  state.mixAgreement(ephemeral.privateKey, theirs)
  const serverKey = state.decryptAndHash(sealedStatic)
  requireKey(serverKey)
  state.mixAgreement(ephemeral.privateKey, serverKey)
  const chain = state.decryptAndHash(sealedChain)
  // Nothing of ours leaves before the server proved itself.
  verifyCertificate(chain, serverKey)
  const ourStatic = state.encryptAndHash(noise.publicKey)
  state.mixAgreement(noise.privateKey, theirs)
  const ourPayload = state.encryptAndHash(payload)
  return {
    pattern,
    finish: HandshakeMessage.encode({ clientFinish: { static: ourStatic, payload: ourPayload } }),
    keys: state.split(),
    serverKey,
  }
}

const readServerHello = (bytes: Uint8Array): HandshakeMessage_ServerHello => {
  let message: HandshakeMessage
  try {
    message = HandshakeMessage.decode(bytes)
  } catch (cause) {
    throw new NoiseFailed('malformed_message', { cause })
  }
  if (!message.serverHello) throw new NoiseFailed('missing_field')
  return message.serverHello
}

const requireKey = (key: Uint8Array): void => {
  if (key.length !== 32) throw new NoiseFailed('wrong_key_length')
}
