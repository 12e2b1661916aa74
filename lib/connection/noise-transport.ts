import { aeadOf } from '#crypto'
import { allocate } from '../bytes/allocate.ts'
import { FrameTooLarge } from '../errors/frame-error.ts'
import { NoiseFailed } from '../errors/noise-error.ts'
import { FRAME_HEADER, FRAME_LIMIT, writeFrameHeader } from './frame.ts'
import { writeNonce } from './noise-state.ts'

/** Encrypts and decrypts the frames of one connection; the order of calls is the order of the wire. */
export interface NoiseTransport {
  /** A whole frame, length included. @throws FrameTooLarge with the counter unchanged */
  readonly seal: (plaintext: Uint8Array) => Uint8Array
  /** The plaintext of a frame body. @throws NoiseFailed: the connection is over */
  readonly open: (body: Uint8Array) => Uint8Array
}

const TAG_BYTES = 16

/**
 * A transport at counter zero in both directions.
 *
 * @param startCounter where both counters start; other than 0 only in tests of their end
 */
export const createNoiseTransport = (writeKey: Uint8Array, readKey: Uint8Array, startCounter = 0): NoiseTransport => {
  const writer = aeadOf(writeKey)
  const reader = aeadOf(readKey)
  // One nonce per direction, overwritten for every frame: the cipher is done with it when it returns.
  const writeNonceBytes = new Uint8Array(12)
  const readNonceBytes = new Uint8Array(12)
  let written = startCounter
  let read = startCounter

  return {
    seal: (plaintext) => {
      const length = plaintext.length + TAG_BYTES
      if (length > FRAME_LIMIT) throw new FrameTooLarge(length, FRAME_LIMIT)
      writeNonce(writeNonceBytes, written)
      written += 1
      const frame = allocate(FRAME_HEADER + length)
      writeFrameHeader(frame, length)
      frame.set(writer.seal(writeNonceBytes, undefined, plaintext), FRAME_HEADER)
      return frame
    },
    open: (body) => {
      writeNonce(readNonceBytes, read)
      read += 1
      try {
        return reader.open(readNonceBytes, undefined, body)
      } catch (cause) {
        throw new NoiseFailed('authentication_failed', { cause })
      }
    },
  }
}
