import type { KeyPair } from '#crypto'
import type { ReceivingChain } from './receiving-chain.ts'
import { limits } from './signal-limits.ts'

/** Our side of every session. */
export interface LocalIdentity {
  readonly identity: KeyPair
  readonly registrationId: number
}

/** One chain of a peer's messages. */
export interface ReceiverChain extends ReceivingChain {
  /** The peer's ratchet key, 32 bytes. */
  readonly ratchetKey: Uint8Array
}

/** What a first message carries until the peer has answered. */
export interface PendingPrekey {
  readonly prekeyId: number | undefined
  readonly signedPrekeyId: number
  /** 32 bytes. */
  readonly baseKey: Uint8Array
}

/** The chain of our own messages. */
export interface SendingChain {
  readonly ratchet: KeyPair
  readonly chainKey: Uint8Array
  readonly index: number
}

/** One double ratchet; immutable, an operation makes the next one (protocol document 04, sections 3 to 5). */
export interface SessionState {
  readonly rootKey: Uint8Array
  /** Absent between the first message on a new chain of the peer and our answer to it, which draws the key. */
  readonly sender: SendingChain | undefined
  /** Newest last. */
  readonly receivers: readonly ReceiverChain[]
  /** Length of the sending chain before this one, minus one. */
  readonly previousCounter: number
  /** The identity the session was made with, 32 bytes; part of every MAC. */
  readonly remoteIdentity: Uint8Array
  readonly remoteRegistrationId: number
  /** Base key of whoever began, 32 bytes; tells sessions apart. */
  readonly aliceBaseKey: Uint8Array
  readonly pending: PendingPrekey | undefined
}

/** All sessions with one device: the one in use and those before it, newest first. */
export interface SessionRecord {
  readonly current: SessionState
  readonly archived: readonly SessionState[]
}

/** Puts a new state in front; the one before joins the archive and no longer sends first messages. */
export const promote = (record: SessionRecord | undefined, state: SessionState): SessionRecord => {
  if (!record) return { current: state, archived: [] }
  const { current, archived } = record
  const rest = archived.filter((other) => other !== state)
  return { current: state, archived: [{ ...current, pending: undefined }, ...rest].slice(0, limits.archivedStates) }
}
