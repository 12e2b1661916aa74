import { RxwaError } from './rxwa-error.ts'

/** The check of a pairing that failed (protocol document 03, section 3.1). */
export type PairingFault = 'malformed' | 'wrong_hmac' | 'bad_account_signature'

/** A phone's pairing could not be verified; nothing was stored. */
export class PairingRejected extends RxwaError {
  readonly code = 'pairing_rejected'
  constructor(
    readonly fault: PairingFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the pairing was rejected: ${fault}`, options)
  }
}
