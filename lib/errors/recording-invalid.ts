import { RxwaError } from './rxwa-error.ts'

/** A recording of stanzas cannot be replayed. */
export class RecordingInvalid extends RxwaError {
  readonly code = 'recording_invalid'
  constructor(
    /** Counted from 1. */
    readonly line: number,
    readonly expected: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`line ${line} of the recording should be ${expected}`, options)
  }
}
