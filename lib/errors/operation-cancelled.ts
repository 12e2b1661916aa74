import { RxwaError } from './rxwa-error.ts'

/** An operation was cancelled before it had a result; what had already left cannot be called back. */
export class OperationCancelled extends RxwaError {
  readonly code = 'operation_cancelled'
  constructor(options?: { readonly cause?: unknown }) {
    super('the operation was cancelled', options)
  }
}
