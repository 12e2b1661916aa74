import { RxwaError } from './rxwa-error.ts'

/** A frame whose body needs more than 24 bits of length; nothing of it was written. */
export class FrameTooLarge extends RxwaError {
  readonly code = 'frame_too_large'
  constructor(readonly sizeBytes: number) {
    super(`a frame of ${sizeBytes} bytes does not fit the 24-bit length`)
  }
}
