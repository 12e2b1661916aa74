import type { ReplaySubject } from 'rxjs'

import type { KeyPair } from '#crypto'
import { HANDOFF_LIFETIME_MS } from '../pairing/passkey.ts'

/** What the user compares with the phone. */
export interface PasskeyConfirmation {
  /** Eight characters in two halves. */
  readonly code: string
  /** This device proved itself by an interrupted link: comparing may be left out. */
  readonly skipHandoffUx: boolean
}

/** Our side of one attempt. */
export interface PasskeyAttempt {
  readonly ephemeral: KeyPair
  readonly nonce: Uint8Array
  /** Absent until the server gave it. */
  ref: string | undefined
  readonly isProven: boolean
  /** Whoever waits for the code. */
  readonly told$: ReplaySubject<PasskeyConfirmation>
}

/** Where an attempt stands (protocol document 03, section 5). */
export type PasskeyStage =
  | { readonly kind: 'idle' }
  | { readonly kind: 'awaiting_primary'; readonly attempt: PasskeyAttempt }
  | { readonly kind: 'awaiting_confirmation'; readonly attempt: PasskeyAttempt; readonly key: Uint8Array }
  | { readonly kind: 'awaiting_pairing'; readonly attempt: PasskeyAttempt }

/** No attempt. */
export const IDLE: PasskeyStage = { kind: 'idle' }

/** How long each stage lasts: two that wait for people as long as the handoff holds, the last like that of a pairing by code. */
export const PASSKEY_LIMITS_MS: Readonly<Record<PasskeyStage['kind'], number | undefined>> = {
  idle: undefined,
  awaiting_primary: HANDOFF_LIFETIME_MS,
  awaiting_confirmation: HANDOFF_LIFETIME_MS,
  awaiting_pairing: 60_000,
}

