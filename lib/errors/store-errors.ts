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

/** The stored credentials cannot be read; nothing was written over them. */
export class CredentialsCorrupt extends RxwaError {
  readonly code = 'credentials_corrupt'
  constructor(options?: { readonly cause?: unknown }) {
    super('the stored credentials cannot be read; restore a backup or start with an empty store', options)
  }
}
