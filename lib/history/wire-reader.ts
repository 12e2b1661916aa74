import { HistoryRejected } from '../errors/history-error.ts'

/** The head of one protobuf field that comes next. */
export interface FieldHead {
  readonly field: number
  readonly wireType: number
  /** Bytes of tag and, where there is one, length. */
  readonly headBytes: number
  /** Bytes that follow the head. */
  readonly bodyBytes: number
}

/** Reads a protobuf message from chunks, holding no more than what was asked for last and one chunk. */
export interface WireReader {
  /** The next field, without taking it; undefined at the end of the chunks. */
  readonly peek: () => FieldHead | undefined
  /** Takes so many bytes; a view that is valid until the next call. */
  readonly take: (length: number) => Uint8Array
  /** Passes over bytes without holding them. */
  readonly skip: (length: number) => void
  /** Bytes taken so far. */
  readonly position: () => number
  /** The largest buffer there was, in bytes. */
  readonly heldBytes: () => number
}

/** Longest tag and length together. */
const HEAD_BYTES = 20

const malformed = (): never => {
  throw new HistoryRejected('malformed')
}

/**
 * A reader over chunks.
 *
 * @param mostBytes the most that may be taken at once
 */
export const createWireReader = (chunks: Iterator<Uint8Array>, mostBytes: number): WireReader => {
  let buffer: Uint8Array = new Uint8Array(64 * 1024)
  let [start, end, taken, held] = [0, 0, 0, buffer.length]
  let isDone = false

  /** Makes so many bytes ready, fewer only at the end. */
  const ensure = (length: number): boolean => {
    if (end - start >= length) return true
    if (length > mostBytes) throw new HistoryRejected('too_large')
    while (end - start < length && !isDone) {
      const { value, done } = chunks.next()
      if (done || !value) {
        isDone = true
        break
      }
      const waiting = end - start
      if (waiting === 0) {
        // Nothing is left over: the chunk itself is the buffer.
        buffer = value
        start = 0
        end = value.length
      } else if (buffer.length - end >= value.length) {
        buffer.set(value, end)
        end += value.length
      } else {
        const needed = waiting + value.length
        const next = new Uint8Array(Math.max(needed, Math.min(length, buffer.length * 2)))
        next.set(buffer.subarray(start, end))
        next.set(value, waiting)
        buffer = next
        start = 0
        end = needed
      }
      held = Math.max(held, buffer.length)
    }
    return end - start >= length
  }

  return {
    peek: () => {
      ensure(HEAD_BYTES)
      if (end === start) return undefined
      let offset = start
      const varint = (): number => {
        let value = 0
        for (let factor = 1, count = 0; count < 10; count += 1, factor *= 128) {
          if (offset >= end) malformed()
          const byte = buffer[offset]!
          offset += 1
          value += (byte & 0x7f) * factor
          if (byte < 0x80) return value
        }
        return malformed()
      }
      const tag = varint()
      const [field, wireType] = [Math.floor(tag / 8), tag % 8]
      if (field === 0 || field > 0x1fffffff) malformed()
      let bodyBytes = 0
      if (wireType === 0) varint()
      else if (wireType === 1) bodyBytes = 8
      else if (wireType === 2) bodyBytes = varint()
      else if (wireType === 5) bodyBytes = 4
      else malformed()
      return { field, wireType, headBytes: offset - start, bodyBytes }
    },
    take: (length) => {
      if (!ensure(length)) malformed()
      const bytes = buffer.subarray(start, start + length)
      start += length
      taken += length
      return bytes
    },
    skip: (length) => {
      let left = length
      while (left > 0) {
        if (end === start && !ensure(1)) malformed()
        const step = Math.min(left, end - start)
        start += step
        left -= step
      }
      taken += length
    },
    position: () => taken,
    heldBytes: () => held,
  }
}
