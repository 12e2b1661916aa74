import { RxwaError } from './rxwa-error.ts'

/** Why the version could not be told: the page could not be had, was too large, came too late, or names none. */
export type VersionFault = 'unreachable' | 'too_large' | 'timed_out' | 'not_found'

/** The present version of the web client could not be found out. */
export class VersionUnknown extends RxwaError {
  readonly code = 'version_unknown'
  constructor(
    readonly fault: VersionFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the version of the web client could not be found out: ${fault}`, options)
  }
}
