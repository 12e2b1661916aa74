import type { Observable } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { CodePairing } from './pair-by-code.ts'
import type { PasskeyPairing } from './pair-by-passkey.ts'

/** What pairing needs of its connection. */
export interface PairingParts {
  readonly live: Live
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas. */
  readonly stanza$: Observable<Stanza>
  /** A link is being verified and stored, or was answered. */
  readonly setAccepting: (isAccepting: boolean) => void
  /** The server is ready to link; codes can be asked for and passkeys answered. */
  readonly setPairing: (ways: PairingWays) => void
}

/** The ways to link that wait for the application. */
export interface PairingWays {
  readonly codes: CodePairing
  readonly passkey: PasskeyPairing
}
