import { RxwaError } from './rxwa-error.ts'

/** Why a piece of history cannot be used. */
export type HistoryFault =
  /** Cut, a wrong checksum, or no zlib stream. */
  | 'zlib'
  /** Inflates beyond what is taken in, or to absurdly many times its size. */
  | 'too_large'
  /** No protobuf of history. */
  | 'malformed'
  /** The notification names neither content nor a file. */
  | 'no_content'

/** A piece of history is damaged. */
export class HistoryRejected extends RxwaError {
  readonly code = 'history_rejected'
  constructor(
    readonly fault: HistoryFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the history was refused: ${fault}`, options)
  }
}

/** Our own phone did not answer in time; it may be off. */
export class PhoneSilent extends RxwaError {
  readonly code = 'phone_silent'
  constructor(
    /** How long we waited. */
    readonly afterMs: number,
  ) {
    super(`the phone did not answer within ${afterMs} ms`)
  }
}
