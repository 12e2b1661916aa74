import { RxwaError } from './rxwa-error.ts'

/** The check of the server's certificate chain that failed. */
export type CertificateFault =
  | 'missing_part'
  | 'wrong_issuer'
  | 'wrong_key_length'
  | 'bad_signature'
  | 'wrong_leaf_key'
  | 'outside_validity'

/** The server could not prove who it is; the connection is over and nothing was sent to it. */
export class CertificateRejected extends RxwaError {
  readonly code = 'certificate_rejected'
  constructor(
    readonly fault: CertificateFault,
    readonly certificate: 'leaf' | 'intermediate',
    options?: { readonly cause?: unknown },
  ) {
    super(
      fault === 'outside_validity'
        ? `the server's ${certificate} certificate is not valid now; check this machine's clock`
        : `the server's ${certificate} certificate was rejected: ${fault}`,
      options,
    )
  }
}
