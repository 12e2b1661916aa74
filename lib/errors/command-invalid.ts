import { RxwaError } from './rxwa-error.ts'

/** A line typed into the `rxwa` command that it cannot follow. */
export class CommandInvalid extends RxwaError {
  readonly code = 'command_invalid'
  constructor(what: string, options?: { readonly cause?: unknown }) {
    super(what, options)
  }
}
