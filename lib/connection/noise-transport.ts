import { aeadOf } from '#crypto'
import { FrameTooLarge } from '../errors/frame-error.ts'
import { NoiseFailed } from '../errors/noise-error.ts'
import { FRAME_HEADER, FRAME_LIMIT, writeFrameHeader } from './frame.ts'
import { nonceOf } from './noise-state.ts'

/** Encrypts and decrypts the frames of one connection; the order of calls is the order of the wire. */
export interface NoiseTransport {
  /** A whole frame, length included. @throws FrameTooLarge with the counter unchanged */
  readonly seal: (plaintext: Uint8Array) => Uint8Array
  /** The plaintext of a frame body. @throws NoiseFailed: the connection is over */
  readonly open: (body: Uint8Array) => Uint8Array
}

const TAG_BYTES = 16

/** A transport at counter zero in both directions. */
export const createNoiseTransport = (writeKey: Uint8Array, readKey: Uint8Array): NoiseTransport => {
  const writer = aeadOf(writeKey)
  const reader = aeadOf(readKey)
  let written = 0
  let read = 0
  return {
    seal: (plaintext) => {
      const length = plaintext.length + TAG_BYTES
      if (length > FRAME_LIMIT) throw new FrameTooLarge(length, FRAME_LIMIT)
      const nonce = nonceOf(written)
      written += 1
      const frame = new Uint8Array(FRAME_HEADER + length)
      writeFrameHeader(frame, length)
      frame.set(writer.seal(nonce, undefined, plaintext), FRAME_HEADER)
      return frame
    },
    open: (body) => {
      const nonce = nonceOf(read)
      read += 1
      try {
        return reader.open(nonce, undefined, body)
      } catch (cause) {
        throw new NoiseFailed('authentication_failed', { cause })
      }
    },
  }
}
