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
  /** The version of a snapshot whose MAC was wrong. */
  readonly snapshotVersion: number | undefined
  constructor(
    readonly collection: string,
    readonly fault: AppStateFault,
    options?: { readonly cause?: unknown; readonly snapshotVersion?: number },
  ) {
    super(`app state ${collection} was refused: ${fault}`, options)
    this.snapshotVersion = options?.snapshotVersion
  }
}

/** Why a change of the app state was not written. */
export type AppStateWriteFault =
  /** No device of ours has sent a key yet. */
  | 'no_key'
  /** The collection could not be read, so nothing can be put on top of it. */
  | 'never_synced'
  /** Other devices were faster, time and again. */
  | 'conflict'
  | 'refused'

/** A change of the app state did not come about. */
export class AppStateNotWritten extends RxwaError {
  readonly code = 'app_state_not_written'
  constructor(
    readonly collection: string,
    readonly fault: AppStateWriteFault,
    readonly status?: number,
  ) {
    super(`app state ${collection} was not changed: ${fault}${status === undefined ? '' : ` (status ${status})`}`)
  }
}
