import { map, type MonoTypeOperatorFunction } from 'rxjs'

import { isOptIn } from '../events/opt-in.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Parsed } from './parsed.ts'

/**
 * Takes the events away from what was given out before and is only delivered again; its ratchets are still
 * kept and it is answered again, or the server would repeat it for ever.
 */
export const skipRepeats = (ledger: Pick<Ledger, 'has'>): MonoTypeOperatorFunction<Parsed> =>
  map((parsed) => (parsed.name !== undefined && ledger.has(parsed.name) ? { ...parsed, events: parsed.events.filter(isOptIn) } : parsed))
