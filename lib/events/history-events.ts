import type { Observable } from 'rxjs'

import type { Conversation, HistorySync, HistorySyncMsg } from '../proto/types.generated.ts'

/** What {@link LazyHistorySync.stream} gives, in the order of the wire. */
export type HistoryStreamPart =
  | { readonly kind: 'conversation'; readonly conversation: Conversation }
  /** Everything but the conversations; the last one. */
  | { readonly kind: 'remainder'; readonly history: HistorySync; readonly skippedConversations: number }

/** What {@link LazyHistorySync.messages} gives: the messages of a conversation, then the conversation without them. */
export type HistoryMessageStreamPart =
  | { readonly kind: 'message'; readonly entry: HistorySyncMsg }
  | HistoryStreamPart

/**
 * A piece of history, decoded only when somebody asks. Nothing changes it; every reader pays its own inflating.
 * Written as JSON it is its first five fields.
 */
export interface LazyHistorySync {
  /** `Message_HistorySyncType`: 0 first chats, 2 full, 3 recent, 4 names, 5 data, 6 on demand; others may come. */
  readonly syncType: number
  /** From 1 within its kind; pieces may come twice and in any order. */
  readonly chunkOrder?: number
  /** 0 to 100. */
  readonly progress?: number
  /** The request it answers. */
  readonly peerDataRequestSessionId?: string
  readonly oldestMessageTimestamp?: Date
  /** The zlib stream; empty when the phone sent none. */
  readonly compressedBytes: Uint8Array
  readonly decompressedSize: number
  /** Inflates, on every call. Rejects with `HistoryRejected` when that fails. */
  readonly decompress: () => Promise<Uint8Array>
  /** Conversations one by one, then the rest; holds the largest conversation. Cold. Errors with `HistoryRejected`. */
  readonly stream: () => Observable<HistoryStreamPart>
  /** Messages one by one, each conversation after its own; holds the largest message. Cold. Errors with `HistoryRejected`. */
  readonly messages: () => Observable<HistoryMessageStreamPart>
  /** The whole of it, decoded once; undefined when it cannot be. */
  readonly get: () => Promise<HistorySync | undefined>
}

/** Our phone sent a piece of history; what the client needs of it is stored already. */
export interface HistorySyncEvent {
  readonly type: 'history_sync'
  readonly history: LazyHistorySync
}

/** Why a piece of history is missing. */
export type HistoryFailureReason =
  /** The hosts do not have the file any more; the phone was asked to upload it again. */
  | 'reference_rejected'
  | 'not_found'
  /** No host could be reached; it is tried again with the next connection. */
  | 'hosts_unreachable'
  | 'too_large'
  /** Wrong hash, MAC or checksum, cut, or no history; the phone was asked again where that is possible. */
  | 'damaged'
  /** The notification cannot be read. */
  | 'malformed'

/** A piece of history could not be taken in; the phone was not told that it was. */
export interface HistorySyncFailedEvent {
  readonly type: 'history_sync_failed'
  readonly messageId: string
  readonly syncType: number
  readonly chunkOrder?: number
  readonly reason: HistoryFailureReason
  readonly error: Error
}

/** One kind of history is there, or stopped coming. */
export interface HistorySyncStatusEvent {
  readonly type: 'history_sync_status'
  readonly syncType: number
  readonly status: 'complete' | 'paused'
  /** The phone said so; otherwise nothing came for two minutes. */
  readonly explicit: boolean
}

/** Events about the history our phone sends. */
export type HistoryEvent = HistorySyncEvent | HistorySyncFailedEvent | HistorySyncStatusEvent
