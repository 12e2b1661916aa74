import type { Jid } from '../stanza/jid.ts'
import type { MessageSource } from './message-event.ts'

/** Somebody writes or speaks, or stopped. */
export interface ChatPresenceEvent {
  readonly type: 'chat_presence'
  readonly source: MessageSource
  readonly state: 'composing' | 'paused'
  readonly media: 'text' | 'audio'
}

/** Whether somebody is there; told only of those we subscribed to, while we are available ourselves. */
export interface PresenceEvent {
  readonly type: 'presence'
  readonly from: Jid
  readonly unavailable: boolean
  /** Present when `lastSeenKind` is `timestamp`. */
  readonly lastSeen?: Date
  /** Absent when the server says nothing about it. */
  readonly lastSeenKind?: 'timestamp' | 'privacy_denied' | 'never_online' | 'unknown'
  /** Members of a group who are there. */
  readonly groupOnlineCount?: number
}
