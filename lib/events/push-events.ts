import type { Jid } from '../stanza/jid.ts'

/** A push of the server's query language (GraphQL), whole; those with an event of their own have that as well. */
export interface MexNotificationEvent {
  readonly type: 'mex_notification'
  readonly opName: string
  readonly from?: Jid
  readonly stanzaId?: string
  /** Present when it waited on the server while we were away; the value says nothing. */
  readonly offline?: string
  /** The JSON as it came: `data`, perhaps `errors`. */
  readonly payload: unknown
}

/** A sender's phone uploaded a file again, or could not. */
export interface MediaRetryEvent {
  readonly type: 'media_retry'
  readonly messageId: string
  /** Absent for files of the history. */
  readonly chat?: Jid
  /** Who wrote the message, in groups. */
  readonly sender?: Jid
  readonly fromMe: boolean
  /** Where the file is now, under a key made from the file's own. */
  readonly ciphertext?: Uint8Array
  /** 12 bytes. */
  readonly iv?: Uint8Array
  /** Present when it failed. */
  readonly errorCode?: number
  readonly timestamp: Date
}

/** Events that answer something asked before, or come from outside the protocol of stanzas. */
export type PushEvent = MexNotificationEvent | MediaRetryEvent
