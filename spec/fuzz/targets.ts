import type { Target } from './target.ts'
import { appStateTargets } from './targets/app-state.ts'
import { connectionTargets } from './targets/connection.ts'
import { historyTargets } from './targets/history.ts'
import { pairingTargets } from './targets/pairing.ts'
import { pipelineTargets } from './targets/pipeline.ts'
import { protoTargets } from './targets/proto.ts'
import { rowTargets } from './targets/rows.ts'
import { signalTargets } from './targets/signal.ts'
import { stanzaTargets } from './targets/stanza.ts'

/** Everything that reads bytes from a wire, a screen or a disk. */
export const targets: readonly Target[] = [
  ...stanzaTargets,
  ...protoTargets,
  ...connectionTargets,
  ...pairingTargets,
  ...signalTargets,
  ...rowTargets,
  ...pipelineTargets,
  ...appStateTargets,
  ...historyTargets,
]
