/** Limits of protocol document 04, section 4. */
export const limits = {
  archivedStates: 40,
  receiverChains: 5,
  /** Keys of skipped messages kept per chain, of sender keys as well. */
  skippedKeys: 2_000,
  /** How far a counter may be ahead of its chain. */
  jump: 2_000,
  /** The same for another device of our own account, which may have sent while we were away for long. */
  ownJump: 25_000,
  /** Sender keys of one sender kept per group. */
  senderKeyStates: 5,
  /** How far a message of a group may be ahead. */
  senderKeyJump: 20_000,
} as const
