import { RxwaError } from './rxwa-error.ts'

/** Why a file was refused. */
export type MediaFault =
  /** Shorter than its MAC, or no whole blocks. */
  | 'malformed'
  | 'bad_mac'
  | 'bad_padding'
  /** Not the file its sender named: a hash or the length differs. */
  | 'wrong_file'
  | 'too_large'

/** An encrypted file cannot be used. */
export class MediaRejected extends RxwaError {
  readonly code = 'media_rejected'
  constructor(
    readonly fault: MediaFault,
    options?: { readonly cause?: unknown },
  ) {
    super(`the file was refused: ${fault}`, options)
  }
}
