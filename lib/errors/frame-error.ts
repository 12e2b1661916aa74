import { RxwaError } from './rxwa-error.ts'

/** A frame that is longer than it may be: one of ours that needs more than 24 bits of length, or one announced to us. */
export class FrameTooLarge extends RxwaError {
  readonly code = 'frame_too_large'
  constructor(
    readonly sizeBytes: number,
    readonly limitBytes: number,
  ) {
    super(`a frame of ${sizeBytes} bytes is larger than ${limitBytes}`)
  }
}
