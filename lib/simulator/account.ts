import type { Jid } from '../stanza/jid.ts'
import type { Stanza } from '../stanza/stanza.ts'
import type { Answer } from './answer.ts'
import type { DeviceLine } from './device-line.ts'
import type { OfflineQueue } from './offline-queue.ts'
import type { PrekeyPool } from './prekey-pool.ts'

/** Why a device gets a message without its content. */
export type Withheld = 'unknown' | 'view_once' | 'hosted' | 'bot'

/** One device of an account, as the server knows it. */
export interface Device {
  readonly account: Account
  readonly id: number
  /** Static key of its connections; absent for the phone itself. */
  readonly noise?: Uint8Array
  readonly keyIndex: number
  /** Others after a phone was installed anew. */
  keys: PrekeyPool
  /** What its phone signed for it, handed out with its prekeys; absent for the phone. */
  readonly signedIdentity?: Uint8Array | undefined
  readonly queue: OfflineQueue
  /** Nobody is there to read what is sent to it. */
  readonly isSilent?: boolean
  /** Gets no content of messages, and this word why (protocol document 06, section 7). */
  withheld?: Withheld | undefined
  /** Until when it is told at once what becomes of the posts of a channel, in seconds since 1970. */
  readonly liveUpdates: Map<string, number>
  /** Present while connected. */
  line: DeviceLine | undefined
}

/** One account: a person with a phone and linked devices. */
export interface Account {
  readonly phoneNumber: Jid
  readonly lid: Jid
  pushName: string | undefined
  readonly devices: Map<number, Device>
  /** Numbers of devices that are being linked: two can be at a time. */
  readonly promisedIds: Set<number>
  /** Encoded `ADVSignedKeyIndexList`, renewed by the phone. */
  keyIndexList: Uint8Array | undefined
  keyIndexListAtSeconds: number
  readonly createdAtSeconds: number
  /** What its devices share. */
  appState?: { readonly answer: (deviceId: number, iq: Stanza) => Answer }
  /** Told of a linked device that can be written to. */
  deviceReady?: () => void
  /** Told of receipts about history, which nobody but the phone is concerned with. */
  historyReceipt?: (device: Device, receipt: Stanza) => void
}
