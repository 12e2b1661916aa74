import { RxwaError } from './rxwa-error.ts'

/** Why a Signal ciphertext, bundle or record was refused. */
export type SignalFault =
  | 'no_session'
  | 'no_sender_key'
  | 'unknown_prekey'
  | 'unknown_signed_prekey'
  | 'untrusted_identity'
  | 'bad_mac'
  | 'invalid_message'
  | 'too_far_in_future'
  | 'duplicate_message'
  | 'malformed'
  | 'bad_signature'
  | 'bad_padding'
  /** What a reply of a bot is encrypted under is not known. */
  | 'no_message_secret'

/** One Signal operation failed; the state it was tried on is as before. */
export class SignalFailed extends RxwaError {
  readonly code = 'signal_failed'
  constructor(
    readonly fault: SignalFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`end-to-end encryption failed: ${fault}`, options)
  }
}
