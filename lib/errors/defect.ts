import { RxwaError } from './rxwa-error.ts'

/** A bug of this package; never caught on the way. */
export class Defect extends RxwaError {
  readonly code = 'defect'
  constructor(what: string, options?: { readonly cause?: unknown }) {
    super(`this is a bug of rxwa: ${what}`, options)
  }
}
