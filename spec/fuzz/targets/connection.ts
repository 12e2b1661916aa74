import { sign } from '#crypto'
import { concat } from '../../../lib/bytes/bytes.ts'
import { encodeAccount, decodeAccount } from '../../../lib/account/account-codec.ts'
import { WIRE_HEADER } from '../../../lib/connection/frame.ts'
import { verifyCertificateChain } from '../../../lib/connection/noise-certificate.ts'
import { startHandshake } from '../../../lib/connection/noise-handshake.ts'
import { respond } from '../../../lib/connection/noise-responder.ts'
import { CertificateRejected } from '../../../lib/errors/certificate-error.ts'
import { NoiseFailed } from '../../../lib/errors/noise-error.ts'
import { CertChain, CertChain_NoiseCertificate_Details, HandshakeMessage } from '../../../lib/proto/core.generated.ts'
import { fixedAccount, pairOf } from '../fixed-account.ts'
import { accepted, requireEqual, type Target } from '../target.ts'

const root = pairOf(1)
const intermediate = pairOf(2)
const server = pairOf(3)
const now = new Date(1_700_000_000_000)

const certificate = (issuer: typeof root, details: Uint8Array) => ({ details, signature: sign(issuer, details) })
const intermediateDetails = CertChain_NoiseCertificate_Details.encode({ serial: 1, issuerSerial: 0, key: intermediate.publicKey })
const leafDetails = CertChain_NoiseCertificate_Details.encode({ serial: 2, issuerSerial: 1, key: server.publicKey, notBefore: 1_600_000_000, notAfter: 1_800_000_000 })
const chainOf = (leaf: Uint8Array): Uint8Array => CertChain.encode({ leaf: certificate(intermediate, leaf), intermediate: certificate(root, intermediateDetails) })
const chain = chainOf(leafDetails)

/** The first byte chooses: 0 the rest is a chain, 1 it is the details of a leaf that is rightly signed. */
const certificates: Target = {
  name: 'certificate-chain',
  seeds: () => [concat(Uint8Array.of(0), chain), concat(Uint8Array.of(1), leafDetails), concat(Uint8Array.of(1), CertChain_NoiseCertificate_Details.encode({ serial: 2, issuerSerial: 1, key: server.publicKey, notAfter: 2n ** 63n }))],
  longestBytes: 600,
  feed: (input) => {
    const rest = input.subarray(1)
    const bytes = (input[0] ?? 0) % 2 === 1 ? chainOf(rest) : rest
    const validity = accepted([CertificateRejected], () => verifyCertificateChain(bytes, { serverKey: server.publicKey, root: { publicKey: root.publicKey, serial: 0 }, now }))
    const known = validity && { key: server.publicKey, ...validity }
    // What is kept of it must not make the account unreadable.
    if (known && Number.isFinite(known.notAfterSeconds)) requireEqual(decodeAccount(encodeAccount({ ...fixedAccount, server: known })).server, known, 'known server')
  },
}

const client = { prologue: WIRE_HEADER, noise: pairOf(4), ephemeral: pairOf(5), payload: new Uint8Array(40) }
const verifyCertificate = (bytes: Uint8Array, serverKey: Uint8Array): void => {
  verifyCertificateChain(bytes, { serverKey, root: { publicKey: root.publicKey, serial: 0 }, now })
}

/** A real server's first answer with the given chain in it. */
const helloWith = (clientHello: Uint8Array, certificateChain: Uint8Array): Uint8Array =>
  respond(clientHello, { prologue: WIRE_HEADER, serverStatic: server, ephemeral: pairOf(6), certificateChain }).hello

/** The first byte chooses: the answer to XX or IK as it is, one that is rightly sealed around the rest, or one of another server. */
const handshake: Target = {
  name: 'noise-handshake',
  seeds: () => {
    const meeting = startHandshake({ ...client, verifyCertificate }).hello
    const resuming = startHandshake({ ...client, verifyCertificate, knownServerKey: server.publicKey }).hello
    return [
      concat(Uint8Array.of(0), helloWith(meeting, chain)),
      concat(Uint8Array.of(1), helloWith(resuming, chain)),
      concat(Uint8Array.of(2), chain),
      concat(Uint8Array.of(3), chain),
      concat(Uint8Array.of(0), HandshakeMessage.encode({ serverHello: { ephemeral: new Uint8Array(32), static: new Uint8Array(48), payload: new Uint8Array(16) } })),
    ]
  },
  longestBytes: 1_500,
  feed: (input) => {
    const mode = (input[0] ?? 0) % 4
    const rest = input.subarray(1)
    const attempt = startHandshake({ ...client, verifyCertificate, ...(mode % 2 === 1 && { knownServerKey: server.publicKey }) })
    accepted([NoiseFailed, CertificateRejected], () => attempt.answer(mode < 2 ? rest : helloWith(attempt.hello, rest)))
  },
}

/** The server's half: what a hostile client says. */
const responder: Target = {
  name: 'noise-responder',
  seeds: () => [startHandshake({ ...client, verifyCertificate }).hello, startHandshake({ ...client, verifyCertificate, knownServerKey: server.publicKey }).hello],
  longestBytes: 1_000,
  feed: (input) => {
    const response = accepted([NoiseFailed], () => respond(input, { prologue: WIRE_HEADER, serverStatic: server, ephemeral: pairOf(6), certificateChain: chain }))
    if (response?.kind === 'half') accepted([NoiseFailed], () => response.finish(input))
  },
}

export const connectionTargets: readonly Target[] = [certificates, handshake, responder]
