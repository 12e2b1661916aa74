import type { Observable } from 'rxjs'

import type { WaEvent } from '../events/wa-event.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Live } from './live.ts'
import type { Settings } from './options.ts'
import type { CodePairing } from './pair-by-code.ts'

/** What pairing needs of its connection. */
export interface PairingParts {
  readonly live: Live
  readonly settings: Settings
  readonly emit: (event: WaEvent) => void
  /** Inbound stanzas. */
  readonly stanza$: Observable<Stanza>
  /** The server is ready to link; codes can be asked for. */
  readonly setPairing: (codes: CodePairing) => void
}
