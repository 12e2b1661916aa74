import { EMPTY, mergeMap, of, take, throwError, type Observable } from 'rxjs'

import { atOnce } from '../reactive/at-once.ts'
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

/** The state as it is and as it changes. */
export interface LiveStates {
  readonly live$: Observable<LiveState>
  readonly liveState: () => LiveState
}

/** The present connection, or the next one; an error when there will be none. */
export const openLive = ({ live$, liveState }: LiveStates): Observable<Live> => {
  const present = liveState()
  if (present.kind === 'open') return atOnce(present.live)
  return live$.pipe(
    mergeMap((state) => {
      if (state.kind === 'ended') return throwError(() => state.error)
      return state.kind === 'open' ? of(state.live) : EMPTY
    }),
    take(1),
  )
}
