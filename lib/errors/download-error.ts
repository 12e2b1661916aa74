import { RxwaError } from './rxwa-error.ts'

/** Why a file could not be fetched. */
export type DownloadFault =
  /** The hosts refuse the reference: it is too old, or was never good. */
  | 'reference_rejected'
  | 'not_found'
  | 'hosts_unreachable'
  /** What was fetched is not the file that was named. */
  | 'damaged'
  | 'too_large'

/** A file could not be fetched from any host. */
export class DownloadFailed extends RxwaError {
  readonly code = 'download_failed'
  constructor(
    readonly fault: DownloadFault,
    /** The last status a host answered with, when one did. */
    readonly status: number | undefined,
    options?: { readonly cause?: unknown },
  ) {
    super(`the file could not be fetched: ${fault}${status === undefined ? '' : ` (status ${status})`}`, options)
  }
}
