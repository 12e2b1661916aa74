import { Observable, type OperatorFunction } from 'rxjs'

import { concat } from '../bytes/bytes.ts'
import { FrameTooLarge } from '../errors/frame-error.ts'

/** Bytes of the length in front of each frame. */
export const FRAME_HEADER = 3

/** Largest body a length of 24 bits can say. */
export const FRAME_LIMIT = 0xffffff

/** `WA`, magic 6, dictionary version 3; also the prologue of the handshake. */
export const WIRE_HEADER = Uint8Array.of(0x57, 0x41, 6, 3)

const ROUTING_HEADER = Uint8Array.of(0x45, 0x44, 0, 1)

/** What precedes the very first frame of a client (protocol document 01, section 1.1). */
export const introBytes = (routingInfo?: Uint8Array): Uint8Array => {
  // Routing information that does not fit is left out: the connection works without it.
  if (!routingInfo || routingInfo.length === 0 || routingInfo.length > FRAME_LIMIT) return WIRE_HEADER
  return concat(ROUTING_HEADER, lengthBytes(routingInfo.length), routingInfo, WIRE_HEADER)
}

const lengthBytes = (length: number): Uint8Array => Uint8Array.of(length >> 16, (length >> 8) & 0xff, length & 0xff)

/**
 * A body with its length in front.
 *
 * @throws FrameTooLarge from 2^24 bytes on
 */
export const encodeFrame = (body: Uint8Array): Uint8Array => {
  if (body.length > FRAME_LIMIT) throw new FrameTooLarge(body.length, FRAME_LIMIT)
  const frame = new Uint8Array(FRAME_HEADER + body.length)
  writeFrameHeader(frame, body.length)
  frame.set(body, FRAME_HEADER)
  return frame
}

/** Writes the length of a body in front of it. */
export const writeFrameHeader = (frame: Uint8Array, length: number): void => {
  frame[0] = length >> 16
  frame[1] = (length >> 8) & 0xff
  frame[2] = length & 0xff
}

/** Takes chunks of any size, gives whole frame bodies. */
export interface FrameDecoder {
  /**
   * The bodies that are complete now; views into the chunk when they lie within one.
   *
   * @throws FrameTooLarge as soon as a longer frame is announced
   */
  readonly push: (chunk: Uint8Array) => readonly Uint8Array[]
}

/** A decoder at the start of a stream. Memory grows with what was received, never with what was announced. */
export const createFrameDecoder = (limitBytes = FRAME_LIMIT): FrameDecoder => {
  let kept: Uint8Array[] = []
  let keptBytes = 0
  /** Bytes that have to be there before anything can be done. */
  let needed = FRAME_HEADER

  const push = (chunk: Uint8Array): readonly Uint8Array[] => {
    if (keptBytes + chunk.length < needed) {
      kept.push(chunk)
      keptBytes += chunk.length
      return NONE
    }
    const bytes = keptBytes === 0 ? chunk : concat(...kept, chunk)
    const frames: Uint8Array[] = []
    let offset = 0
    needed = FRAME_HEADER
    while (bytes.length - offset >= FRAME_HEADER) {
      const length = (bytes[offset]! << 16) | (bytes[offset + 1]! << 8) | bytes[offset + 2]!
      if (length > limitBytes) throw new FrameTooLarge(length, limitBytes)
      const end = offset + FRAME_HEADER + length
      if (end > bytes.length) {
        needed = FRAME_HEADER + length
        break
      }
      frames.push(bytes.subarray(offset + FRAME_HEADER, end))
      offset = end
    }
    kept = offset === bytes.length ? [] : [bytes.subarray(offset)]
    keptBytes = bytes.length - offset
    return frames
  }
  return { push }
}

const NONE: readonly Uint8Array[] = []

/**
 * Cuts a byte stream into frame bodies, in wire order. Half a frame waits for the rest; what is left
 * when the source completes is dropped, because nobody could read it.
 */
export const frame = (limitBytes?: number): OperatorFunction<Uint8Array, Uint8Array> => (bytes$) =>
  new Observable((subscriber) => {
    const { push } = createFrameDecoder(limitBytes)
    return bytes$.subscribe({
      next: (chunk) => {
        try {
          for (const body of push(chunk)) subscriber.next(body)
        } catch (error) {
          subscriber.error(error)
        }
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    })
  })
