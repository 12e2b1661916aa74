import { RxwaError } from './rxwa-error.ts'

/** The store could not read or write; the connection ended and nothing more was acknowledged. */
export class StoreFailed extends RxwaError {
  readonly code = 'store_failed'
  constructor(
    readonly during: 'open' | 'read' | 'commit' | 'close',
    options?: { readonly cause?: unknown },
  ) {
    super(`the store failed during ${during}`, options)
  }
}

/** The account's data is already open, here or in another process. */
export class StoreInUse extends RxwaError {
  readonly code = 'store_in_use'
  constructor() {
    super('this store is already open; one account can be connected once at a time')
  }
}

/** A chat view was given the store of another account's view; nothing of either was mixed. */
export class ViewOfAnotherAccount extends RxwaError {
  readonly code = 'view_of_another_account'
  constructor() {
    super('this store keeps the chats of another account; give the view of each account a store of its own')
  }
}

/** The stored credentials cannot be read; nothing was written over them. */
export class CredentialsCorrupt extends RxwaError {
  readonly code = 'credentials_corrupt'
  constructor(options?: { readonly cause?: unknown }) {
    super('the stored credentials cannot be read; restore a backup or start with an empty store', options)
  }
}

/** The file is there but is not a store of this package; nothing was written to it. */
export class StoreForeign extends RxwaError {
  readonly code = 'store_foreign'
  constructor(options?: { readonly cause?: unknown }) {
    super('the file is not a store of rxwa, or its beginning is damaged; choose another path or restore a backup', options)
  }
}

/** The store was written by a later version of this package; nothing was written to it. */
export class StoreTooNew extends RxwaError {
  readonly code = 'store_too_new'
  constructor(
    /** Version of the schema in the file. */
    readonly version: number,
    /** The latest version this package knows. */
    readonly supported: number,
  ) {
    super(`the store has schema version ${version}, this package knows up to ${supported}; update the package`)
  }
}

/** The runtime brings no SQLite and none is installed. */
export class StoreDriverMissing extends RxwaError {
  readonly code = 'store_driver_missing'
  constructor(options?: { readonly cause?: unknown }) {
    super(
      'no SQLite was found that works: use Node 22.13 or newer, Bun or Deno, or run "npm install better-sqlite3@12"; ' +
        'if that is installed, npm was not let run its install script: "npm rebuild better-sqlite3" does',
      options,
    )
  }
}

/** The store cannot be opened with this key: it was encrypted with another one, or never. Nothing was written to it. */
export class StoreKeyWrong extends RxwaError {
  readonly code = 'store_key_wrong'
  constructor(
    readonly fault: 'other_key' | 'not_encrypted',
    options?: { readonly cause?: unknown },
  ) {
    super(
      fault === 'other_key'
        ? 'the store was encrypted with another key'
        : 'the store holds rows that were never encrypted; restore a backup of it into an empty encrypted store',
      options,
    )
  }
}

/** A backup can only be restored into an empty store; nothing was written. */
export class StoreNotEmpty extends RxwaError {
  readonly code = 'store_not_empty'
  constructor() {
    super('a backup can only be restored into an empty store')
  }
}

/** What is wrong with a backup. */
export type BackupFault = 'not_a_backup' | 'unknown_version' | 'truncated' | 'corrupt' | 'too_large'

/** The backup cannot be restored; nothing was written. */
export class BackupInvalid extends RxwaError {
  readonly code = 'backup_invalid'
  constructor(
    readonly fault: BackupFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the backup cannot be restored: ${fault.replaceAll('_', ' ')}`, options)
  }
}
