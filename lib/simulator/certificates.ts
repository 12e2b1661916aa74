import { generateKeyPair, generateSigningKeyPair, sign, type KeyPair } from '#crypto'
import type { TrustedRoot } from '../connection/noise-certificate.ts'
import { CertChain, CertChain_NoiseCertificate_Details } from '../proto/core.generated.ts'

/** A server's own root, the static key certified under it, and the chain that proves it. */
export interface ServerIdentity {
  readonly root: TrustedRoot
  readonly serverStatic: KeyPair
  /** Encoded `CertChain`. */
  readonly chain: Uint8Array
  /** The root's own key, to certify another static key. */
  readonly rootKey: KeyPair
}

/** What a test may have wrong about a chain. */
export interface CertificateFlaws {
  /** The chain names another server key. */
  readonly hasWrongLeafKey?: boolean
  /** The leaf names an issuer that did not sign it. */
  readonly hasWrongIssuer?: boolean
  /** The chain ended a year ago. */
  readonly isExpired?: boolean
  readonly isMissingLeaf?: boolean
  readonly isMissingIntermediate?: boolean
}

const DAY_SECONDS = 86_400
const YEAR_SECONDS = 365 * DAY_SECONDS

/** Makes an identity: root, intermediate (serial 1), leaf (serial 2), valid for ten years. */
export const createServerIdentity = (nowMs: number, flaws: CertificateFlaws = {}): ServerIdentity =>
  certify(generateSigningKeyPair(), nowMs, flaws)

/** The same root with another static key. */
export const renewServerIdentity = ({ rootKey }: ServerIdentity, nowMs: number): ServerIdentity => certify(rootKey, nowMs, {})

const certify = (root: KeyPair, nowMs: number, flaws: CertificateFlaws): ServerIdentity => {
  const intermediate = generateSigningKeyPair()
  const serverStatic = generateKeyPair()
  const now = Math.floor(nowMs / 1000)
  const validity = flaws.isExpired
    ? { notBefore: now - 2 * YEAR_SECONDS, notAfter: now - YEAR_SECONDS }
    : { notBefore: now - DAY_SECONDS, notAfter: now + 10 * YEAR_SECONDS }
  const certificate = (issuer: KeyPair, serial: number, issuerSerial: number, key: Uint8Array) => {
    const details = CertChain_NoiseCertificate_Details.encode({ serial, issuerSerial, key, ...validity })
    return { details, signature: sign(issuer, details) }
  }
  const leafKey = flaws.hasWrongLeafKey ? generateKeyPair().publicKey : serverStatic.publicKey
  return {
    rootKey: root,
    root: { publicKey: root.publicKey, serial: 0 },
    serverStatic,
    chain: CertChain.encode({
      ...(!flaws.isMissingLeaf && { leaf: certificate(intermediate, 2, flaws.hasWrongIssuer ? 7 : 1, leafKey) }),
      ...(!flaws.isMissingIntermediate && { intermediate: certificate(root, 1, 0, intermediate.publicKey) }),
    }),
  }
}
