import type { KeyPair } from '#crypto'

/** Our side of every session. */
export interface LocalIdentity {
  readonly identity: KeyPair
  readonly registrationId: number
}

/** Key of a message that was skipped, kept until it arrives. */
export interface SkippedKey {
  readonly counter: number
  /** Input of the key derivation, 32 bytes; expanded when used. */
  readonly seed: Uint8Array
}

/** One chain of a peer's messages. */
export interface ReceiverChain {
  /** The peer's ratchet key, 32 bytes. */
  readonly ratchetKey: Uint8Array
  readonly chainKey: Uint8Array
  /** Counter of the next message. */
  readonly index: number
  /** In ascending order of counter. */
  readonly skipped: readonly SkippedKey[]
}

/** What a first message carries until the peer has answered. */
export interface PendingPrekey {
  readonly prekeyId: number | undefined
  readonly signedPrekeyId: number
  /** 32 bytes. */
  readonly baseKey: Uint8Array
}

/** One double ratchet; immutable, an operation makes the next one (protocol document 04, sections 3 to 5). */
export interface SessionState {
  readonly rootKey: Uint8Array
  readonly sender: { readonly ratchet: KeyPair; readonly chainKey: Uint8Array; readonly index: number }
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

/** Limits of protocol document 04, section 4. */
export const limits = {
  archivedStates: 40,
  receiverChains: 5,
  skippedKeys: 2_000,
  /** How far a counter may be ahead of its chain. */
  jump: 2_000,
  /** The same for another device of our own account, which may have sent while we were away for long. */
  ownJump: 25_000,
} as const

/** Puts a new state in front; the one before joins the archive and no longer sends first messages. */
export const promote = (record: SessionRecord | undefined, state: SessionState): SessionRecord => {
  if (!record) return { current: state, archived: [] }
  const { current, archived } = record
  const rest = archived.filter((other) => other !== state)
  return { current: state, archived: [{ ...current, pending: undefined }, ...rest].slice(0, limits.archivedStates) }
}
