import { map, type MonoTypeOperatorFunction } from 'rxjs'

import { isOptIn } from '../events/opt-in.ts'
import type { Ledger } from '../store/ledger.ts'
import type { Parsed } from './parsed.ts'

/** Whether it was given out before, under whichever address. */
export const isRepeat = (ledger: Pick<Ledger, 'has'>, { name, otherName }: Parsed): boolean => {
  if (name === undefined) return false
  if (ledger.has(name)) return true
  const other = otherName?.()
  return other !== undefined && ledger.has(other)
}

/**
 * Takes the events away from what was given out before and is only delivered again; its ratchets are still
 * kept and it is answered again, or the server would repeat it for ever.
 */
export const skipRepeats = (ledger: Pick<Ledger, 'has'>): MonoTypeOperatorFunction<Parsed> =>
  map((parsed) => (isRepeat(ledger, parsed) ? { ...parsed, events: parsed.events.filter(isOptIn) } : parsed))
