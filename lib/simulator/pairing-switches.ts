/** What a test can bend about linking a device (protocol document 03, section 7.1, point 7). */
export interface PairingSwitches {
  /** The phone's word comes twice. */
  readonly isTwice?: boolean
  /** The phone proves another secret than the one it was shown. */
  readonly hasBadHmac?: boolean
  /** The account's signature does not hold. */
  readonly hasBadSignature?: boolean
  /** An account whose keys are kept by a business host. */
  readonly isHosted?: boolean
  readonly isWithoutPlatform?: boolean
  /** Name of a business. */
  readonly businessName?: string
  /** Encoded `ClientPairingProps`. */
  readonly clientProps?: Uint8Array
  /** How the connection ends: as it should, without asking for a restart, or asking for it before the device answered. */
  readonly ending?: 'restart' | 'close' | 'restart_before_reply'
}

/** What a test can bend about the phone's half of a pairing code. */
export interface CodeEntrySwitches {
  /** How often the phone's half reaches the device; default 1. */
  readonly hellos?: number
  /** It names an attempt the device never heard of. */
  readonly hasWrongRef?: boolean
  /** The server forgets to call codes back that are too old. */
  readonly isNeverCalledBack?: boolean
}
