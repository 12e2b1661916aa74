import { verify } from '#crypto'
import { equalBytes, fromHex } from '../bytes/bytes.ts'
import { CertificateRejected } from '../errors/certificate-error.ts'
import {
  CertChain,
  CertChain_NoiseCertificate_Details,
  type CertChain_NoiseCertificate,
} from '../proto/core.generated.ts'
import type { Int64 } from '../proto/types.generated.ts'

/** Whom to believe about the server's key. */
export interface TrustedRoot {
  /** X25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array
  readonly serial: number
}

/** The root of the real service, "WhatsAppLongTerm1". */
export const PINNED_ROOT: TrustedRoot = {
  publicKey: fromHex('142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b'),
  serial: 0,
}

/** Clocks are wrong by hours, rarely by more than a day. */
const CLOCK_TOLERANCE_SECONDS = 86_400

type Which = 'leaf' | 'intermediate'

/**
 * Verifies that the server's key is certified under the root (protocol document 02, section 1.6): the
 * root signs the intermediate, that signs the leaf, and the leaf names the key the handshake used.
 *
 * @returns how long the chain holds, so that its key can be used to resume
 * @throws CertificateRejected naming the check that failed
 */
export const verifyCertificateChain = (
  bytes: Uint8Array,
  { serverKey, root, now }: { readonly serverKey: Uint8Array; readonly root: TrustedRoot; readonly now: Date },
): Validity => {
  const chain = decodeChain(bytes)
  const intermediate = readCertificate(chain.intermediate, 'intermediate')
  const leaf = readCertificate(chain.leaf, 'leaf')

  if (intermediate.issuerSerial !== root.serial) throw new CertificateRejected('wrong_issuer', 'intermediate')
  if (!verify(root.publicKey, intermediate.details, intermediate.signature))
    throw new CertificateRejected('bad_signature', 'intermediate')
  if (leaf.issuerSerial !== intermediate.serial) throw new CertificateRejected('wrong_issuer', 'leaf')
  if (!verify(intermediate.key, leaf.details, leaf.signature)) throw new CertificateRejected('bad_signature', 'leaf')
  if (!equalBytes(leaf.key, serverKey)) throw new CertificateRejected('wrong_leaf_key', 'leaf')
  checkValidity(intermediate, now, 'intermediate')
  checkValidity(leaf, now, 'leaf')
  return {
    notBeforeSeconds: Math.max(intermediate.notBefore ?? 0, leaf.notBefore ?? 0),
    notAfterSeconds: Math.min(intermediate.notAfter ?? Infinity, leaf.notAfter ?? Infinity),
  }
}

/** When both certificates of a chain are valid, in seconds since 1970. */
export interface Validity {
  readonly notBeforeSeconds: number
  readonly notAfterSeconds: number
}

const decodeChain = (bytes: Uint8Array): CertChain => {
  try {
    return CertChain.decode(bytes)
  } catch (cause) {
    throw new CertificateRejected('missing_part', 'leaf', { cause })
  }
}

interface Certificate {
  /** The signed bytes as received. */
  readonly details: Uint8Array
  readonly signature: Uint8Array
  readonly serial: number
  readonly issuerSerial: number
  readonly key: Uint8Array
  readonly notBefore: number | undefined
  readonly notAfter: number | undefined
}

const readCertificate = (certificate: CertChain_NoiseCertificate | undefined, which: Which): Certificate => {
  const { details, signature } = certificate ?? {}
  if (!details || signature?.length !== 64) throw new CertificateRejected('missing_part', which)
  let read: CertChain_NoiseCertificate_Details
  try {
    read = CertChain_NoiseCertificate_Details.decode(details)
  } catch (cause) {
    throw new CertificateRejected('missing_part', which, { cause })
  }
  if (read.key?.length !== 32) throw new CertificateRejected('wrong_key_length', which)
  return {
    details,
    signature,
    serial: read.serial ?? 0,
    issuerSerial: read.issuerSerial ?? 0,
    key: read.key,
    notBefore: secondsOf(read.notBefore),
    notAfter: secondsOf(read.notAfter),
  }
}

/** A time too far away to be an exact number is as good as never. */
const secondsOf = (value: Int64 | undefined): number | undefined => (typeof value === 'bigint' ? Infinity : value)

const checkValidity = ({ notBefore, notAfter }: Certificate, now: Date, which: Which): void => {
  const seconds = now.getTime() / 1000
  const isEarly = notBefore !== undefined && seconds < notBefore - CLOCK_TOLERANCE_SECONDS
  const isLate = notAfter !== undefined && seconds > notAfter + CLOCK_TOLERANCE_SECONDS
  if (isEarly || isLate) throw new CertificateRejected('outside_validity', which)
}
