import type { Stanza } from '../stanza/stanza.ts'

/** Every decoded inbound stanza, before anybody looks at it; opt-in. */
export interface RawNodeEvent {
  readonly type: 'raw_node'
  readonly node: Stanza
}

/** Every stanza that was written; opt-in. */
export interface SentFrameEvent {
  readonly type: 'sent_frame'
  /** The encoded stanza with its leading flag byte. */
  readonly plaintext: Uint8Array
}

/** A notification nobody has modelled. */
export interface NotificationEvent {
  readonly type: 'notification'
  readonly node: Stanza
}

/** A stanza nobody handles; acknowledged all the same. */
export interface UnhandledStanzaEvent {
  readonly type: 'unhandled_stanza'
  readonly node: Stanza
  readonly reason: string
}

/** A known stanza whose attributes or children cannot be read. */
export interface MalformedStanzaEvent {
  readonly type: 'malformed_stanza'
  readonly node: Stanza
  /** All that is wrong, one sentence each. */
  readonly faults: readonly string[]
}

/** A frame that is no stanza; the connection goes on. */
export interface DecodeErrorEvent {
  readonly type: 'decode_error'
  readonly error: Error
  /** The decrypted frame. */
  readonly frame: Uint8Array
}
