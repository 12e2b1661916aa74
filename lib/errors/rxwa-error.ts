/** What an error may carry besides its message. */
export interface RxwaErrorOptions {
  /** The failure underneath, passed on unchanged. */
  readonly cause?: unknown
}

/**
 * Base of every error this package throws or emits. Branch on `code` (one literal per class) or on
 * `instanceof`, never on the text of a message. Messages hold no user data, keys or full JIDs.
 */
export abstract class RxwaError extends Error {
  /** Names the kind of failure; snake_case, stable across minor versions. */
  abstract readonly code: string

  constructor(message: string, options?: RxwaErrorOptions) {
    super(message, options)
    this.name = new.target.name
  }
}
