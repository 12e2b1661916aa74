import { RxwaError } from './rxwa-error.ts'

/** The primitive that refused its input. */
export type CryptoFault = 'bad_key' | 'bad_tag' | 'bad_padding' | 'degenerate_agreement'

/** A cryptographic primitive refused its input: a key of the wrong length, a wrong tag, wrong padding. */
export class CryptoFailed extends RxwaError {
  readonly code = 'crypto_failed'
  constructor(
    readonly fault: CryptoFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`a cryptographic operation failed: ${fault}`, options)
  }
}
