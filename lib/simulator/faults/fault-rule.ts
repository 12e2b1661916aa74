import type { NoisePattern } from '../../connection/noise-state.ts'
import type { Jid } from '../../stanza/jid.ts'
import type { Stanza } from '../../stanza/stanza.ts'

/** Something that is about to pass the server's end of a connection. */
export interface Passing {
  /** Seen from the server: `in` comes from the client. */
  readonly direction: 'in' | 'out'
  /** A message of the handshake, or a stanza. */
  readonly stage: 'handshake' | 'stanza'
  /** Absent in the handshake. */
  readonly stanza?: Stanza
  /** How the connection is opened; known from the server's hello on. */
  readonly pattern?: NoisePattern
  /** The device under its phone number, once it is known. */
  readonly device?: Jid
  /** Place among what passed in this direction and stage of this connection, from 1. */
  readonly index: number
}

/** What a fault applies to; everything that is named has to hold. */
export interface FaultTarget {
  readonly direction?: 'in' | 'out'
  /** Default `stanza`. */
  readonly stage?: 'handshake' | 'stanza'
  readonly tag?: string
  /** Value of the stanza's attribute `type`. */
  readonly type?: string
  /** Tag of the stanza's first child. */
  readonly child?: string
  /** A device, by its phone number or LID. */
  readonly device?: Jid | string
  /** Place on its connection, from 1. */
  readonly index?: number
  /** Only the n-th of all that matches since the rule was added, from 1; over all connections. */
  readonly nth?: number
  /** At most so many of all that matches. */
  readonly times?: number
  /** Only on connections on which the server has already sent this tag, or `tag/child`. */
  readonly after?: string
  /** Anything else. */
  readonly where?: (passing: Passing) => boolean
}

/** What goes wrong. */
export type FaultAction =
  /** Is never sent, or never heard. */
  | { readonly kind: 'drop' }
  /** Comes so much later, and nothing behind it before it, as on a long wire; alone when it may be overtaken. */
  | { readonly kind: 'delay'; readonly ms: number; readonly isOvertaken?: boolean }
  /** Comes once more, or so many times more; as `frame` the same sealed bytes, which fails the transport. */
  | { readonly kind: 'duplicate'; readonly times?: number; readonly level?: 'stanza' | 'frame' }
  /** Lets the next one, or so many, pass first. */
  | { readonly kind: 'reorder'; readonly behind?: number }
  /** Only the first bytes of the frame come, half of it by default; nothing behind it when it is the last. */
  | { readonly kind: 'truncate'; readonly keepBytes?: number; readonly isLast?: boolean }
  /** One bit is flipped: of the frame, which fails the transport, or of each `enc` before the frame is sealed. */
  | { readonly kind: 'corrupt'; readonly level?: 'frame' | 'stanza' }
  /** The frame comes byte by byte, one each so many milliseconds, and everything behind it waits. */
  | { readonly kind: 'trickle'; readonly msPerByte: number }
  /** From here on the server hears nothing, says nothing, or both; the socket stays open. It may still ping. */
  | { readonly kind: 'stall'; readonly side?: 'hears_nothing' | 'says_nothing' | 'both'; readonly pingEveryMs?: number }
  /** The socket closes with this code (default 1000), or without a word. */
  | { readonly kind: 'close'; readonly code?: number; readonly isAbrupt?: boolean }
  /** A request is answered by an error, a message by a negative `ack`, the login by `failure`. */
  | { readonly kind: 'refuse'; readonly code: number | string; readonly text?: string; readonly backoffSeconds?: number }

/** Kinds a seeded rule draws from. */
export type SeededKind = 'drop' | 'delay' | 'duplicate' | 'reorder' | 'corrupt' | 'close'

/** Chance in place of choice: the same seed makes the same faults of the same traffic. */
export interface SeededChoice {
  readonly kind: 'seeded'
  readonly seed: number
  /** From 0 to 1, for each that matches. */
  readonly probability: number
  readonly kinds: readonly SeededKind[]
  /** Longest delay; default 2000. */
  readonly limitMs: number
}

/** A fault as a plain description; see {@link Faults.add}. */
export interface FaultRule {
  /** Every stanza in both directions when absent. */
  readonly on?: FaultTarget
  readonly do: FaultAction | SeededChoice
}
