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

/** Why a pairing code could not be had, or came to nothing. */
export type PairingCodeFault = 'already_outstanding' | 'refused' | 'timed_out' | 'cancelled' | 'failed'

/** A pairing by code ended before a phone was linked. */
export class PairingCodeFailed extends RxwaError {
  readonly code = 'pairing_code_failed'
  constructor(
    readonly fault: PairingCodeFault,
    options?: {
      readonly cause?: unknown
      /** Status of the server's refusal, for example 429. */
      readonly status?: number
      readonly backoffSeconds?: number
    },
  ) {
    super(
      fault === 'already_outstanding'
        ? 'a pairing code is still out; cancel it or wait until it has expired'
        : `the pairing by code came to nothing: ${fault}`,
      options,
    )
    if (options?.status !== undefined) this.status = options.status
    if (options?.backoffSeconds !== undefined) this.backoffSeconds = options.backoffSeconds
  }

  readonly status?: number
  readonly backoffSeconds?: number
}

/** This device is linked already; end the link before making another. */
export class AlreadyLinked extends RxwaError {
  readonly code = 'already_linked'
  constructor() {
    super('this device is linked already; log out and unlink it before linking it again')
  }
}
