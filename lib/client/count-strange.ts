import type { EventHub } from './event-hub.ts'

/** How often the server said what we do not understand. */
export interface StrangeCounts {
  /** By tag; `other` stands for all tags beyond the first hundred. */
  readonly counts: () => ReadonlyMap<string, number>
}

/** Tags that are told apart; whoever makes up tags must not fill the memory. */
const MOST_TAGS = 100

/** A hub that counts the stanzas nobody handles and those that cannot be read. */
export const countStrange = (hub: EventHub): EventHub & StrangeCounts => {
  const counts = new Map<string, number>()
  return {
    ...hub,
    emit: (event) => {
      if (event.type === 'unhandled_stanza' || event.type === 'malformed_stanza') {
        const tag = counts.has(event.node.tag) || counts.size < MOST_TAGS ? event.node.tag : 'other'
        counts.set(tag, (counts.get(tag) ?? 0) + 1)
      }
      hub.emit(event)
    },
    counts: () => new Map(counts),
  }
}
