import type { Live } from './live.ts'
import type { PairingWays } from './pairing-parts.ts'

/** The connection operations work with now. */
export type LiveState =
  | { readonly kind: 'none' }
  /** Not linked yet; a code can be asked for. */
  | ({ readonly kind: 'pairing' } & PairingWays)
  | { readonly kind: 'open'; readonly live: Live }
  /** None ever again, and why. */
  | { readonly kind: 'ended'; readonly error: Error }
