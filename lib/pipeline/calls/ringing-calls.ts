/** Calls that ring: offered to us, not taken yet. One of the few things a later stanza depends on. */
export interface RingingCalls {
  /** A call was offered. */
  readonly begin: (callId: string) => void
  /** Whether it rang until now; it does not any more. */
  readonly end: (callId: string) => boolean
}

/** Calls that may ring at once; whoever offers more makes the oldest fall silent. */
const MOST_RINGING = 100

/** Nothing rings. */
export const createRingingCalls = (): RingingCalls => {
  const ringing = new Set<string>()
  return {
    begin: (callId) => {
      ringing.delete(callId)
      ringing.add(callId)
      const [oldest] = ringing
      if (ringing.size > MOST_RINGING && oldest !== undefined) ringing.delete(oldest)
    },
    end: (callId) => ringing.delete(callId),
  }
}
