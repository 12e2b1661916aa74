import { RxwaError } from './rxwa-error.ts'

/** Why a part of the app state was refused. */
export type AppStateFault =
  /** Keys that no device of ours has sent yet; asked for, and tried again when they come. */
  | 'missing_key'
  | 'version_gap'
  /** A first patch that does not begin at the beginning. */
  | 'unseeded'
  | 'patch_mac'
  | 'snapshot_mac'
  | 'value_mac'
  | 'index_mac'
  | 'decrypt'
  | 'duplicate_index'
  /** The author of the patch gave the collection up. */
  | 'exit_code'
  /** The file with the content is damaged or gone. */
  | 'file'
  | 'malformed'

/** A patch or snapshot was refused; the collection is as before. */
export class AppStateRejected extends RxwaError {
  readonly code = 'app_state_rejected'
  constructor(
    readonly collection: string,
    readonly fault: AppStateFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`app state ${collection} was refused: ${fault}`, options)
  }
}
