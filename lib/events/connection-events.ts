import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'

/** What the connection is doing now. */
export type ConnectionState =
  | { readonly kind: 'closed' | 'dialing' | 'pairing' | 'opening' | 'resuming' | 'open' }
  /** Between two attempts; `because` names what ended the last one, `detail` is what the system said of it, in words of its own. */
  | { readonly kind: 'waiting'; readonly retryInMs: number; readonly because: string; readonly detail?: string }
  /** Over for good; `because` is the `code` of the error `connection$` ended with. */
  | { readonly kind: 'ended'; readonly because: string }

/** The connection changed its state. */
export interface ConnectionStateEvent {
  readonly type: 'connection_state'
  readonly state: ConnectionState
}

/** The server took us in and going active was answered, or failed. */
export interface ConnectedEvent {
  readonly type: 'connected'
  /** The server's clock at login. */
  readonly serverTime: Date
  /** Our own address in the hidden-number space. */
  readonly lid?: Jid
  readonly displayName?: string
  readonly accountCreated?: Date
}

/** Why a transport ended. */
export type DisconnectReason =
  | { readonly kind: 'server_close'; readonly code?: number; readonly reason: string }
  | { readonly kind: 'read_error'; readonly message: string }
  | { readonly kind: 'stream_ended' | 'unknown' }

/** The transport ended although nobody here asked for it; the connection comes back on its own. */
export interface DisconnectedEvent {
  readonly type: 'disconnected'
  readonly reason: DisconnectReason
  /** The server ended the stream in an orderly way. */
  readonly isCleanShutdown: boolean
}

/** Another connection logged in with this device; we do not come back on our own. */
export interface StreamReplacedEvent {
  readonly type: 'stream_replaced'
}

/** HTTP-like number of a refused login, see protocol document 02, section 3.2; the list is open. */
export type ConnectFailureReason = number

/** This device is no longer linked; it has to be paired again. */
export interface LoggedOutEvent {
  readonly type: 'logged_out'
  /** True when the login was refused, false when a running connection was ended. */
  readonly onConnect: boolean
  readonly reason: ConnectFailureReason
  /** Text for the user; show it only when `locale` is theirs. */
  readonly logoutMessage?: { readonly header?: string; readonly subtext?: string; readonly locale?: string }
  /** The `failure` or `stream:error`; absent after a logout of our own. */
  readonly raw?: Stanza
}

/** The account is banned for a while. */
export interface TemporaryBanEvent {
  readonly type: 'temporary_ban'
  /** 101 to 104, 106 are known (protocol document 02, section 3.2); others occur. */
  readonly code: number
  /** Length of the ban in seconds, counted from now. */
  readonly expireSeconds: number
  readonly message?: string
  readonly url?: string
  readonly raw: Stanza
}

/** The server refuses this version of the client. */
export interface ClientOutdatedEvent {
  readonly type: 'client_outdated'
  readonly raw?: Stanza
}

/** The login was refused for a reason without an event of its own. */
export interface ConnectFailureEvent {
  readonly type: 'connect_failure'
  /** Absent when the server gave none, or no number. */
  readonly reason?: ConnectFailureReason
  readonly message?: string
  readonly raw?: Stanza
}

/** The server reported an error of the stream that has no event of its own. */
export interface StreamErrorEvent {
  readonly type: 'stream_error'
  readonly code?: string
  /** Tag of the first child, for example `xml-not-well-formed`, `ack`, `ping`. */
  readonly cause?: string
  readonly raw: Stanza
}

/** The server announced, changed or withdrew the end of this client version. */
export interface ClientExpirationChangedEvent {
  readonly type: 'client_expiration_changed'
  /** Absent when withdrawn. */
  readonly expiresAt?: Date
  readonly version: readonly [number, number, number]
  readonly withdrawn: boolean
}

/** What waits for us on the server; `total` counts, the parts need not add up to it. */
export interface OfflineSyncPreviewEvent {
  readonly type: 'offline_sync_preview'
  readonly total: number
  readonly appDataChanges: number
  readonly messages: number
  readonly notifications: number
  readonly receipts: number
  readonly calls: number
  readonly statuses: number
}

/** The backlog is through, or its time is up; exactly once per connection. */
export interface OfflineSyncCompletedEvent {
  readonly type: 'offline_sync_completed'
  /** What the server said it delivered; when the time was up, what was handled by then. */
  readonly count: number
}

/** Data of one kind changed while we were away. */
export interface DirtyStateEvent {
  readonly type: 'dirty_state'
  /** `account_sync`, `groups`, `syncd_app_state`, `newsletter_metadata`, …; the list is open. */
  readonly dirtyType: string
  readonly timestamp?: Date
  /** Tags of the children: devices, picture, privacy, blocklist, notice. */
  readonly protocols: readonly string[]
}

/** The server acknowledged a stanza of ours, or refused it. */
export interface ServerAckEvent {
  readonly type: 'server_ack'
  readonly id: string
  readonly class?: string
  readonly from?: Jid
  readonly timestamp?: Date
  /** Present when the stanza was refused, for example "479". */
  readonly error?: string
}

/** The server did not answer a sign of life; the connection is given up when it stays silent. */
export interface KeepAliveTimeoutEvent {
  readonly type: 'keep_alive_timeout'
  /** How often in a row. */
  readonly errorCount: number
  /** When it last answered one on this connection; absent when it never did. */
  readonly lastSuccess?: Date
}

/** The server answers again. */
export interface KeepAliveRestoredEvent {
  readonly type: 'keep_alive_restored'
}

/** What waits for us on the server, by chat. */
export interface OfflineThreadMetadataEvent {
  readonly type: 'offline_thread_metadata'
  /** At most 50. */
  readonly threads: readonly { readonly jid: Jid; readonly timestamp: Date }[]
  readonly readWatermarks?: readonly { readonly jid: Jid; readonly timestamp: Date }[]
  readonly pendingStatusMessages?: { readonly count: number; readonly jids: readonly Jid[] }
  readonly pendingNotifications?: number
}

/** Events of the connection itself. */
export type ConnectionEvent =
  | ConnectionStateEvent
  | ConnectedEvent
  | DisconnectedEvent
  | StreamReplacedEvent
  | LoggedOutEvent
  | TemporaryBanEvent
  | ClientOutdatedEvent
  | ConnectFailureEvent
  | StreamErrorEvent
  | ClientExpirationChangedEvent
  | OfflineSyncPreviewEvent
  | OfflineSyncCompletedEvent
  | DirtyStateEvent
  | ServerAckEvent
  | KeepAliveTimeoutEvent
  | KeepAliveRestoredEvent
  | OfflineThreadMetadataEvent
