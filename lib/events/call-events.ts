import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'

/** A codec a side of a call can use. */
export interface CallAudio {
  readonly enc: string
  /** Samples per second. */
  readonly rate: number
}

/** What happens in a call, by the tag on the wire (protocol document 13, section 12). */
export type CallAction = {
  readonly callId: string
  readonly callCreator: Jid
} & (
  | {
      readonly type: 'offer'
      readonly callerPn?: Jid
      readonly callerCountryCode?: string
      readonly callerUsername?: string
      readonly deviceClass?: string
      readonly joinable: boolean
      readonly isVideo: boolean
      readonly audio: readonly CallAudio[]
      readonly groupJid?: Jid
      /** Show the caller without ringing. */
      readonly silenceReason?: string
    }
  | { readonly type: 'offer_notice'; readonly isVideo: boolean; readonly isGroup: boolean; readonly groupJid?: Jid }
  | { readonly type: 'preaccept' | 'accept'; readonly audio: readonly CallAudio[] }
  | { readonly type: 'reject'; readonly reason?: string }
  /** Durations in the unit of the sender, which no document names. */
  | { readonly type: 'terminate'; readonly reason?: string; readonly duration?: number; readonly audioDuration?: number }
  | { readonly type: 'transport'; readonly p2pCandRound?: string; readonly transportMessageType?: string }
  | { readonly type: 'relaylatency' }
  | { readonly type: 'video'; readonly state: number; readonly orientation?: 0 | 1 | 2 | 3; readonly dec?: string }
  | {
      readonly type: 'group_update' | 'enc_rekey' | 'waiting_room_update' | 'user_action' | 'screen_share'
      readonly raw: Stanza
      /** Of `user_action`: a hand is up, or down again. */
      readonly raised?: boolean
    }
)

/** One member of a group call. */
export interface GroupCallParticipant {
  readonly jid: Jid
  readonly pn?: Jid
  readonly state?: string
  readonly type?: string
  readonly pushName?: string
  readonly username?: string
  readonly accountKind?: string
  readonly guestName?: string
  readonly devices: readonly { readonly jid: Jid; readonly platform?: string; readonly pid?: number; readonly capabilityVersion?: number }[]
}

/** A group call as its server sees it. */
export interface GroupCallUpdate {
  readonly callId: string
  readonly callCreator: Jid
  readonly groupJid?: Jid
  readonly transactionId: number
  readonly media: string
  readonly connectedLimit: number
  readonly joinable: boolean
  readonly avUpgradable: boolean
  readonly rekeyRequested: boolean
  readonly participants: readonly GroupCallParticipant[]
}

/** Somebody calls, or something happens in a call. */
export interface IncomingCallEvent {
  readonly type: 'incoming_call'
  readonly from: Jid
  readonly stanzaId?: string
  /** Push name of the caller. */
  readonly notify?: string
  readonly platform?: string
  readonly version?: string
  readonly participant?: Jid
  readonly recipient?: Jid
  readonly timestamp: Date
  /** It waited on the server while we were away. */
  readonly offline: boolean
  readonly action: CallAction
  readonly group?: GroupCallUpdate
}

/** A call nobody took: `offline` while we were away, `remote` when the caller gave up. */
export interface MissedCallEvent {
  readonly type: 'missed_call'
  readonly from: Jid
  readonly callId: string
  readonly timestamp: Date
  readonly reason: 'offline' | 'remote'
}

/** Another device of ours took a call, or declined it. */
export interface CallEndedElsewhereEvent {
  readonly type: 'call_ended_elsewhere'
  readonly from: Jid
  readonly callId: string
  readonly timestamp: Date
  readonly outcome: 'accepted' | 'rejected'
}

/** Events of calls. A missed or ended call is told before the `terminate` that says so. */
export type CallEvent = IncomingCallEvent | MissedCallEvent | CallEndedElsewhereEvent
