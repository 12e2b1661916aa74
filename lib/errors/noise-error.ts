import { RxwaError } from './rxwa-error.ts'

/** The step of the Noise exchange that failed. */
export type NoiseFault =
  | 'malformed_message'
  | 'missing_field'
  | 'wrong_key_length'
  | 'authentication_failed'
  | 'counter_exhausted'
  /** The server could not resume with the key it had before; the next attempt begins anew. */
  | 'resume_failed'

/** The Noise handshake, or a frame after it, could not be read; the connection is over. */
export class NoiseFailed extends RxwaError {
  readonly code = 'noise_failed'
  constructor(
    readonly fault: NoiseFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the encrypted connection failed: ${fault}`, options)
  }
}
