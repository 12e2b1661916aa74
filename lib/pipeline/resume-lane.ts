import type { Stanza } from '../stanza/stanza.ts'

/** Decides which lane a stanza waits in while the backlog drains and afterwards. */
export interface ResumeLane {
  readonly laneOf: (stanza: Stanza) => string
  /** Stanzas still share the one lane. */
  readonly isResuming: () => boolean
  /** A stanza went all the way through the pipe. */
  readonly passed: () => void
  /** The backlog is through, or its time is up. */
  readonly finish: () => void
}

const ONE_LANE = 'resuming'

/**
 * One lane for everything while the backlog drains, so that stanzas are handled strictly one by one;
 * lanes by chat afterwards. Lanes open only once the one lane is empty, because a chat's next message
 * would otherwise overtake its last one.
 */
export const createResumeLane = (chatOf: (stanza: Stanza) => string): ResumeLane => {
  let isFinished = false
  let waiting = 0
  return {
    laneOf: (stanza) => {
      if (isFinished && waiting === 0) return `chat/${chatOf(stanza)}`
      waiting += 1
      return ONE_LANE
    },
    isResuming: () => !isFinished || waiting > 0,
    passed: () => {
      if (waiting > 0) waiting -= 1
    },
    finish: () => {
      isFinished = true
    },
  }
}
