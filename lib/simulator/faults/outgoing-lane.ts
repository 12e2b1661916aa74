import type { SchedulerLike } from 'rxjs'

import type { Stanza } from '../../stanza/stanza.ts'
import type { FaultAction } from './fault-rule.ts'
import { createLane, type Lane, type SpoilingAction } from './lane.ts'
import { corruptEncs, flipLastBit, refusalInstead } from './spoil.ts'

/** What a server writes, in order. */
export type Outgoing =
  | { readonly kind: 'hello'; readonly body: Uint8Array }
  | { readonly kind: 'stanza'; readonly stanza: Stanza }
  | { readonly kind: 'bytes'; readonly plaintext: Uint8Array }
  | { readonly kind: 'end' }

/** What the lane needs of its connection. */
export interface OutgoingParts {
  readonly scheduler: SchedulerLike
  readonly choose: (item: Outgoing & { readonly kind: 'hello' | 'stanza' }) => FaultAction | undefined
  /** Seals an item; does what has to be done and gives nothing when it is no frame. */
  readonly frameOf: (item: Outgoing) => Uint8Array | undefined
  readonly send: (bytes: Uint8Array) => void
  readonly isDumb: () => boolean
  /** Takes care of faults of the whole connection; false when it is none. */
  readonly interrupt: (action: SpoilingAction) => boolean
  readonly stall: () => void
  readonly close: () => void
}

/** The way from the server to the client, with all that can go wrong on it. */
export const createOutgoingLane = ({ scheduler, choose, frameOf, send, isDumb, interrupt, stall, close }: OutgoingParts): Lane<Outgoing> => {
  const write = (item: Outgoing): void => {
    const frame = frameOf(item)
    if (frame) send(frame)
  }
  const again = (times: number, work: () => void): void => {
    for (let turn = 0; turn <= times; turn += 1) work()
  }
  /** Faults of the stanza, before it is sealed; false when it is none. */
  const spoilStanza = (item: Outgoing, action: SpoilingAction): boolean => {
    if (action.kind === 'duplicate' && action.level !== 'frame') {
      again(action.times ?? 1, () => write(item))
      return true
    }
    if (item.kind !== 'stanza') return false
    if (action.kind === 'refuse') {
      const refusal = refusalInstead(item.stanza, action)
      if (refusal) write({ kind: 'stanza', stanza: refusal })
      if (refusal?.tag === 'failure') close()
      return true
    }
    if (action.kind !== 'corrupt' || action.level !== 'stanza') return false
    write({ kind: 'stanza', stanza: corruptEncs(item.stanza) })
    return true
  }
  return createLane<Outgoing>({
    scheduler,
    choose: (item) => (item.kind === 'hello' || item.kind === 'stanza' ? choose(item) : undefined),
    pass: (item) => {
      if (!isDumb() || item.kind === 'end') write(item)
    },
    spoil: (item, action, later) => {
      if (interrupt(action) || spoilStanza(item, action)) return undefined
      const frame = frameOf(item)
      if (!frame) return undefined
      if (action.kind === 'duplicate') again(action.times ?? 1, () => send(frame))
      if (action.kind === 'corrupt') send(flipLastBit(frame))
      if (action.kind === 'truncate') {
        send(frame.subarray(0, action.keepBytes ?? frame.length >> 1))
        if (action.isLast) stall()
      }
      if (action.kind !== 'trickle') return undefined
      frame.forEach((_, place) => later(() => send(frame.subarray(place, place + 1)), place * action.msPerByte))
      return frame.length * action.msPerByte
    },
  })
}
