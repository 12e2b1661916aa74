import type { MessageSource } from './message-event.ts'

/** What a receipt says about messages; the list is open. */
export type ReceiptType =
  | 'delivered'
  | 'sent'
  | 'sender'
  | 'enc_rekey_retry'
  | 'read'
  | 'read-self'
  | 'played'
  | 'played-self'
  | 'server-error'
  | 'inactive'
  | 'peer_msg'
  | 'hist_sync'
  | 'view'
  | (string & {})

/** Somebody got, read or played messages; one event per person. */
export interface ReceiptEvent {
  readonly type: 'receipt'
  readonly source: MessageSource
  readonly messageIds: readonly string[]
  readonly timestamp: Date
  readonly receiptType: ReceiptType
  /** It waited on the server while we were away. */
  readonly offline: boolean
}
