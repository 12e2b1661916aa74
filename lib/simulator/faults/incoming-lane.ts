import type { SchedulerLike } from 'rxjs'

import type { Stanza } from '../../stanza/stanza.ts'
import type { FaultAction } from './fault-rule.ts'
import { createLane, type Lane, type SpoilingAction } from './lane.ts'
import { corruptEncs, flipLastBit, refusalOf } from './spoil.ts'

/** What a server reads, in order. */
export type Incoming =
  | { readonly kind: 'hello'; readonly body: Uint8Array }
  | { readonly kind: 'stanza'; readonly stanza: Stanza; readonly sizeBytes: number }

/** What the lane needs of its connection. */
export interface IncomingParts {
  readonly scheduler: SchedulerLike
  readonly choose: (item: Incoming) => FaultAction | undefined
  /** Does what the item asks for. */
  readonly take: (item: Incoming) => void
  readonly answer: (stanza: Stanza) => void
  /** Takes care of faults of the whole connection; false when it is none. */
  readonly interrupt: (action: SpoilingAction) => boolean
  readonly goDeaf: () => void
  /** A frame came in part only: what follows cannot be read. */
  readonly cut: () => void
  /** What was read did not fit the cipher. */
  readonly fail: () => void
}

/** The way from the client to the server, with all that can go wrong on it. */
export const createIncomingLane = ({ scheduler, choose, take, answer, interrupt, goDeaf, cut, fail }: IncomingParts): Lane<Incoming> =>
  createLane<Incoming>({
    scheduler,
    choose,
    pass: take,
    spoil: (item, action, later) => {
      if (interrupt(action)) return undefined
      switch (action.kind) {
        case 'duplicate':
          take(item)
          if (action.level === 'frame') fail()
          else for (let turn = 0; turn < (action.times ?? 1); turn += 1) take(item)
          return undefined
        case 'corrupt':
          if (item.kind === 'hello') take({ ...item, body: flipLastBit(item.body) })
          else if (action.level === 'stanza') take({ ...item, stanza: corruptEncs(item.stanza) })
          else fail()
          return undefined
        case 'truncate':
          if (action.isLast) goDeaf()
          else cut()
          return undefined
        case 'refuse': {
          const refusal = item.kind === 'stanza' ? refusalOf(item.stanza, action, Math.floor(scheduler.now() / 1000)) : undefined
          if (refusal) answer(refusal)
          return undefined
        }
        case 'trickle': {
          const durationMs = (item.kind === 'hello' ? item.body.length : item.sizeBytes) * action.msPerByte
          later(() => take(item), durationMs)
          return durationMs
        }
        default:
          return undefined
      }
    },
  })
