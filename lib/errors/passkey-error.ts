import { RxwaError } from './rxwa-error.ts'

/**
 * Why a link by passkey came to nothing: nothing asked for a passkey, an attempt is under way, a step was
 * called out of turn, something that arrived cannot be read, the server refused a step, nobody answered
 * in time, the application's authenticator failed, or the attempt was given up.
 */
export type PasskeyFault = 'no_request' | 'busy' | 'nothing_to_confirm' | 'malformed' | 'refused' | 'timed_out' | 'authenticator_failed' | 'cancelled'

const TEXTS: Readonly<Record<PasskeyFault, string>> = {
  no_request: 'nobody asked for a passkey; wait for client.pairPasskeyRequest$',
  busy: 'a link by passkey is under way; cancel it or wait for its end',
  nothing_to_confirm: 'there is no code to confirm; wait for client.pairPasskeyConfirmation$',
  malformed: 'what arrived for the link by passkey cannot be read',
  refused: 'the server refused the link by passkey',
  timed_out: 'the link by passkey was not answered in time',
  authenticator_failed: 'the authenticator gave no passkey',
  cancelled: 'the link by passkey was given up',
}

/** A link by passkey ended before a phone was linked, or a step of it was called out of turn. */
export class PasskeyFailed extends RxwaError {
  readonly code = 'passkey_failed'
  constructor(
    readonly fault: PasskeyFault,
    options?: {
      readonly cause?: unknown
      /** Status of the server's refusal. */
      readonly status?: number
    },
  ) {
    super(TEXTS[fault], options)
    if (options?.status !== undefined) this.status = options.status
  }

  readonly status?: number
}
